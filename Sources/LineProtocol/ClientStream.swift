import EditModel
package import NIOCore

/// Both directions of a client's connection: plain lines, and blocks from where the client asks for them. Each direction
/// switches by itself, behind the line `deflate` and behind the `ok` that answers it. Owned by one connection.
package struct ClientStream {
  /// A line that came; without a message when it is none of this version.
  package struct Heard: Sendable {
    /// What it says.
    package let message: ServerMessage?
  }

  /// How blocks are made, once they were asked for.
  private struct Deflation {
    let encoder = BlockEncoder()
    let ending: [UInt8]
    /// How many bytes of lines the next block holds at most. A block that did not come whole is nothing, so the first ones
    /// are small: what a link carries that breaks off soon is of use all the same.
    var blockBytes = ClientStream.firstBlockBytes
  }

  /// How many bytes of lines the first block holds; each that is full is followed by one twice as large.
  private static let firstBlockBytes = 512

  private var source = LineSource()
  private var deflation: Deflation?
  private var greeted: Stamp?
  private var replica: ReplicaID?
  private var asked: Tag?

  /// A connection that was made just now.
  package init() {}

  /// Takes what one read brought.
  package mutating func receive(_ bytes: ByteBuffer) {
    source.receive(bytes)
  }

  /// The next line that has come; throws `too-long` and `block`, after which the connection is of no use.
  package mutating func next() throws(WireError) -> Heard? {
    guard let line = try source.nextOfAll() else { return nil }
    let message = ServerMessage(line)
    switch message {
    case .greeting(let greeting): greeted = greeting.now
    case .ok(let tag, _) where tag == asked:
      asked = nil
      source.expand(with: BlockDecoder())
    default: break
    }
    return Heard(message: message)
  }

  /// What to send for `lines`, in blocks behind a line `deflate`, which comes after the greeting and `auth` only, or behind
  /// `resume`.
  package mutating func bytes(of lines: [ClientLine]) -> ByteBuffer {
    var bytes = ByteBuffer()
    var plain = ByteBuffer()
    for line in lines {
      line.write(to: &plain)
      guard asksForBlocks(line.request), let replica, let greeted else { continue }
      bytes.writeImmutableBuffer(plain)
      plain = ByteBuffer()
      asked = line.tag
      deflation = Deflation(ending: BlockDictionary.ending(of: replica, greeted: greeted))
    }
    if var deflation {
      self.deflation = nil
      while let piece = plain.readSlice(length: min(plain.readableBytes, deflation.blockBytes)), piece.readableBytes > 0
      {
        if piece.readableBytes == deflation.blockBytes {
          deflation.blockBytes = min(2 * deflation.blockBytes, Limits.blockBytes)
        }
        deflation.encoder.write(piece, ending: deflation.ending, to: &bytes)
      }
      self.deflation = deflation
    } else {
      bytes.writeImmutableBuffer(plain)
    }
    return bytes
  }

  /// Whether what comes behind `request` is blocks; notes who says so.
  private mutating func asksForBlocks(_ request: ClientRequest) -> Bool {
    switch request {
    case .auth(let replica, _, _, _):
      self.replica = replica
      return false
    case .resume(let request):
      replica = request.replica
      return true
    case .deflate: return true
    default: return false
    }
  }
}
