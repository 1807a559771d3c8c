import EditModel
import Foundation
import LedgerAdmin
import LedgerClient
import LedgerIdentity
import LedgerServer
import LedgerStore
import ReplicaKeeping
import Testing

/// A town whose server and devices are the programs themselves, as people run them.
final class ProgramTown: Sendable {
  static let ledger = "tucheng-2023"
  let folder: URL
  var data: String { folder.appending(path: "data").path }

  /// What a program printed, on both its streams, and how it ended.
  struct Ended {
    let text: String
    let status: Int32
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "programs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try taizhangd("ledger", "add", ProgramTown.ledger)
    try taizhangd("seat", "add", "bangongshi", "--ledger", ProgramTown.ledger, "--role", "round_owner")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A device's folder that is not there yet.
  func home(_ name: String) -> String { folder.appending(path: name).path }

  @discardableResult
  func taizhangd(_ arguments: String..., failing: Bool = false) throws -> String {
    let ended = try ProgramTown.run("taizhangd", arguments + ["--data", data])
    #expect((ended.status != 0) == failing, "\(arguments): \(ended.text)")
    return ended.text
  }

  /// Runs a device's command in English; `input` is what is typed.
  func taizhang(_ home: String, _ arguments: String..., input: String = "") throws -> Ended {
    try ProgramTown.run("taizhang", arguments + ["--home", home, "--lang", "en"], input: input)
  }

  /// A new enrolment line for the seat; the server must be running. `again` lets that replica in again.
  func line(again: ReplicaID? = nil, minutes: UInt64 = 60) throws -> EnrolmentLine {
    let folder = DataFolder(path: data)
    let tls = try #require(PlainFile.text(of: folder.port)).split(separator: "\n").last
    let address = try #require(tls?.split(separator: " ").last.flatMap { HostPort(String($0)) })
    var generator = SystemRandomNumberGenerator()
    let code = EnrolmentCode(using: &generator)
    let now = Device.system.now
    let facts = EnrolmentFacts(
      lookup: code.lookup, seat: try #require(SeatID("bangongshi")), ledger: ExactString(ProgramTown.ledger),
      key: try EnrolmentKey(of: code).bytes, expires: Stamp(milliseconds: now.milliseconds + minutes * 60_000),
      again: again)
    let seats = try SeatStore(path: folder.seats)
    try seats.addEnrolment(facts, at: now)
    try seats.close()
    let fingerprint = try IdentityFolder(folder).load().fingerprint
    return EnrolmentLine(
      server: address, ledger: ExactString(ProgramTown.ledger), fingerprint: fingerprint, code: code)
  }

  /// Runs `body` beside a server; it is given the address for TLS.
  func serving(tlsPort: Int = 0, _ body: (_ address: String) throws -> Void) throws {
    let server = try Server(self, tlsPort: tlsPort)
    defer { server.stop() }
    try body(server.addressTLS)
  }

  /// Runs `body` beside a server whose configuration has `keys`.
  func serving(_ keys: String, _ body: (Server) async throws -> Void) async throws {
    let server = try Server(self, keys: keys)
    defer { server.stop() }
    try await body(server)
  }

  /// Where a server of the town logs.
  var log: URL { folder.appending(path: "taizhangd.log") }

  /// The running `taizhangd serve`.
  struct Server {
    private let process: Process
    /// `host:port` for plain connections and for TLS.
    let address: String
    let addressTLS: String
    var portTLS: Int { addressTLS.split(separator: ":").last.flatMap { Int($0) } ?? 0 }
    var port: Int { address.split(separator: ":").last.flatMap { Int($0) } ?? 0 }
    var id: Int32 { process.processIdentifier }

    fileprivate init(_ town: ProgramTown, keys: String = "", tlsPort: Int = 0) throws {
      process = Process()
      process.executableURL = ProgramTown.program("taizhangd")
      let configuration = town.folder.appending(path: "taizhangd.toml")
      try keys.write(to: configuration, atomically: true, encoding: .utf8)
      process.arguments = [
        "serve", "--config", configuration.path, "--data", town.data, "--listen", "127.0.0.1:0", "--listen-tls",
        "127.0.0.1:\(tlsPort)",
      ]
      let output = Pipe()
      try Data().write(to: town.log)
      process.standardOutput = output
      process.standardError = try FileHandle(forWritingTo: town.log)
      try process.run()
      // The line "listening on …, TLS on …" is the event that it serves.
      var said = ""
      while !said.contains("\n") {
        let bytes = output.fileHandleForReading.availableData
        try #require(!bytes.isEmpty, "the server ended: \(said)")
        said += String(decoding: bytes, as: UTF8.self)
      }
      let words = said.split(separator: "\n")[0].split { $0 == " " || $0 == "," }.map(String.init)
      try #require(words.count == 6, "\(said)")
      (address, addressTLS) = (words[2], words[5])
    }

    fileprivate func stop() {
      process.terminate()
      process.waitUntilExit()
    }
  }

  static func run(_ name: String, _ arguments: [String], input: String = "") throws -> Ended {
    try run(program(name), arguments, input: input)
  }

  /// Runs a program to its end; `input` is what is typed.
  static func run(_ program: URL, _ arguments: [String], input: String = "") throws -> Ended {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    let (output, typed) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = output
    process.standardInput = typed
    try process.run()
    try typed.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try typed.fileHandleForWriting.close()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return Ended(text: text, status: process.terminationStatus)
  }

  /// The program that was built beside this test.
  static func program(_ name: String) -> URL {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: name)
  }
}
