import EditModel
import Foundation
import LedgerAdmin
import LedgerIdentity
import LedgerServer
import LedgerStore
import LedgerTestKit
import LineProtocol
import Testing

/// Codes, device secrets, keys and passphrases are in no log, error, argument or environment.
@Suite(.onOwnThreads) struct SecretsTests {
  private let town: ProgramTown
  private let passphrase = "four words of a passphrase"

  init() throws {
    town = try ProgramTown()
  }

  /// What must not be found, by what it is.
  private struct Secrets {
    var words: [(what: String, word: String)] = []

    mutating func add(_ what: String, _ word: String) { words.append((what, word)) }

    /// In every form in which a code is written.
    mutating func add(_ what: String, _ code: EnrolmentCode) throws {
      add(what, code.digits)
      add("\(what), spoken", code.spoken)
      add("\(what), its secret", String(code.digits.dropFirst(4).dropLast()))
      let key = try EnrolmentKey(of: code).bytes
      add("\(what), its key", Base64URL.text(key))
      add("\(what), its key", key.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }

    /// The lines of a private key's file that are the key.
    mutating func add(_ what: String, pem path: String) throws {
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      let key = lines.filter { !$0.hasPrefix("-----") }.map(String.init)
      try #require(!key.isEmpty, "\(path)")
      for line in key { add(what, line) }
    }

    /// Which of them stand in `text`, in either case.
    func found(in text: String) -> [String] {
      let text = text.lowercased()
      return words.filter { text.contains($0.word.lowercased()) }.map(\.what)
    }
  }

  @Test func nothingSaysASecret() async throws {
    var secrets = Secrets()
    secrets.add("the passphrase", passphrase)
    var said: [String: String] = [:]
    try await town.serving("log_level = \"trace\"") { server in
      try enrol(&secrets, &said)
      try await signIn(server, &secrets, &said)
      try exportIdentity(&secrets, &said)
      for command in [["audit"], ["device", "list"], ["identity", "show"], ["status"]] {
        said["taizhangd \(command.joined(separator: " "))"] =
          try ProgramTown.run("taizhangd", command + ["--data", town.data]).text
      }
      said["the server's arguments"] = try process(server.id, "cmdline")
      said["the server's environment"] = try process(server.id, "environ")
      try lookOn(&said)
    }
    said["the server's log"] = try String(contentsOf: town.log, encoding: .utf8)
    // Each place was really looked into, and what stands there would be found.
    #expect(said["the server's log"]?.contains("a device was enrolled") == true)
    #expect(said["the server's log"]?.contains(" debug ") == true, "the log is at its most talkative")
    #expect(said.values.allSatisfy { !$0.isEmpty })
    #expect(secrets.words.count > 20 && secrets.words.allSatisfy { $0.word.count > 11 })
    for (place, text) in said { #expect(secrets.found(in: text) == [], "\(place)") }
    for word in secrets.words { #expect(secrets.found(in: "a\(word.word)b").contains(word.what)) }
  }

  /// Devices that come in by a right code, a wrong one and one that is used.
  private func enrol(_ secrets: inout Secrets, _ said: inout [String: String]) throws {
    let right = try town.line()
    let wrong = try wrongLine(for: town.line())
    try secrets.add("the code", right.code)
    try secrets.add("the wrong code", wrong.code)
    let home = town.home("clerk")
    for (what, line, home) in [
      ("enrol", right, home), ("enrol with a wrong code", wrong, town.home("guesser")),
      ("enrol with a used code", right, town.home("second")),
    ] {
      said[what] = try town.taizhang(home, "enrol", "-", input: line.text + "\n").text
    }
    try secrets.add("the device's key", pem: home + "/device.key")
    let store = try ReplicaStore.open(path: home + "/replica.sqlite")
    secrets.add("the device's secret", try store.header().secret.digits)
    try store.close()
    said["sync"] = try town.taizhang(home, "sync").text
    said["status"] = try town.taizhang(home, "status", "--json").text
    said["server"] = try town.taizhang(home, "server").text
  }

  /// The line with a code that finds the same enrolment and has another secret.
  private func wrongLine(for line: EnrolmentLine) throws -> EnrolmentLine {
    var generator = SplitMix64(seed: 4)
    let digits = line.code.lookup + EnrolmentCode(using: &generator).digits.dropFirst(4).dropLast()
    let code = Crockford.digits.compactMap { check in
      try? EnrolmentCode(digits + String(UnicodeScalar(check)))  // the one check digit that fits
    }.first
    return EnrolmentLine(
      server: line.server, ledger: line.ledger, fingerprint: line.fingerprint, code: try #require(code))
  }

  /// A device with a right secret, a wrong one, and right ones in lines that are wrong in every way.
  private func signIn(
    _ server: ProgramTown.Server, _ secrets: inout Secrets, _ said: inout [String: String]
  ) async throws {
    let file = town.home("office.device")
    said["device add"] = try town.taizhangd(
      "device", "add", "bangongshi", "--out", file, "--server", server.address)
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    let secret = String(try #require(lines.first { $0.hasPrefix("secret ") }).dropFirst(7))
    let replica = String(try #require(lines.first { $0.hasPrefix("replica ") }).dropFirst(8))
    let wrong = "0wr0ng0wr0ng0wr0ng0wr0ng0w"
    secrets.add("the other device's secret", secret)
    secrets.add("a wrong secret", wrong)
    said["init"] = try town.taizhang(town.home("office"), "init", file).text
    said["sync of the other device"] = try town.taizhang(town.home("office"), "sync").text
    let right = "auth \(replica) \(secret)"
    for (number, line) in [
      "a \(right) unsent=0", "a auth \(replica) \(wrong) unsent=0", "a \(right)", "a \(right) unsent=x",
      "a \(right) unsent=0 version=a version=b", "A \(right) unsent=0", "a auth \(secret) \(replica) unsent=0",
      "a enrol \(secret) \(secret) \(secret)", "a open \(secret) -", "a \(secret) x",
      "a \(right) unsent=0 " + String(repeating: "x", count: 70_000),
    ].enumerated() {
      for tls in [nil, TLSSide()] {
        let peer = try await ServerPeer.connected(to: tls == nil ? server.port : server.portTLS, tls: tls)
        // The server may close in the middle of a line that is too long.
        try? await peer.send(line + "\nb ping\nc bye\n")
        said["answer \(number) \(tls == nil ? "plain" : "over TLS")"] = try await peer.lines(10).joined(separator: "\n")
        await peer.close()
      }
    }
  }

  /// The organisation's key is exported, and imported with a wrong passphrase.
  private func exportIdentity(_ secrets: inout Secrets, _ said: inout [String: String]) throws {
    let folder = DataFolder(path: town.data).identity
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".key") {
      try secrets.add("the key in \(name)", pem: "\(folder)/\(name)")
    }
    let (file, wrong) = (town.home("passphrase"), town.home("wrong-passphrase"))
    try PlainFile.write(passphrase + "\n", to: file, mode: 0o600)
    secrets.add("a wrong passphrase", "another that is wrong")
    try PlainFile.write("another that is wrong\n", to: wrong, mode: 0o600)
    let sealed = town.home("identity.sealed")
    said["identity export"] = try town.taizhangd("identity", "export", sealed, "--passphrase-file", file)
    said["identity export again"] = try town.taizhangd(
      "identity", "export", sealed, "--passphrase-file", file, failing: true)
    said["identity import"] =
      try ProgramTown.run(
        "taizhangd", ["identity", "import", sealed, "--passphrase-file", wrong, "--data", town.home("other")]
      ).text
  }

  /// A device that looks on: what other users of its machine can see of it.
  private func lookOn(_ said: inout [String: String]) throws {
    let process = Process()
    process.executableURL = ProgramTown.program("taizhang")
    process.arguments = ["watch", "--home", town.home("clerk"), "--lang", "en"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    said["watch"] = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    said["a client's arguments"] = try self.process(process.processIdentifier, "cmdline")
    said["a client's environment"] = try self.process(process.processIdentifier, "environ")
    process.terminate()
    process.waitUntilExit()
  }

  /// What the system shows of a process.
  private func process(_ id: Int32, _ what: String) throws -> String {
    let file = try FileHandle(forReadingFrom: URL(filePath: "/proc/\(id)/\(what)"))
    return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
  }
}
