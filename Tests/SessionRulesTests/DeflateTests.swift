import EditModel
import LineProtocol
import NIOCore
import Testing

@testable import SessionRules

/// A connection whose peer speaks in blocks.
@Suite struct DeflateTests {
  private static let ending = Array(" put q2w8rt5n.1/1 1 01hcd4g9s0000 0 - p1".utf8)

  private func blocks(_ pieces: String...) -> ByteBuffer {
    let encoder = BlockEncoder()
    var blocks = ByteBuffer()
    for piece in pieces { encoder.write(ByteBuffer(string: piece), ending: DeflateTests.ending, to: &blocks) }
    return blocks
  }

  /// A machine that was asked for blocks, with `rest` behind the line in the same read.
  private func deflated(_ rest: ByteBuffer = ByteBuffer()) throws -> ConnectionMachine {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    var read = ByteBuffer(string: "2 deflate\n")
    read.writeImmutableBuffer(rest)
    machine.receive(read, nowSeconds: 0)
    #expect(machine.actions() == ["deflate 2"])
    let holdsEarly = machine.holdsBlocks
    #expect(!holdsEarly, "nothing is expanded while the answer is awaited")
    machine.deflated(Tag(2), with: BlockDecoder(), ending: DeflateTests.ending)
    return machine
  }

  @Test func hearsBlocksBehindTheLineOneAtATime() throws {
    var machine = try deflated(blocks("3 ping\n4 ping\n", "5 ping\n"))
    #expect(machine.actions().isEmpty)
    #expect(machine.expand().brief == "rest")
    #expect(machine.actions() == ["time 3 -", "time 4 -"])
    let holdsSecond = machine.holdsBlocks
    #expect(holdsSecond, "the second waits until the driver can take what it brings")
    _ = machine.expand()
    #expect(machine.actions() == ["time 5 -"])
    let holdsThird = machine.holdsBlocks
    #expect(!holdsThird)
  }

  @Test func hearsLinesOverBlocksThatComeByteByByte() throws {
    var machine = try deflated()
    let bytes = blocks("3 pi", "ng\n", Samples.putLines(try Samples.act(1), tag: "a"))
    var heard: [String] = []
    for byte in bytes.readableBytesView {
      machine.receive(ByteBuffer(bytes: [byte]), nowSeconds: 0)
      heard += machine.actions()
      while machine.holdsBlocks {
        _ = machine.expand()
        heard += machine.actions()
      }
    }
    #expect(heard == ["time 3 -", "submit a 1 k=1"])
  }

  /// What came before the end is heard; a block that has not come whole is nothing.
  @Test func aPeerThatSendsNoMoreIsHeardToItsLastWholeBlock() throws {
    var read = blocks("3 ping\n")
    read.writeImmutableBuffer(try #require(blocks("4 ping\n").getSlice(at: 0, length: 4)))
    var machine = try deflated(read)
    machine.inputEnded()
    #expect(machine.actions().isEmpty)
    _ = machine.expand()
    #expect(machine.actions() == ["time 3 -", "close when sent"])
  }

  @Test func endsWithTheReasonWhenNoBlockComes() throws {
    for (bytes, what) in [([0] as [UInt8], "length"), ([2, 7, 7], "damaged"), ([0xFF, 0xFF, 0xFF], "length")] {
      var machine = try deflated(ByteBuffer(bytes: bytes))
      let holds = machine.holdsBlocks
      #expect(holds)
      #expect(machine.expand().brief == "close: * stop block \(what)")
      #expect(machine.actions().isEmpty)
    }
  }

  /// Blocks may follow already, which would be taken for lines.
  @Test func anErrorThatAnswersDeflateCloses() throws {
    var greeted = ConnectionMachine(nowSeconds: 0)
    #expect(greeted.hears("1 deflate\n") == ["close: 1 stop unauthenticated"])
    var wordy = ConnectionMachine.authenticated(try Samples.device())
    #expect(wordy.hears("2 deflate now\n") == ["close: 2 stop arity deflate"])
    var twice = try deflated(blocks("3 deflate\n"))
    #expect(twice.expand().brief == "rest")
    #expect(twice.actions() == ["close: 3 stop malformed"])
  }

  @Test func aHeldDeviceMaySpeakInBlocksToo() throws {
    var machine = ConnectionMachine(nowSeconds: 0)
    let replica = try #require(ReplicaID(Samples.replica))
    _ = machine.hears("1 auth \(replica) 00000000000000000000000000 unsent=0\n")
    machine.held(Tag(1), replica)
    #expect(machine.hears("2 deflate\n") == ["deflate 2"])
  }
}
