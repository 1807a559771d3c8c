import Foundation
import LedgerTestKit

/// A server made ready for one transcript by a program of its own: `protocol/conformance/serve-taizhangd`, or the one
/// that TAIZHANG_CONFORMANCE_SERVE names. The program's side is in `protocol/conformance/README.md`.
final class ServerUnderTest {
  /// What the program told at first: `server`, `DEVICE.replica`, `DEVICE.secret`.
  private(set) var captures: Captures
  /// Where the server listens now.
  private(set) var address: String
  /// Where it listens for TLS now, nil when it does not.
  private(set) var tlsAddress: String?
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  /// What the program printed and was not read yet.
  private var unread = ""
  private let folder: URL

  init(setup: [String], name: String) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "taizhang-conformance-\(getpid())-\(name)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    self.captures = Captures([:])
    self.address = ""
    let environment = ProcessInfo.processInfo.environment
    let program =
      environment["TAIZHANG_CONFORMANCE_SERVE"] ?? "\(ProjectFile.root)/protocol/conformance/serve-taizhangd"
    process.executableURL = URL(filePath: program)
    process.arguments = [folder.path]
    process.environment = environment.merging(["TAIZHANGD": ServerUnderTest.builtServer]) { named, _ in named }
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let told = try ask(setup + ["end"])
    guard told["server"] != nil else { throw TranscriptFailure("the set-up program named no server") }
    self.captures = Captures(told)
  }

  /// Has the program do something with the server, which may be at another address then; answers what it told.
  func operate(_ what: String) throws -> [String: [UInt8]] {
    try ask([what])
  }

  /// Gives the program `lines` and waits until it says that it is ready; answers what it told.
  private func ask(_ lines: [String]) throws -> [String: [UInt8]] {
    try input.fileHandleForWriting.write(contentsOf: Data((lines + [""]).joined(separator: "\n").utf8))
    let told = try told()
    if let server = told["server"] { address = String(decoding: server, as: UTF8.self) }
    if let tls = told["tls"] { tlsAddress = String(decoding: tls, as: UTF8.self) }
    return told
  }

  /// Ends the server: its program sees that its input is closed, ends it and closes its output.
  func end() throws {
    try input.fileHandleForWriting.close()
    while try !heard().isEmpty {}
    process.waitUntilExit()
    try FileManager.default.removeItem(at: folder)
  }

  /// What the program says next; empty once it has closed its output. Throws when it says nothing for minutes, and ends it:
  /// what it started may be left then, and is of another program.
  private func heard() throws -> Data {
    let reading = output.fileHandleForReading
    var waiting = pollfd(fd: reading.fileDescriptor, events: Int16(POLLIN), revents: 0)
    var ready: Int32 = -1
    repeat { ready = poll(&waiting, 1, ServerUnderTest.boundSeconds * 1_000) } while ready < 0 && errno == EINTR
    guard ready == 1 else {
      kill(process.processIdentifier, SIGKILL)
      throw TranscriptFailure("the set-up program said nothing for \(ServerUnderTest.boundSeconds) seconds")
    }
    return reading.availableData
  }

  /// Longer than all that the program itself waits for.
  private static let boundSeconds: Int32 = 180

  /// The server that was built beside this test.
  private static var builtServer: String {
    let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return own.deletingLastPathComponent().appending(path: "taizhangd").path
  }

  /// Reads `NAME VALUE` lines up to `ready`.
  private func told() throws -> [String: [UInt8]] {
    var told: [String: [UInt8]] = [:]
    while true {
      while let end = unread.firstIndex(of: "\n") {
        let line = unread[..<end]
        unread = String(unread[unread.index(after: end)...])
        if line == "ready" { return told }
        let words = line.split(separator: " ", maxSplits: 1)
        if line.hasPrefix("cannot ") { throw KeeperInability(description: "the keeper \(line)") }
        if words.count == 2 { told[String(words[0])] = Array(words[1].utf8) }
      }
      let data = try heard()
      guard !data.isEmpty else { throw TranscriptFailure("the set-up program ended before the server was ready") }
      unread += String(decoding: data, as: UTF8.self)
    }
  }
}

/// Why the set-up program cannot do on this machine what a transcript asks for.
struct KeeperInability: Error, CustomStringConvertible {
  let description: String
}
