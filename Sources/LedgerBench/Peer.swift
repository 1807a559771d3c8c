import EditModel
import LineProtocol
import NIOCore

/// Whom the driver speaks to. Both answer every request with exactly one line, so one loop serves both.
enum Peer: Sendable {
  /// `taizhangd`, as the device.
  case taizhang(DeviceFile)
  /// `redis-server`.
  case redis(host: String, port: Int)

  var host: String {
    switch self {
    case .taizhang(let device): device.host
    case .redis(let host, _): host
    }
  }

  var port: Int {
    switch self {
    case .taizhang(let device): device.port
    case .redis(_, let port): port
    }
  }
}

/// Spells requests: the same entity, field and value for both peers.
struct RequestWriter {
  private let peer: Peer
  private var clock = HybridClock()
  private var n: UInt64
  private var tag: UInt64 = 100

  /// A writer whose next act is `n` of the device's replica.
  init(peer: Peer, n: UInt64) {
    self.peer = peer
    self.n = n
  }

  /// Writes one durable write: `progress` of problem `problem` becomes `value`.
  mutating func write(problem: String, value: String, to buffer: inout ByteBuffer) {
    switch peer {
    case .taizhang(let device):
      let change = Change(
        entity: .derived(ExactString(problem)), field: RequestWriter.progress,
        value: .text(ExactString(value)))
      let edit = Edit(
        id: EditID(replica: device.replica, n: n, i: 1), actSize: 1,
        stamp: clock.tick(wallMilliseconds: MonotonicTime.wallMilliseconds), base: nil,
        change: change)
      buffer.writeString("\(tag) put \(EditLine.text(edit))\n")
      n += 1
      tag += 1
    case .redis:
      let key = "\(problem):progress"
      buffer.writeString(
        "*3\r\n$3\r\nSET\r\n$\(key.utf8.count)\r\n\(key)\r\n$\(value.utf8.count)\r\n\(value)\r\n")
    }
  }

  /// Writes one message to every watcher.
  mutating func publish(value: String, to buffer: inout ByteBuffer) {
    switch peer {
    case .taizhang: write(problem: "p1", value: value, to: &buffer)
    case .redis:
      buffer.writeString(
        "*3\r\n$7\r\nPUBLISH\r\n$5\r\nbench\r\n$\(value.utf8.count)\r\n\(value)\r\n")
    }
  }

  private static let progress: FieldName = {
    guard let name = FieldName("progress") else {
      preconditionFailure("'progress' is a field's name")
    }
    return name
  }()
}
