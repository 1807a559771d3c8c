import EditModel
import LedgerTestKit
import LineProtocol
import NIOCore
import Testing

@Suite struct BlockTests {
  private static let ending = Array(" put q2w8rt5n.1/1 1 01hcd4g9s0000 0 - p1".utf8)

  /// A source that hears blocks.
  private func source(_ ending: [UInt8] = []) -> LineSource {
    var source = LineSource()
    source.expand(with: BlockDecoder(), ending: ending)
    return source
  }

  /// Everything that `blocks` expand to.
  private func expanded(_ blocks: ByteBuffer, _ ending: [UInt8] = []) throws(WireError) -> [UInt8] {
    var source = source(ending)
    source.receive(blocks)
    var all: [UInt8] = []
    while let line = try source.nextOfAll() { all += Array(line.readableBytesView) + [10] }
    return all
  }

  /// A stored block with its length, as Limits bound it: `size` times LF.
  private func stored(_ size: Int) -> ByteBuffer {
    var blocks = ByteBuffer()
    BlockEncoder().writeStored(ByteBuffer(repeating: 10, count: size), to: &blocks)
    return blocks
  }

  @Test func dictionaryIsTheFile() throws {
    #expect(BlockDictionary.words == Array(try ProjectFile.text("protocol/dictionary.txt").utf8))
    let replica = try #require(ReplicaID("q2w8rt5n"))
    let now = try #require(Stamp("01hcd4g9s0000"))
    #expect(BlockDictionary.ending(of: replica, greeted: now) == BlockTests.ending)
  }

  @Test func vectorsExpandOrAreRefused() throws {
    let table = try VectorTable("blocks", columns: 4)
    #expect(table.rows.count == 20)
    for row in table.rows {
      var source = source(row[2])
      source.receive(ByteBuffer(bytes: row[0]))
      do throws(WireError) {
        while try source.expandNext() {}
        var text: [UInt8] = []
        while let line = try source.nextLine() { text += Array(line.readableBytesView) + [10] }
        // Half a line is held for the next block.
        #expect(row[1].starts(with: text), "line \(row.line)")
        #expect(row[1].last != 10 || row[1] == text, "line \(row.line)")
        #expect(!row.isRefused(1), "line \(row.line)")
      } catch {
        #expect(row.isRefused(1) && error.text == "stop block \(row.text(3))", "line \(row.line): \(error.text)")
      }
    }
  }

  @Test(arguments: [1, 127, 128, 16_383, 65_535, 65_536, 65_537, 200_000]) func whatIsWrittenComesBack(size: Int) throws
  {
    var generator = SplitMix64(seed: UInt64(size))
    var text: [UInt8] = []
    // Lines of letters at random, so that the limits of one block are met; every byte value would be no line.
    while text.count < size - 1 { text.append(text.count % 100 == 99 ? 10 : UInt8(33 + generator.next() % 94)) }
    text.append(10)
    for ending in [[], BlockTests.ending] {
      var blocks = ByteBuffer()
      BlockEncoder().write(ByteBuffer(bytes: text), ending: ending, to: &blocks)
      #expect(try expanded(blocks, ending) == text)
      blocks.clear()
      BlockEncoder().writeStored(ByteBuffer(bytes: text), to: &blocks)
      #expect(try expanded(blocks, ending) == text)
    }
  }

  /// Bytes that do not shrink at all fit a block.
  @Test func whatDoesNotShrinkFits() throws {
    var generator = SplitMix64(seed: 7)
    let noise = (0..<Limits.blockBytes).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    var blocks = ByteBuffer()
    BlockEncoder().write(ByteBuffer(bytes: noise), to: &blocks)
    #expect(blocks.readableBytes <= Limits.deflatedBytes + 3)
    let block = try #require(blocks.getSlice(at: 3, length: blocks.readableBytes - 3))
    #expect(Array(try BlockDecoder().expanded(block).readableBytesView) == noise)
  }

  @Test func nothingIsWrittenForNothing() {
    var blocks = ByteBuffer()
    BlockEncoder().write(ByteBuffer(), to: &blocks)
    BlockEncoder().writeStored(ByteBuffer(), to: &blocks)
    #expect(blocks.readableBytes == 0)
  }

  /// One block of that many line feeds: two stored parts, so that no encoder of ours is needed.
  @Test(arguments: [(65_535, true), (65_536, true), (65_537, false)])
  func expandsUpToTheLimit(size: Int, isTaken: Bool) throws {
    var parts = ByteBuffer()
    for (count, isLast) in [(60_000, false), (size - 60_000, true)] {
      parts.writeInteger(UInt8(isLast ? 1 : 0))
      parts.writeInteger(UInt16(count), endianness: .little)
      parts.writeInteger(~UInt16(count), endianness: .little)
      parts.writeRepeatingByte(10, count: count)
    }
    if isTaken {
      #expect(try BlockDecoder().expanded(parts).readableBytes == size)
    } else {
      #expect(throws: WireError(.block, ["expanded"])) { try BlockDecoder().expanded(parts) }
    }
  }

  /// The length alone decides, before anything of the block has come.
  @Test(arguments: [(65_791, true), (65_792, true), (65_793, false)])
  func takesLengthsUpToTheLimit(size: Int, isTaken: Bool) throws {
    var source = source()
    source.receive(ByteBuffer(bytes: [UInt8(size & 127) | 128, UInt8(size >> 7 & 127) | 128, UInt8(size >> 14)]))
    if isTaken {
      #expect(try !source.expandNext())
      #expect(!source.holdsBlocks)
    } else {
      #expect(source.holdsBlocks)
      #expect(throws: WireError(.block, ["length"])) { try source.expandNext() }
    }
  }

  @Test func comesByteByByteAndHoldsHalfALine() throws {
    let encoder = BlockEncoder()
    var blocks = ByteBuffer()
    for piece in ["1 pi", "ng\n2 st", "at\n", "3 bye\n"] { encoder.write(ByteBuffer(string: piece), to: &blocks) }
    var source = source()
    var lines: [String] = []
    for byte in blocks.readableBytesView {
      source.receive(ByteBuffer(bytes: [byte]))
      while let line = try source.nextOfAll() { lines.append(String(buffer: line)) }
    }
    #expect(lines == ["1 ping", "2 stat", "3 bye"])
  }

  @Test func plainLinesGoOnAsBlocksInTheSameRead() throws {
    var bytes = ByteBuffer(string: "1 auth\n2 deflate\n")
    BlockEncoder().write(ByteBuffer(string: "3 ping\n"), to: &bytes)
    var source = LineSource()
    source.receive(bytes)
    #expect(try source.nextLine().map { String(buffer: $0) } == "1 auth")
    #expect(try source.nextLine().map { String(buffer: $0) } == "2 deflate")
    source.expand(with: BlockDecoder())
    #expect(source.holdsBlocks)
    #expect(try source.nextOfAll().map { String(buffer: $0) } == "3 ping")
    #expect(try source.nextOfAll() == nil)
  }

  /// Whatever comes, it is lines within their limit or a fault, and a block never is more than its limit.
  @Test func noiseNeverExpandsBeyondTheLimit() throws {
    var generator = SplitMix64(seed: 2_026)
    let decoder = BlockDecoder()
    var good = ByteBuffer()
    BlockEncoder().write(ByteBuffer(repeating: 97, count: Limits.blockBytes), to: &good)
    let template = Array(good.readableBytesView.dropFirst(1))
    var outcomes: Set<String> = []
    for round in 0..<20_000 {
      var bytes = template
      if round % 2 == 0 {
        bytes = (0..<(1 + generator.next() % 200)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      } else {
        for _ in 0...(generator.next() % 4) {
          bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
        }
      }
      do throws(WireError) {
        let text = try decoder.expanded(ByteBuffer(bytes: bytes))
        #expect((1...Limits.blockBytes).contains(text.readableBytes))
        outcomes.insert("text")
      } catch {
        outcomes.insert(error.text)
      }
    }
    #expect(outcomes == ["text", "stop block damaged", "stop block expanded"])
    // What came before is forgotten: the decoder is as good as new.
    let ping = ByteBuffer(bytes: try VectorTable("blocks", columns: 4).rows[4][0].dropFirst())
    #expect(String(buffer: try decoder.expanded(ping, ending: BlockTests.ending)) == "9 ping\n")
  }

  /// A client's two directions switch each at its own place.
  @Test func aClientSwitchesBehindItsLineAndBehindTheAnswer() throws {
    let replica = try #require(ReplicaID("q2w8rt5n"))
    let secret = try #require(Secret("5m8tq0w3c7k2x9e4h6j1n8v0ra"))
    var stream = ClientStream()
    stream.receive(ByteBuffer(string: "* taizhang 1 s/1 now=01hcd4g9s0000 line=65536 cap=deflate\n"))
    _ = try stream.next()
    let sent = stream.bytes(of: [
      ClientLine(tag: Tag(1), request: .auth(replica: replica, secret: secret, unsent: 0)),
      ClientLine(tag: Tag(2), request: .deflate), ClientLine(tag: Tag(3), request: .stat),
    ])
    var server = LineSource()
    server.receive(sent)
    #expect(try server.nextLine().map { String(buffer: $0) } == "1 auth q2w8rt5n 5m8tq0w3c7k2x9e4h6j1n8v0ra unsent=0")
    #expect(try server.nextLine().map { String(buffer: $0) } == "2 deflate")
    server.expand(with: BlockDecoder(), ending: BlockTests.ending)
    #expect(try server.nextOfAll().map { String(buffer: $0) } == "3 stat")
    server.receive(stream.bytes(of: [ClientLine(tag: Tag(4), request: .ping(unsent: nil))]))
    #expect(try server.nextOfAll().map { String(buffer: $0) } == "4 ping")

    var answer = ByteBuffer(string: "1 ok\n2 ok\n")
    BlockEncoder().write(ByteBuffer(string: "= 1 g1.e5f2a90c41d7b366.1\n"), to: &answer)
    stream.receive(answer)
    for _ in 0..<2 { #expect(try stream.next() != nil) }
    guard case .reached(1, _) = try stream.next()?.message else {
      Issue.record("the block did not expand to its line")
      return
    }
  }
}
