/// UTF-8 byte by byte, in constant memory. Ill-formed input gives U+FFFD once for each maximal part, as Unicode
/// advises.
struct ScalarDecoder: Hashable, Sendable {
  private var value: UInt32 = 0
  private var missing = 0
  /// What the next continuation byte may be; narrower for the second byte of some forms.
  private var allowed: ClosedRange<UInt8> = 0x80...0xBF

  /// What one byte led to.
  enum Step: Hashable {
    case needsMore
    case scalar(Unicode.Scalar)
    /// What came so far is ill-formed; the byte has been used up.
    case illFormed
    /// What came before the byte is ill-formed; the byte is to be read again.
    case illFormedBefore
  }

  /// Whether a scalar has begun and not ended.
  var isWithinScalar: Bool { missing > 0 }

  mutating func decode(_ byte: UInt8) -> Step {
    guard missing > 0 else { return begin(byte) }
    guard allowed.contains(byte) else {
      missing = 0
      return .illFormedBefore
    }
    value = value << 6 | UInt32(byte & 0x3F)
    missing -= 1
    allowed = 0x80...0xBF
    return missing > 0 ? .needsMore : step(value)
  }

  private mutating func begin(_ byte: UInt8) -> Step {
    allowed = 0x80...0xBF
    switch byte {
    case ..<0x80:
      return step(UInt32(byte))
    case 0xC2...0xDF:
      (value, missing) = (UInt32(byte & 0x1F), 1)
    case 0xE0...0xEF:
      (value, missing) = (UInt32(byte & 0x0F), 2)
      if byte == 0xE0 { allowed = 0xA0...0xBF }
      if byte == 0xED { allowed = 0x80...0x9F }
    case 0xF0...0xF4:
      (value, missing) = (UInt32(byte & 0x07), 3)
      if byte == 0xF0 { allowed = 0x90...0xBF }
      if byte == 0xF4 { allowed = 0x80...0x8F }
    default:
      return .illFormed
    }
    return .needsMore
  }

  private func step(_ value: UInt32) -> Step {
    Unicode.Scalar(value).map { .scalar($0) } ?? .illFormed
  }
}
