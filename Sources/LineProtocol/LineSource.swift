package import NIOCore

/// What one side hears, as lines: of a plain stream first, of blocks once that was asked for.
///
/// Bounded: one unfinished line, one unfinished block, what the last read brought, and one expanded block. Blocks wait as they
/// came until `expandNext`, so that whoever is sent a little that expands to much takes it at its own pace. Owned by one
/// connection.
package struct LineSource {
  /// How blocks are expanded, once they are spoken.
  private struct Expansion {
    let decoder: BlockDecoder
    let ending: [UInt8]
    var waiting = ByteBuffer()
  }

  private var framer: LineFramer
  private var expansion: Expansion?

  /// A plain stream of lines of at most `limitBytes`.
  package init(limitBytes: Int = Limits.lineBytes) {
    framer = LineFramer(limitBytes: limitBytes)
  }

  /// Takes what one read brought.
  package mutating func receive(_ bytes: ByteBuffer) {
    guard expansion != nil else { return framer.receive(bytes) }
    expansion?.waiting.discardReadBytes()
    expansion?.waiting.writeImmutableBuffer(bytes)
  }

  /// What came behind the last line, and all that follows, is blocks over the words and `ending`.
  package mutating func expand(with decoder: BlockDecoder, ending: [UInt8] = []) {
    precondition(expansion == nil, "blocks hold no blocks")
    expansion = Expansion(decoder: decoder, ending: ending)
    if let rest = framer.takeRest() { receive(rest) }
  }

  /// Whether it is blocks that come.
  package var isExpanding: Bool { expansion != nil }

  /// Whether a block waits that has come whole, or something that is none.
  package var holdsBlocks: Bool {
    guard let waiting = expansion?.waiting, waiting.readableBytes > 0 else { return false }
    var rest = waiting
    do throws(WireError) {
      guard let size = try BlockLength.read(&rest) else { return false }
      return rest.readableBytes >= size
    } catch {
      // A length that is none is to be met, and refused, by `expandNext`.
      return true
    }
  }

  /// Expands the next block that has come whole; false when none has. A line may go on from one block to the next.
  package mutating func expandNext() throws(WireError) -> Bool {
    guard var rest = expansion?.waiting, let decoder = expansion?.decoder, let ending = expansion?.ending else {
      return false
    }
    guard let size = try BlockLength.read(&rest), let block = rest.readSlice(length: size) else { return false }
    expansion?.waiting = rest.readableBytes == 0 ? ByteBuffer() : rest
    framer.receive(try decoder.expanded(block, ending: ending))
    return true
  }

  /// The next line of what was expanded, nil when none has come whole; throws `too-long`.
  package mutating func nextLine() throws(WireError) -> ByteBuffer? {
    try framer.nextLine()
  }

  /// The same, of everything that has come.
  package mutating func nextOfAll() throws(WireError) -> ByteBuffer? {
    repeat {
      if let line = try nextLine() { return line }
    } while try expandNext()
    return nil
  }
}
