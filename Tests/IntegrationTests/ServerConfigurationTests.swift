import Foundation
import LedgerServer
import LedgerTestKit
import Testing

struct ServerConfigurationTests {
  @Test func aFileThatIsNotUTF8IsSaidToBe() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "gbk-\(UUID().uuidString).toml").path
    defer { try? FileManager.default.removeItem(atPath: path) }  // a temporary file
    let bytes = Array("threads = 2\n# ".utf8) + [0xD6, 0xD0, 0xCE, 0xC4, 0x0A]
    try Data(bytes).write(to: URL(filePath: path))
    #expect { _ = try ServerConfiguration(file: path) } throws: { error in
      guard case .configuration(_, 2, let problem)? = error as? ServerError else { return false }
      return problem.contains("UTF-8")
    }
  }

  @Test func theExampleIsTheDefaultsAndNamesEveryKey() throws {
    let text = try ProjectFile.text("deploy/taizhangd.toml.example")
    let example = try ServerConfiguration(toml: text, file: "example")
    let plain = ServerConfiguration()
    #expect(example.listen == plain.listen)
    #expect(example.listenTLS == plain.listenTLS)
    #expect(example.tlsMinimum == plain.tlsMinimum)
    #expect(example.certificate == nil)
    #expect(example.data == plain.data)
    #expect(example.shipTo.isEmpty && plain.shipTo.isEmpty)
    #expect(example.connections == plain.connections)
    #expect(example.waitingConnections == plain.waitingConnections)
    #expect(example.deviceConnections == plain.deviceConnections)
    #expect(example.seatConnections == plain.seatConnections)
    #expect(example.deflate == plain.deflate)
    #expect(example.editBurst == plain.editBurst)
    #expect(example.editsPerSecond == plain.editsPerSecond)
    #expect(example.tailBytes == plain.tailBytes)
    #expect(example.shutdownSeconds == plain.shutdownSeconds)
    #expect(example.logLevel == plain.logLevel)
    #expect(example.limits == plain.limits)
    for key in ConfigurationKey.all {
      #expect(text.contains("\n\(key.name) = ") || text.contains("\n# \(key.name) = "), "\(key.name) is not explained")
    }
  }

  @Test func theBoundsOfAServersOwnAreWhatTheProtocolSays() throws {
    let plain = ServerConfiguration()
    let page = try ProjectFile.text("protocol/08-limits.md").replacing("\n", with: " ")
    for (key, number) in [
      ("device_connections", plain.deviceConnections), ("seat_connections", plain.seatConnections),
      ("edit_burst", plain.editBurst), ("edits_per_second", plain.editsPerSecond),
      ("connections", plain.connections), ("waiting_connections", plain.waitingConnections),
    ] {
      #expect(page.contains("`\(key)`, \(number)"), "\(key)")
    }
  }

  @Test(arguments: [
    ("device_connections", 1, 1_000_000), ("seat_connections", 1, 1_000_000), ("edit_burst", 1_024, 100_000_000),
    ("edits_per_second", 100, 100_000_000), ("waiting_connections", 1, 1_000_000), ("connections", 1, 1_000_000),
  ])
  func aNumberIsTakenAtItsBoundsAndNotBeyond(key: String, least: Int, most: Int) throws {
    for number in [least, most] { _ = try ServerConfiguration(toml: "\(key) = \(number)", file: "f") }
    for number in [least - 1, most + 1] {
      #expect(throws: ServerError.self) { try ServerConfiguration(toml: "\(key) = \(number)", file: "f") }
    }
  }

  @Test(arguments: [
    ("listen = \"127.0.0.1:1\"\nlisten_on = 3\n", 2, "unknown key `listen_on`"),
    ("\n\nconnections = \"many\"\n", 3, "`connections` must be a whole number from 1 to 1000000"),
    ("connections = 0\n", 1, "`connections` must be a whole number from 1 to 1000000"),
    ("deflate = 1\n", 1, "`deflate` must be true or false"),
    ("log_level = \"loud\"\n", 1, "`log_level` must be"),
    ("ship_to = \"/mnt/a\"\n", 1, "`ship_to` must be a list of at most 16 folders"),
    ("ship_to = [\"mnt/a\"]\n", 1, "`ship_to` must be a list of at most 16 folders"),
    ("ship_to = [\"/mnt/a\", 3]\n", 1, "`ship_to` must be a list of at most 16 folders"),
    ("ship_to = [\"/mnt/a\", \"/mnt/a\"]\n", 1, "`ship_to` must be a list of at most 16 folders"),
  ])
  func saysOnWhichLineAMistakeIs(text: String, line: Int, problem: String) {
    do {
      _ = try ServerConfiguration(toml: text, file: "f")
      Issue.record("a mistake was taken")
    } catch ServerError.configuration(_, let found, let said) {
      #expect(found == line)
      #expect(said.hasPrefix(problem))
    } catch {
      Issue.record("another error: \(error)")
    }
  }

  @Test(arguments: [0, 1, 16, 17]) func thereAreSixteenDestinationsAtMost(count: Int) throws {
    let folders = (0..<count).map { "/mnt/\($0)" }
    let text = "ship_to = [\(folders.map { "\"\($0)\"" }.joined(separator: ", "))]"
    guard count <= 16 else {
      #expect(throws: ServerError.self) { try ServerConfiguration(toml: text, file: "f") }
      return
    }
    #expect(try ServerConfiguration(toml: text, file: "f").shipTo == folders)
  }

  @Test func saysThatAPortIsNoPort() {
    let error = #expect(throws: ServerError.self) { try ListenAddress("localhost:99999").check() }
    #expect(error?.description.contains("\"99999\" is no port") == true)
  }

  @Test func saysOnWhichLineTheFileIsNoTOML() {
    do {
      _ = try ServerConfiguration(toml: "listen = \"a:1\"\ndata = \n", file: "f")
      Issue.record("a mistake was taken")
    } catch ServerError.configuration(_, let found, _) {
      #expect(found == 2)
    } catch {
      Issue.record("another error: \(error)")
    }
  }
}
