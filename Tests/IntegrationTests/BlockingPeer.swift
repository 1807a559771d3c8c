import Glibc
import Testing

/// The other end of a connection, read by hand: nothing of what waits is taken before somebody asks for it.
final class BlockingPeer {
  private let socket: Int32
  private var rest: [UInt8] = []
  /// How much of `rest` was taken.
  private var taken = 0

  /// Connects to `port` of this machine and sends `text`.
  init(to port: Int, sending text: String) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let socket = socket
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        connect(socket, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    try #require(isConnected)
    try send(text)
  }

  deinit { close(socket) }

  /// Sends all of `text`, waiting for room.
  func send(_ text: String) throws {
    var left = Array(text.utf8)[...]
    while !left.isEmpty {
      let count = left.withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
      try #require(count > 0)
      left = left.dropFirst(count)
    }
  }

  /// The next line; nil when the other side has closed.
  func line() -> String? {
    while true {
      if let end = newline() {
        defer { taken = end + 1 }
        return String(decoding: rest[taken..<end], as: UTF8.self)
      }
      rest.removeFirst(taken)
      taken = 0
      var room = [UInt8](repeating: 0, count: 262_144)
      let count = room.withUnsafeMutableBytes { read(socket, $0.baseAddress, $0.count) }
      guard count > 0 else { return nil }
      rest += room[..<count]
    }
  }

  /// Where the first line feed is behind what was taken.
  private func newline() -> Int? {
    rest.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let found = memchr(base + taken, 0x0A, bytes.count - taken) else {
        return nil
      }
      return UnsafeRawPointer(found) - base
    }
  }
}
