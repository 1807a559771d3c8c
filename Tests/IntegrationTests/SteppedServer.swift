import EditModel
import Foundation
import LedgerIdentity
import Testing

/// A `taizhangd` whose wall clock a test moves while it runs: `faketime` gives the program a library that reads what its
/// clock is ahead from a file, again and again. The clocks by which the server's timers run stay as they are.
final class SteppedServer {
  /// Where it listens for TLS.
  private(set) var port = 0
  private let process = Process()
  private let aheadFile: String
  private let pidFile: String

  /// Whether this machine has the program.
  static var isPossible: Bool { faketime != nil }

  private static var faketime: String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
    return path.split(separator: ":").map { "\($0)/faketime" }.first(where: FileManager.default.isExecutableFile)
  }

  /// `program` with `arguments`, as the program to run and its arguments, under a clock that goes as `ahead` says.
  static func words(_ ahead: String, _ program: [String]) throws -> (URL, [String]) {
    // What is started has to find its environment as a new program does: only the wrapper sees to that.
    (URL(filePath: try #require(faketime)), ["-m", "--exclude-monotonic", "-f", ahead] + program)
  }

  /// Starts a server on the town's folder, `days` ahead and on a machine that was switched on anew, at `tlsPort` if one is
  /// given, and waits until it listens.
  init(_ town: ProgramTown, daysAhead days: Int = 0, tlsPort: Int = 0) throws {
    aheadFile = town.home("ahead")
    pidFile = town.home("server.pid")
    let bootFile = town.home("server.boot")
    try "boot-\(days)\n".write(toFile: bootFile, atomically: true, encoding: .utf8)
    try SteppedServer.write(days: days, to: aheadFile)
    // The wrapper does not pass signals on, so the server says who it is.
    let says = #"echo $$ >"$0" && exec "$@""#
    let server = [
      "env", "--unset=FAKETIME", "TAIZHANG_BOOT_ID=\(bootFile)", "FAKETIME_TIMESTAMP_FILE=\(aheadFile)",
      "FAKETIME_CACHE_DURATION=1", "bash", "-c",
      says, pidFile, ProgramTown.program("taizhangd").path, "serve", "--data", town.data, "--listen", "127.0.0.1:0",
      "--listen-tls", "127.0.0.1:\(tlsPort)",
    ]
    (process.executableURL, process.arguments) = try SteppedServer.words("+0", server)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var said = ""
    while !said.contains("\n") {
      let bytes = output.fileHandleForReading.availableData
      try #require(!bytes.isEmpty, "the server ended: \(said)")
      said += String(decoding: bytes, as: UTF8.self)
    }
    port = try #require(said.dropLast().split(separator: ":").last.flatMap { Int($0) }, "\(said)")
  }

  deinit {
    if let text = try? String(contentsOfFile: pidFile, encoding: .utf8),
      let id = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines))
    {
      kill(id, SIGTERM)
    }
    process.waitUntilExit()
  }

  /// Puts the server's wall clock `days` ahead of the machine's; it sees that within a second.
  func step(toDaysAhead days: Int) throws {
    try SteppedServer.write(days: days, to: aheadFile)
  }

  /// An administrator whose clock goes with the server's says that it is right.
  static func acceptClock(_ town: ProgramTown, daysAhead days: Int) throws {
    let program = [ProgramTown.program("taizhangd").path, "clock", "accept", "--data", town.data]
    let (executable, words) = try words("+\(days)d", program)
    let ended = try ProgramTown.run(executable, words)
    #expect(ended.status == 0, "\(ended.text)")
  }

  private static func write(days: Int, to path: String) throws {
    try "+\(days)d\n".write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// The server's time as it greets.
  func time() async throws -> Stamp {
    let peer = try await ServerPeer.connected(to: port, tls: TLSSide())
    let greeting = try #require(try await peer.line())
    await peer.close()
    let word = try #require(greeting.split(separator: " ").first { $0.hasPrefix("now=") })
    return try #require(Stamp(String(word.dropFirst(4))))
  }

  /// The certificate that the server shows now, and its authority's key.
  func shown() async throws -> (PeerCertificate, PublicKey) {
    let side = TLSSide()
    let peer = try await ServerPeer.connected(to: port, tls: side)
    _ = try await peer.line()
    await peer.close()
    let authority = try #require(side.shown.last.flatMap(PublicKey.init(certificate:)))
    let first = try #require(side.shown.first)
    return (try PeerCertificate(der: first, as: .server, signedBy: authority), authority)
  }

  /// The certificate that the server shows once it is another than `former`; waits a minute for it.
  func shown(after former: PeerCertificate) async throws -> (PeerCertificate, PublicKey) {
    let limit = ContinuousClock.now + .seconds(60)
    var found = try await shown()
    while found.0 == former, ContinuousClock.now < limit { found = try await shown() }
    return found
  }

  /// Runs a device's command in English with a clock of its own that is `days` ahead of the machine's.
  static func taizhang(_ home: String, daysAhead days: Int, _ arguments: String...) throws -> ProgramTown.Ended {
    let program = [ProgramTown.program("taizhang").path] + arguments + ["--home", home, "--lang", "en"]
    let (executable, words) = try words("+\(days)d", program)
    return try ProgramTown.run(executable, words)
  }
}
