import Foundation
import LedgerTestKit

/// A server made ready for one transcript by a program of its own: `protocol/conformance/serve-taizhangd`, or the one
/// that TAIZHANG_CONFORMANCE_SERVE names. The program's side is in `protocol/conformance/README.md`.
final class ServerUnderTest {
  /// What the program told: `server`, `DEVICE.replica`, `DEVICE.secret`.
  let captures: Captures
  /// Where the server listens.
  let address: String
  private let process = Process()
  private let input = Pipe()
  private let folder: URL

  init(setup: [String], name: String) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "taizhang-conformance-\(getpid())-\(name)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let output = Pipe()
    let environment = ProcessInfo.processInfo.environment
    let program =
      environment["TAIZHANG_CONFORMANCE_SERVE"] ?? "\(ProjectFile.root)/protocol/conformance/serve-taizhangd"
    process.executableURL = URL(filePath: program)
    process.arguments = [folder.path]
    process.environment = environment.merging(["TAIZHANGD": ServerUnderTest.builtServer]) { named, _ in named }
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data((setup + ["end", ""]).joined(separator: "\n").utf8))
    let told = try ServerUnderTest.told(output.fileHandleForReading)
    guard let server = told["server"] else { throw TranscriptFailure("the set-up program named no server") }
    self.captures = Captures(told)
    self.address = String(decoding: server, as: UTF8.self)
  }

  /// Ends the server: its program sees that its input is closed.
  func end() throws {
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    try FileManager.default.removeItem(at: folder)
  }

  /// The server that was built beside this test.
  private static var builtServer: String {
    let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return own.deletingLastPathComponent().appending(path: "taizhangd").path
  }

  /// Reads `NAME VALUE` lines up to `ready`.
  private static func told(_ handle: FileHandle) throws -> [String: [UInt8]] {
    var told: [String: [UInt8]] = [:]
    var text = ""
    while true {
      while let end = text.firstIndex(of: "\n") {
        let line = text[..<end]
        text = String(text[text.index(after: end)...])
        if line == "ready" { return told }
        let words = line.split(separator: " ", maxSplits: 1)
        if words.count == 2 { told[String(words[0])] = Array(words[1].utf8) }
      }
      let data = handle.availableData
      guard !data.isEmpty else { throw TranscriptFailure("the set-up program ended before the server was ready") }
      text += String(decoding: data, as: UTF8.self)
    }
  }
}
