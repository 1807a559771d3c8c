import Glibc
import Testing

/// The line protocol by hand: a socket, lines out, lines in. Every wait ends after 30 s.
final class LineConnection {
  /// The peer closed the connection.
  struct Ended: Error {}

  private let socket: Int32
  private var received: [UInt8] = []
  private var start = 0

  /// Connects to `port` on this machine, from its loopback address 127.0.0.`source`.
  init(port: UInt16, from source: UInt32 = 1) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let (local, remote) = (LineConnection.address(source, 0), LineConnection.address(1, port))
    if source != 1 { try #require(LineConnection.with(local) { bind(socket, $0, $1) } == 0, "127.0.0.\(source)") }
    try #require(LineConnection.with(remote) { connect(socket, $0, $1) } == 0, "cannot connect to \(port)")
  }

  private static func address(_ last: UInt32, _ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0000 + last).bigEndian
    return address
  }

  private static func with(
    _ address: sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  deinit { close(socket) }

  /// Sends bytes as they are.
  func send(_ bytes: some Collection<UInt8>) throws {
    let bytes = Array(bytes)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { raw in
        Glibc.send(socket, raw.baseAddress.map { $0 + sent }, raw.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Ended() }
      sent += count
    }
  }

  /// Sends a line.
  func send(_ line: String) throws { try send((line + "\n").utf8) }

  /// The next line; throws `Ended` when there is none any more.
  func line() throws -> String {
    while true {
      if let end = received[start...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: received[start..<end], as: UTF8.self)
        start = end + 1
        return line
      }
      received.removeFirst(start)
      start = 0
      var piece = [UInt8](repeating: 0, count: 65_536)
      let count = recv(socket, &piece, piece.count, 0)
      if count < 0, errno == EAGAIN { Issue.record("nothing came for 30 s") }
      guard count > 0 else { throw Ended() }
      received += piece.prefix(count)
    }
  }

  /// The next line that begins with `start`; what comes before it is passed over.
  func line(starting start: String) throws -> String {
    while true {
      let line = try line()
      if line.hasPrefix(start) { return line }
    }
  }

  /// Signs in with a device's file; answers the server's time.
  func signIn(_ file: String) throws -> String {
    let greeting = try line(starting: "* taizhang ")
    let now = try #require(greeting.split(separator: " ").first { $0.hasPrefix("now=") }).dropFirst(
      4)
    let replica = try ServerFolder.word("replica", of: file)
    try send("auth auth \(replica) \(try ServerFolder.word("secret", of: file)) unsent=0")
    #expect(try line(starting: "auth ").hasPrefix("auth ok "))
    return String(now)
  }
}
