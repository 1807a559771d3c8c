import LedgerTestKit
import LineProtocol
import NIOCore
import Testing

@Suite struct LineFramerTests {
  /// Everything that a framer cuts out of `bytes` when they come in pieces of `size`.
  private func lines(_ bytes: [UInt8], piece size: Int, limit: Int = 64) throws -> [[UInt8]] {
    var framer = LineFramer(limitBytes: limit)
    var lines: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      framer.receive(ByteBuffer(bytes: rest.prefix(size)))
      rest = rest.dropFirst(size)
      while let line = try framer.nextLine() { lines.append(Array(line.readableBytesView)) }
    }
    return lines
  }

  @Test func cutsAtLineFeedsAndDropsOneCarriageReturn() throws {
    let lines = try lines(Array("a\nb\r\n\n\r\nc\r\r\nd\re\nrest".utf8), piece: 100)
    #expect(lines.map { String(decoding: $0, as: UTF8.self) } == ["a", "b", "", "", "c\r", "d\re"])
  }

  @Test func byteAtATimeEqualsAllAtOnce() throws {
    var generator = Generator(seed: 20)
    for _ in 0..<30 {
      var bytes: [UInt8] = []
      for _ in 0..<10 {
        bytes += Array(generator.name().utf8).prefix(60)
        bytes += generator.isOnce(in: 3) ? [0x0D, 0x0A] : [0x0A]
      }
      let whole = try lines(bytes, piece: bytes.count)
      #expect(whole.count == 10)
      for size in [1, 2, 3, 7, 50] { #expect(try lines(bytes, piece: size) == whole) }
    }
  }

  @Test(arguments: ["\n", "\r\n"], [1, 5, 1_000])
  func lengthLimitIsInclusive(_ ending: String, _ piece: Int) throws {
    for length in [63, 64] {
      let bytes = Array(repeating: UInt8(ascii: "x"), count: length) + Array(ending.utf8)
      #expect(try lines(bytes, piece: piece).map(\.count) == [length])
    }
    let bytes = Array(repeating: UInt8(ascii: "x"), count: 65) + Array(ending.utf8)
    #expect(throws: WireError(.tooLong)) { try lines(bytes, piece: piece) }
  }

  @Test(arguments: [Limits.lineBytes - 1, Limits.lineBytes, Limits.lineBytes + 1])
  func protocolsOwnLimitIsTheDefault(_ length: Int) throws {
    var framer = LineFramer()
    framer.receive(ByteBuffer(repeating: UInt8(ascii: "x"), count: length))
    framer.receive(ByteBuffer(string: "\n"))
    if length <= Limits.lineBytes {
      #expect(try framer.nextLine()?.readableBytes == length)
    } else {
      #expect(throws: WireError(.tooLong)) { try framer.nextLine() }
    }
  }

  @Test func lineWithoutEndStaysBounded() {
    var framer = LineFramer(limitBytes: 64)
    var received = 0
    #expect(throws: WireError(.tooLong)) {
      while received < 10_000 {
        framer.receive(ByteBuffer(repeating: UInt8(ascii: "x"), count: 1))
        received += 1
        _ = try framer.nextLine()
      }
    }
    #expect(received == 66, "the limit, a carriage return that may be the last, and one more")
    #expect(framer.pendingBytes == received)
  }

  @Test func streamThatNeverEndsOnALineStaysBounded() throws {
    var framer = LineFramer(limitBytes: 64)
    // Reads of 33 bytes over lines of 32: an unfinished line is held after nearly every read.
    let text = Array(repeating: UInt8(ascii: "x"), count: 31) + [0x0A]
    var stream: [UInt8] = []
    var count = 0
    for _ in 0..<20_000 {
      while stream.count < 33 { stream += text }
      framer.receive(ByteBuffer(bytes: stream.prefix(33)))
      stream.removeFirst(33)
      while let line = try framer.nextLine() {
        #expect(line.readableBytes == 31)
        #expect(line.capacity < 1_024)
        count += 1
      }
    }
    #expect(count == 20_000 * 33 / 32)
  }

  @Test func nothingReceivedIsNoLine() throws {
    var framer = LineFramer()
    #expect(try framer.nextLine() == nil)
    framer.receive(ByteBuffer())
    #expect(try framer.nextLine() == nil)
    #expect(framer.pendingBytes == 0)
  }
}
