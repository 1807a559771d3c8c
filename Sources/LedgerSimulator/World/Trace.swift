/// What happened, as one number; printed too when somebody wants to read it. Two runs are the same when their digests are.
struct Trace {
  private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325
  private(set) var lineCount = 0
  let isPrinted: Bool

  init(isPrinted: Bool) { self.isPrinted = isPrinted }

  /// Notes what happened at `now`.
  mutating func note(_ now: UInt64, _ text: String) {
    lineCount += 1
    mix(now)
    var copy = text
    copy.withUTF8 { mix(UnsafeRawBufferPointer($0)) }
    if isPrinted { print("\(now) \(text)") }
  }

  /// Notes bytes that went over a line.
  mutating func note(bytes: UnsafeRawBufferPointer) { mix(bytes) }

  private mutating func mix(_ number: UInt64) {
    digest = (digest ^ number) &* 0x100_0000_01B3
  }

  /// FNV-1a, eight bytes at a time: it tells runs apart, and keeps nobody out.
  private mutating func mix(_ bytes: UnsafeRawBufferPointer) {
    var position = 0
    while position + 8 <= bytes.count {
      mix(bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      digest ^= digest >> 29
      position += 8
    }
    while position < bytes.count {
      mix(UInt64(bytes[position]))
      position += 1
    }
  }
}
