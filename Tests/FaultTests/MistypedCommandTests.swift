import Glibc
import Testing

extension FaultTests {
  /// What an administrator mistypes changes nothing.
  struct MistypedCommandTests {
    @Test(arguments: [
      ["snapshot"], ["snapshots"], ["status"], ["ledger", "list"], ["seat", "list"], ["device", "list"],
      ["device", "add", "bangongshi"],
    ])
    func makesNoDataFolder(command: [String]) throws {
      let folder = try ServerFolder()
      #expect(try run(command, on: folder).hasPrefix("taizhangd: There is no data folder at \(folder.data)."))
      #expect(access(folder.data, F_OK) != 0)
    }

    @Test(arguments: [["status"], ["ledger", "list"], ["seat", "list"], ["device", "list"], ["device", "add", "x"]])
    func leavesAnotherFolderAsItIs(command: [String]) throws {
      let folder = try ServerFolder()
      try #require(mkdir(folder.data, 0o700) == 0)
      #expect(try run(command, on: folder).hasPrefix("taizhangd: \(folder.data) holds no server's data"))
      // A folder that holds nothing can be removed.
      #expect(rmdir(folder.data) == 0)
    }

    /// Administrators of a town read English, or Chinese, or both; also what the command line's parser finds is said.
    @Test(arguments: [
      "seat add a --ledger tucheng --role mayor", "seat add A --ledger tucheng --role round_owner",
      "seat add a --ledger none --role round_owner", "ledger add tucheng", "device add nobody",
      "device add office --again ?", "restore nothing", "restore nothing --ledger A", "snapshot --leave-out none",
      "serve --listen 0.0.0.0:1", "serve --listen here", "serve --config /nowhere", "sweep",
      "device add office --server x", "ship", "ship /nowhere", "ship init /nowhere", "recovery add age1x",
      "recovery remove age1x", "snapshot cat nothing", "restore nothing --key nothing",
    ])
    func everyRefusalIsSaidInBothLanguages(command: String) throws {
      let folder = try ServerFolder()
      _ = try folder.device(seat: "office", role: "round_owner")
      let output = folder.path + "/output"
      let words = command.split(separator: " ").map(String.init) + ["--data", folder.data]
      #expect([1, 64].contains(try ServerFolder.run(ServerFolder.program, words, output: output)))
      let said = try ServerFolder.text(output)
      let isChinese = said.unicodeScalars.map { (0x4E00...0x9FFF).contains($0.value) }
      #expect(isChinese.first == false && isChinese.contains(true), "\(said)")
    }

    @Test func aVillageClerkHasAVillage() throws {
      let folder = try ServerFolder()
      try folder.taizhangd("ledger", "add", "tucheng")
      let said = try run(["seat", "add", "clerk", "--ledger", "tucheng", "--role", "village_clerk"], on: folder)
      #expect(said.contains("needs --place"))
      #expect(try folder.taizhangd("seat", "list").isEmpty)
    }

    @Test func aDeviceWhoseFileCannotBeWrittenIsNotAdded() throws {
      let folder = try ServerFolder()
      _ = try folder.device(seat: "office", role: "round_owner")
      let said = try run(["device", "add", "office", "--out", folder.path + "/nowhere/file"], on: folder)
      #expect(said.contains("No device was added"))
      #expect(try folder.taizhangd("device", "list").split(separator: "\n").count == 1)
    }

    /// A server that was killed leaves its port behind; a device is not sent there.
    @Test func aDeviceIsSentToTheServerThatRuns() throws {
      let folder = try ServerFolder()
      let before = try folder.device(seat: "office", role: "round_owner")
      let server = try ServerProcess(folder)
      let during = folder.path + "/during"
      try folder.taizhangd("device", "add", "office", "--out", during)
      server.kill()
      let after = folder.path + "/after"
      try folder.taizhangd("device", "add", "office", "--out", after)
      #expect(try ServerFolder.word("server", of: during) == "127.0.0.1:\(server.port)")
      #expect(try ServerFolder.word("server", of: after) == ServerFolder.word("server", of: before))
    }

    @Test(arguments: ["server", "server:", "server:0", "server:99999", ":7373", "::1:7373"])
    func aServerIsHostAndPort(server: String) throws {
      let folder = try ServerFolder()
      _ = try folder.device(seat: "office", role: "round_owner")
      let words = ["device", "add", "office", "--out", folder.path + "/second", "--server", server]
      #expect(try run(words, on: folder, status: 64).contains("HOST:PORT"))
      #expect(try folder.taizhangd("device", "list").split(separator: "\n").count == 1)
    }

    /// A full disk behind standard output: what was not printed is not taken for done.
    @Test(arguments: [["--help"], ["status"], ["ledger", "list"]]) func whatCannotBePrintedIsAFailure(
      command: [String]
    ) throws {
      let folder = try ServerFolder()
      try folder.taizhangd("ledger", "add", "tucheng")
      let data = command == ["--help"] ? [] : ["--data", folder.data]
      #expect(try ServerFolder.run(ServerFolder.program, command + data) == 0)
      #expect(try ServerFolder.run(ServerFolder.program, command + data, output: "/dev/full") == 1)
    }

    /// Runs a command that is to be refused; answers what it said.
    private func run(_ command: [String], on folder: ServerFolder, status: Int32 = 1) throws -> String {
      let output = folder.path + "/output"
      #expect(
        try ServerFolder.run(ServerFolder.program, command + ["--data", folder.data], output: output) == status)
      return try ServerFolder.text(output)
    }
  }
}
