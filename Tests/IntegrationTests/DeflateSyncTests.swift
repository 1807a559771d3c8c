import EditModel
import LedgerClient
import LedgerRules
import LedgerStore
import LedgerTestKit
import LineProtocol
import NIOCore
import Testing

/// Servers that offer blocks and servers that do not, with the clients that ship.
@Suite struct DeflateSyncTests {
  /// A connection that asked for blocks, over plain TCP.
  @Test func thousandsOfLinesAndWhatFollowsLiveArriveInBlocks() async throws {
    let fixture = try ServerFixture()
    let (author, reader) = (try fixture.device(), try fixture.device())
    try await fixture.serving { port in
      let writer = try await ServerPeer.authenticated(author, to: port)
      let acts = (1...3_000).map { "p\($0) put \(author.replica).\($0)/1 1 01hcd4gam0000 0 - . problem 甲\($0)\n" }
      for start in stride(from: 0, to: acts.count, by: 200) {
        try await writer.send(acts[start..<(start + 200)].joined())
        _ = try await writer.lines(200)
      }
      let follower = try await ServerPeer.deflating(reader, to: port)
      try await follower.send("o open \(ServerFixture.ledger) -\n")
      let lines = try await follower.lines(through: "= 3000 ")
      #expect(Set(lines.compactMap { $0.hasPrefix("+ ") ? $0.split(separator: " ")[1] : nil }).count == 3_000)
      try await writer.send("q put \(author.replica).3001/1 1 01hcd4gam0000 0 - . problem 乙\n")
      let live = try await follower.lines(2)
      #expect(live[0].hasPrefix("+ 3001 ") && live[1].hasPrefix("= 3001 "))
    }
  }

  /// A few hundred bytes that expand to a hundred thousand questions hold up nobody else, and are answered as they are taken.
  @Test func littleThatBecomesMuchHoldsUpNobody() async throws {
    let fixture = try ServerFixture()
    let (one, other) = (try fixture.device(), try fixture.device())
    try await fixture.serving { port in
      let glutton = try await ServerPeer.deflating(one, to: port)
      let ending = try #require(glutton.ending)
      let encoder = BlockEncoder()
      var blocks = ByteBuffer()
      let questions = ByteBuffer(string: String(repeating: "1 ping\n", count: 2_000))
      for _ in 0..<50 { encoder.write(questions, ending: ending, to: &blocks) }
      #expect(blocks.readableBytes < 5_000)
      try await glutton.send(bytes: blocks)
      // All are answered in the end, as they are taken; and the server is there for others meanwhile.
      let peer = try await ServerPeer.authenticated(other, to: port)
      try await peer.send("9 ping\n")
      #expect(try await peer.line()?.hasPrefix("9 ok now=") == true)
      #expect(try await glutton.lines(4_001).allSatisfy { $0.hasPrefix("1 ok now=") })
    }
  }

  @Test func whatIsNoBlockEndsTheConnectionWithItsReason() async throws {
    let fixture = try ServerFixture()
    let device = try fixture.device()
    try await fixture.serving { port in
      for (bytes, what) in [([0] as [UInt8], "length"), ([3, 7, 7, 7], "damaged")] {
        let peer = try await ServerPeer.deflating(device, to: port)
        try await peer.send("1 pi")
        try await peer.send("ng\n")
        #expect(try await peer.line()?.hasPrefix("1 ok now=") == true)
        try await peer.send(bytes: ByteBuffer(bytes: bytes))
        #expect(try await peer.line() == "* stop block \(what)")
        #expect(try await peer.line() == nil)
      }
    }
  }

  @Test func aBlockThatComesByteByByteIsHeardAndOneThatIsCutIsNothing() async throws {
    let fixture = try ServerFixture()
    let device = try fixture.device()
    try await fixture.serving { port in
      let peer = try await ServerPeer.deflating(device, to: port)
      var blocks = ByteBuffer()
      let put = "p put \(device.replica).1/1 1 01hcd4gam0000 0 - . problem 甲\n"
      BlockEncoder().write(ByteBuffer(string: put), ending: try #require(peer.ending), to: &blocks)
      for byte in blocks.readableBytesView { try await peer.send(bytes: ByteBuffer(bytes: [byte])) }
      #expect(try await peer.line() == "p ok 1")
      try await peer.send(bytes: try #require(blocks.getSlice(at: 0, length: blocks.readableBytes / 2)))
      try await peer.sendsNoMore()
      #expect(try await peer.line() == nil)
      let other = try await ServerPeer.authenticated(device, to: port)
      try await other.send("o open \(ServerFixture.ledger) -\n")
      #expect(try await other.lines(through: "= ").contains { $0.hasPrefix("+ 1 ") })
    }
  }

  @Test(arguments: [true, false]) func bothWiresBringTheSame(deflate: Bool) async throws {
    let town = try ClientTown()
    try await town.serving(deflate: deflate) {
      let (office, clerk) = (try town.enrolled("office"), try town.enrolled("clerk"))
      try office.set("problem", "15")
      for number in 1...300 { try office.set("progress", "已与承包户谈妥\(number)") }
      _ = try await office.settle()
      _ = try await clerk.settle()
      try clerk.set("effect", "甲")
      for replica in [clerk, office] { _ = try await replica.settle() }
      #expect(try office.status().stateHash == clerk.status().stateHash)
      #expect(try clerk.status().confirmedLines == 302)
      #expect(try office.shown("effect") == "甲")
    }
    // The same replicas meet the other server.
    try await town.serving(deflate: !deflate) {
      let clerk = try town.enrolled("another")
      _ = try await clerk.settle()
      #expect(try clerk.status().confirmedLines == 302)
    }
  }
}
