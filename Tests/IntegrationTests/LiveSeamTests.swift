import LedgerStore
import LineProtocol
import NIOCore
import Testing

/// The seam between catch-up and live push: somebody writes all the time, and a reader that comes and goes has every seq once.
@Suite struct LiveSeamTests {
  /// Whoever reads from a cursor has each line once and in order, whatever is committed while the history is read: over
  /// connections that end anywhere, in the first sync too, plain and in blocks. Each line makes a problem, so that those which a
  /// first sync picks out are all.
  @Test(.timeLimit(.minutes(5)), arguments: [false, true])
  func everySeqComesOnceAndInOrderWhileSomebodyWrites(deflates: Bool) async throws {
    let fixture = try ServerFixture()
    let (author, reader) = (try fixture.device(), try fixture.device())
    try await fixture.serving { port in
      let writer = try await ServerPeer.authenticated(author, to: port)
      try await put(1...2_000, author, writer)
      async let writing: Void = put(2_001...LiveSeamTests.last, author, writer)
      var cursor = "-"
      var seqs: [Int] = []
      var connections = 0
      while seqs.count < LiveSeamTests.last {
        connections += 1
        let peer = try await follower(reader, to: port, deflates)
        try await peer.send("o open \(ServerFixture.ledger) \(cursor)\n")
        // Ever more of it, so that ends lie in the history, at the seam and behind it.
        (seqs, cursor) = try await followed(peer, seqs, cursor, turns: connections)
        await peer.close()
      }
      try await writing
      #expect(seqs == Array(1...LiveSeamTests.last))
      #expect(connections > 3)
      await writer.close()
    }
  }

  private static let last = 12_000

  private func follower(_ device: DeviceGrant, to port: Int, _ deflates: Bool) async throws -> ServerPeer {
    guard deflates else { return try await ServerPeer.authenticated(device, to: port) }
    return try await ServerPeer.deflating(device, to: port)
  }

  /// Writes one act a line, no more unanswered at a time than are allowed.
  private func put(_ numbers: ClosedRange<Int>, _ device: DeviceGrant, _ peer: ServerPeer) async throws {
    for start in stride(from: numbers.lowerBound, through: numbers.upperBound, by: 50) {
      let these = start...min(start + 49, numbers.upperBound)
      let acts = these.map { "p\($0) put \(device.replica).\($0)/1 1 01hcd4gam0000 0 - . problem 甲\($0)\n" }
      try await peer.send(acts.joined())
      #expect(try await peer.lines(these.count).allSatisfy { $0.contains(" ok ") })
    }
  }

  /// Reads up to the `turns`-th `=`; what came behind the last counts for nothing, for it comes again.
  private func followed(
    _ peer: ServerPeer, _ known: [Int], _ cursor: String, turns: Int
  ) async throws -> ([Int], String) {
    var (kept, fresh, cursor) = (known, [Int](), cursor)
    var left = turns
    while left > 0, let line = try await peer.line() {
      let words = line.split(separator: " ", maxSplits: 3).map(String.init)
      if words[0] == "+", let seq = Int(words[1]) {
        fresh.append(seq)
      } else if words[0] == "=" {
        kept += fresh
        fresh = []
        cursor = words[2]
        left -= 1
        if kept.count == LiveSeamTests.last { break }
      }
    }
    return (kept, cursor)
  }
}
