import Glibc
import LedgerTestKit
import LineProtocol
import NIOCore

/// A blocking TCP connection to a server under test, with TLS over it or not. Every read has a bound, so that a silent server is a failure and
/// not a test that hangs.
final class LineSocket {
  private let descriptor: Int32
  private var held: [UInt8] = []
  private var isAtEnd = false
  private var blocks: (source: LineSource, encoder: BlockEncoder, ending: [UInt8])?
  /// What lies between the lines and the socket; nil: nothing.
  let tls: TLSLayer?
  /// Whether it is a connection without TLS to where TLS is listened for.
  let isBare: Bool
  static let boundSeconds = 30

  /// Connects to `host:port`, a numeric IPv4 address, and begins with TLS when it is given.
  init(_ address: String, tls: TLSLayer? = nil, isBare: Bool = false) throws {
    self.tls = tls
    self.isBare = isBare
    let parts = address.split(separator: ":")
    guard parts.count == 2, let port = UInt16(parts[1]) else {
      throw TranscriptFailure("\(address) is not HOST:PORT")
    }
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var to = sockaddr_in()
    to.sin_family = sa_family_t(AF_INET)
    to.sin_port = port.bigEndian
    guard inet_pton(AF_INET, String(parts[0]), &to.sin_addr) == 1 else {
      throw TranscriptFailure("\(parts[0]) is not a numeric address")
    }
    var bound = timeval(tv_sec: LineSocket.boundSeconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &bound, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &bound, socklen_t(MemoryLayout<timeval>.size))
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafePointer(to: &to) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) }
    }
    guard result == 0 else { throw TranscriptFailure("no connection to \(address) (errno \(errno))") }
    if let tls { try sendRaw(try tls.begin()) }
  }

  deinit { Glibc.close(descriptor) }

  /// Sends all of `bytes`. A peer that has closed already is not an error here: what it said is read first.
  func send(_ bytes: [UInt8]) throws {
    var bytes = bytes
    if let blocks {
      var buffer = ByteBuffer()
      blocks.encoder.write(ByteBuffer(bytes: bytes), ending: blocks.ending, to: &buffer)
      bytes = Array(buffer.readableBytesView)
    }
    try sendRaw(try tls?.sealed(bytes) ?? bytes)
  }

  /// Speaks in blocks from now on, both ways: what has come and was not taken yet is blocks.
  func deflate(ending: [UInt8]) throws {
    var source = LineSource()
    source.expand(with: BlockDecoder())
    blocks = (source, BlockEncoder(), ending)
    let rest = held
    held = []
    try hear(rest[...])
  }

  /// Takes what came, as lines or as blocks.
  private func hear(_ bytes: ArraySlice<UInt8>) throws {
    guard blocks != nil else { return held.append(contentsOf: bytes) }
    blocks?.source.receive(ByteBuffer(bytes: bytes))
    do {
      while let line = try blocks?.source.nextOfAll() { held.append(contentsOf: Array(line.readableBytesView) + [10]) }
    } catch {
      throw TranscriptFailure("the server sent what is no block: \(error.text)")
    }
  }

  private func sendRaw(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count < 0, errno == EPIPE || errno == ECONNRESET { return }
      guard count > 0 else { throw TranscriptFailure("the server takes nothing (errno \(errno))") }
      rest = rest.dropFirst(count)
    }
  }

  /// Sends nothing more, and goes on reading.
  func endSending() throws {
    guard tls == nil else { throw TranscriptFailure("`! ends` is of a connection without TLS") }
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// The next line without its LF; nil when the server has closed.
  func line() throws -> [UInt8]? {
    while true {
      if let end = held.firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(held[..<end])
        held.removeFirst(end + 1)
        return line
      }
      guard !isAtEnd else { return nil }
      try fill()
    }
  }

  /// Makes `line` the next one again.
  func putBack(_ line: [UInt8]) {
    held = line + [UInt8(ascii: "\n")] + held
  }

  /// Waits until the peer has cut the connection off, taking nothing of what it sent.
  func awaitCut() throws {
    // Without an event asked for, poll answers for a connection that is no more, and for nothing else.
    var events = pollfd(fd: descriptor, events: 0, revents: 0)
    guard poll(&events, 1, Int32(LineSocket.boundSeconds * 1_000)) == 1 else {
      throw TranscriptFailure("the connection still stood after \(LineSocket.boundSeconds) seconds")
    }
  }

  /// Whether the peer has said that it ends, where there is a word for it: with `close_notify`, once there was TLS.
  var saidItsEnd: Bool { tls.map { $0.saidItsEnd || !$0.isUp } ?? true }

  /// Waits until the peer has closed, whatever comes before it.
  func awaitEnd() throws {
    while !isAtEnd { try fill() }
  }

  private func fill() throws {
    var block = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &block, block.count, 0)
    if count > 0, let tls {
      let received = try tls.take(block[..<count])
      try hear(received.text[...])
      try sendRaw(received.answer)
      isAtEnd = received.isAtEnd
    } else if count > 0 {
      try hear(block[..<count])
    } else if count == 0 || errno == ECONNRESET {
      isAtEnd = true
    } else {
      throw TranscriptFailure("nothing came for \(LineSocket.boundSeconds) seconds (errno \(errno))")
    }
  }
}
