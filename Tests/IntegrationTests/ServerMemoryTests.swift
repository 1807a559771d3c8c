import Foundation
import LedgerStore
import LedgerTestKit
import LineProtocol
import Testing

/// What a server holds in memory for those who take slowly what waits for them.
@Suite(.onOwnThreads, .timeLimit(.minutes(5))) struct ServerMemoryTests {
  /// Lines of the history and how long the value of each is; together 32 MB.
  private static let (lines, valueBytes) = (2_000, 16_384)
  private static let readers = 8

  /// Eight who ask for everything and take nothing for a while would be 256 MB, were it read for them at once. Each has
  /// all of it in the end, one after the other.
  @Test func aCatchUpIsReadAsItIsTaken() async throws {
    let town = try ProgramTown()
    let file = town.folder.appending(path: "owner.device")
    try town.taizhangd("device", "add", "bangongshi", "--ledger", ProgramTown.ledger, "--out", file.path)
    let device = try DeviceFile(text: String(contentsOf: file, encoding: .utf8))
    let hello = "a auth \(device.replica) \(device.secret.digits) unsent=0\n"
    try await town.serving("stall_seconds = 300\nedit_burst = 100000\n") { server in
      try fill(try BlockingPeer(to: server.port, sending: hello), device)
      let before = try ServerMemoryTests.greatestMegabytes(server.id)
      let open = hello + "o open \(ProgramTown.ledger) -\n"
      let readers = try (0..<ServerMemoryTests.readers).map { _ in try BlockingPeer(to: server.port, sending: open) }
      for reader in readers {
        #expect(received(reader) == Set(1...ServerMemoryTests.lines))
      }
      let after = try ServerMemoryTests.greatestMegabytes(server.id)
      #expect(after - before < 128, "\(before) MB before, \(after) MB at the most")
    }
  }

  /// Makes a problem of each line, one after the other.
  private func fill(_ peer: BlockingPeer, _ device: DeviceFile) throws {
    let value = String(repeating: "x", count: ServerMemoryTests.valueBytes)
    for n in 1...ServerMemoryTests.lines {
      try peer.send("p\(n) put \(device.replica).\(n)/1 1 01hcd4gam0000 0 - . problem \(value)\n")
      while let answer = peer.line(), !answer.hasPrefix("p\(n) ") {}
    }
  }

  /// The seqs that came, up to the end of the history.
  private func received(_ peer: BlockingPeer) -> Set<Int> {
    var seqs: Set<Int> = []
    while let line = peer.line() {
      let words = line.prefix(40).split(separator: " ")
      guard words.count > 1, let seq = Int(words[1]) else { continue }
      if words[0] == "+" { seqs.insert(seq) }
      if words[0] == "=", seq == ServerMemoryTests.lines { break }
    }
    return seqs
  }

  /// The most that the process ever had in memory.
  private static func greatestMegabytes(_ process: Int32) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }) / 1_024
  }
}
