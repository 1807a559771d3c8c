import EditModel
import LineProtocol
import NIOCore

/// The steps before a measurement: greeting, `auth`, and `open` when the connection is to follow the ledger.
///
/// For Redis there is nothing to do, or a SUBSCRIBE.
struct SignIn {
  enum Purpose: Sendable {
    case put
    case follow(cursor: String?)
  }

  enum Progress {
    case going
    case ready(last: UInt64)
  }

  private let peer: Peer
  private let purpose: Purpose
  private var last: UInt64 = 0
  /// How far the ledger was when it was opened: a stream says `=` on its way there too.
  private(set) var levelSeq: UInt64 = 0

  init(peer: Peer, purpose: Purpose) {
    self.peer = peer
    self.purpose = purpose
  }

  /// What to send when the connection stands; nil when nothing is needed and the connection is ready.
  mutating func begin(_ allocator: ByteBufferAllocator) -> ByteBuffer? {
    switch (peer, purpose) {
    case (.redis, .put): return nil
    case (.redis, .follow):
      return allocator.buffer(string: "*2\r\n$9\r\nSUBSCRIBE\r\n$5\r\nbench\r\n")
    case (.taizhang(let device), _):
      var buffer = allocator.buffer(capacity: 256)
      write(.auth(replica: device.replica, secret: device.secret, unsent: 0), tag: 1, to: &buffer)
      if case .follow(let cursor) = purpose {
        write(
          .open(ledger: device.ledger, cursor: cursor.map { ExactString($0) }), tag: 2, to: &buffer)
      }
      return buffer
    }
  }

  /// Takes a line; says when the connection is ready, throws when it never will be.
  mutating func take(_ line: ByteBuffer) throws(BenchError) -> Progress {
    guard case .taizhang = peer else {
      // SUBSCRIBE is answered by six lines, of which the last is the number of channels.
      return line.firstByte == UInt8(ascii: ":") ? .ready(last: 0) : .going
    }
    guard let message = ServerMessage(line) else {
      throw BenchError("the server sent what is no line")
    }
    switch message {
    case .ok(let tag, let words):
      if tag == Tag(1) { last = words.value(of: "last").flatMap(Decimal.number) ?? 0 }
      if tag == Tag(1), case .put = purpose { return .ready(last: last) }
      if tag == Tag(2) { levelSeq = words.value(of: "last").flatMap(Decimal.number) ?? 0 }
      return .going
    case .reached:
      if case .follow = purpose { return .ready(last: last) }
      return .going
    case .failed(_, let error), .notice(let error):
      throw BenchError("the server refused: \(error.text)")
    case .greeting, .row, .line, .withdrawn, .moved, .passedOver: return .going
    }
  }

  private func write(_ request: ClientRequest, tag: UInt64, to buffer: inout ByteBuffer) {
    ClientLine(tag: Tag(tag), request: request).write(to: &buffer)
  }
}
