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

  /// The device, of our own.
  var device: DeviceFile? {
    guard case .taizhang(let device) = self else { return nil }
    return device
  }

  /// The device's side of TLS; nil for plain TCP.
  var tls: BenchTLS? {
    guard case .taizhang(let device) = self else { return nil }
    return device.tls
  }

  var port: Int {
    switch self {
    case .taizhang(let device): device.port
    case .redis(_, let port): port
    }
  }
}

/// Spells requests: the same entity, field and value for both peers, at the same small cost for both, so that the
/// driver, which shares the processors with the server, weighs on neither side of a ratio.
struct RequestWriter {
  private let peer: Peer
  private var clock = HybridClock()
  private var n: UInt64
  private var tag: UInt64 = 100
  /// What stands between the tag and the act's number: ` put REPLICA.`
  private let prefix: [UInt8]

  /// A writer whose next act is `n` of the device's replica.
  init(peer: Peer, n: UInt64) {
    self.peer = peer
    self.n = n
    if case .taizhang(let device) = peer {
      prefix = Array(" put \(device.replica).".utf8)
    } else {
      prefix = []
    }
  }

  /// Writes one durable write: `progress` of `problem` (its number) becomes a clerk's sentence made from `number`.
  mutating func write(problem: Int, sentence number: UInt64, at milliseconds: UInt64, to buffer: inout ByteBuffer) {
    switch peer {
    case .taizhang:
      buffer.writeDecimal(tag)
      buffer.writeBytes(prefix)
      buffer.writeDecimal(n)
      buffer.writeStaticString("/1 1 ")
      buffer.writeStamp(clock.tick(wallMilliseconds: milliseconds))
      buffer.writeStaticString(" 0 - p")
      buffer.writeDecimal(UInt64(problem))
      buffer.writeStaticString(" progress ")
      Payload.write(number, to: &buffer)
      buffer.writeStaticString("\n")
      n += 1
      tag += 1
    case .redis:
      let digits = ByteBuffer.decimalLength(UInt64(problem))
      buffer.writeStaticString("*3\r\n$3\r\nSET\r\n$")
      buffer.writeDecimal(UInt64(digits + 10))
      buffer.writeStaticString("\r\np")
      buffer.writeDecimal(UInt64(problem))
      buffer.writeStaticString(":progress\r\n$")
      buffer.writeDecimal(UInt64(Payload.byteCount(number)))
      buffer.writeStaticString("\r\n")
      Payload.write(number, to: &buffer)
      buffer.writeStaticString("\r\n")
    }
  }

  /// Writes one message to every watcher: `bench-NUMBER-` and a clerk's sentence.
  mutating func publish(message number: Int, to buffer: inout ByteBuffer) {
    let value = "bench-\(number)-\(Payload.sentence(0))"
    switch peer {
    case .taizhang(let device):
      buffer.writeString(
        "\(tag) put \(device.replica).\(n)/1 1 \(clock.tick(wallMilliseconds: MonotonicTime.wallMilliseconds))")
      buffer.writeString(" 0 - p1 progress \(value)\n")
      n += 1
      tag += 1
    case .redis:
      buffer.writeString("*3\r\n$7\r\nPUBLISH\r\n$5\r\nbench\r\n$\(value.utf8.count)\r\n\(value)\r\n")
    }
  }
}

/// What is written: a clerk's sentence of ten to twenty characters with a number in it.
enum Payload {
  private static let before: StaticString = "已完成复核,待补合同"
  private static let behind: StaticString = "份"

  /// The sentence with `number`, of which five digits at the most are used.
  static func sentence(_ number: UInt64) -> String { "\(before)\(number % 100_000)\(behind)" }

  /// How many bytes `sentence` has.
  static func byteCount(_ number: UInt64) -> Int {
    before.utf8CodeUnitCount + ByteBuffer.decimalLength(number % 100_000) + behind.utf8CodeUnitCount
  }

  /// Writes `sentence`.
  static func write(_ number: UInt64, to buffer: inout ByteBuffer) {
    buffer.writeStaticString(before)
    buffer.writeDecimal(number % 100_000)
    buffer.writeStaticString(behind)
  }
}

extension ByteBuffer {
  /// How many decimal digits `number` has.
  static func decimalLength(_ number: UInt64) -> Int {
    var length = 1
    var rest = number / 10
    while rest > 0 {
      rest /= 10
      length += 1
    }
    return length
  }

  /// Writes `number` in decimal digits, without a text in between.
  mutating func writeDecimal(_ number: UInt64) {
    let length = ByteBuffer.decimalLength(number)
    writeWithUnsafeMutableBytes(minimumWritableBytes: length) { bytes in
      var rest = number
      for position in (0..<length).reversed() {
        bytes[position] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      }
      return length
    }
  }

  /// Writes the thirteen digits of `stamp`, without a text in between.
  mutating func writeStamp(_ stamp: Stamp) {
    writeWithUnsafeMutableBytes(minimumWritableBytes: Stamp.textLength) { bytes in
      for position in 0..<10 {
        bytes[position] = Crockford.digits[Int(stamp.milliseconds >> UInt64(45 - 5 * position)) & 31]
      }
      for position in 0..<3 {
        bytes[10 + position] = Crockford.digits[Int(stamp.counter >> UInt64(10 - 5 * position)) & 31]
      }
      return Stamp.textLength
    }
  }
}
