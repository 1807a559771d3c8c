import LineProtocol
import NIOCore

/// Blocks, as the connections of one event loop make them with what they share.
extension SimServer {
  /// `lines` in blocks.
  func deflated(_ lines: ByteBuffer) -> ByteBuffer {
    var blocks = ByteBuffer()
    encoder.write(lines, to: &blocks)
    return blocks
  }

  /// `lines` in blocks whose length says nothing of what they hold.
  func stored(_ lines: ByteBuffer) -> ByteBuffer {
    var blocks = ByteBuffer()
    encoder.writeStored(lines, to: &blocks)
    return blocks
  }
}
