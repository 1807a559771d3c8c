import EditModel

/// A one-time code by which a device is let in: seventeen digits of Crockford's base 32, spoken in groups.
///
/// ```
/// k7m2-9qwe-r5tn-3xc8-a        four digits that find it, twelve that are its secret (60 bits), one that checks all
/// ```
///
/// What is typed may be in either case and in any groups; `o` is read as 0, `i` and `l` as 1. The check digit catches
/// every single wrong digit and every exchange of two.
package struct EnrolmentCode: Hashable, Sendable {
  /// The four digits by which the server finds the code; not a secret.
  package let lookup: String
  /// The twelve digits that are the secret, lower case.
  let secret: String

  /// How many digits a code has, its check digit included.
  package static let digitCount = 17
  static let lookupCount = 4

  /// Draws a code: 20 bits that find it, 60 bits of secret.
  package init(using generator: inout some RandomNumberGenerator) {
    lookup = Crockford.text(generator.next(), digits: EnrolmentCode.lookupCount)
    secret = Crockford.text(generator.next(), digits: 12)
  }

  /// Reads what a person typed, or what stands in an enrolment line.
  package init(_ text: String) throws(EnrolmentCodeProblem) {
    var digits: [UInt8] = []
    for scalar in text.unicodeScalars where !EnrolmentCode.isSeparator(scalar) {
      guard let digit = EnrolmentCode.digit(scalar) else { throw .notDigit(Character(scalar)) }
      digits.append(digit)
      if digits.count > 4 * EnrolmentCode.digitCount { break }
    }
    guard digits.count == EnrolmentCode.digitCount else { throw .wrongCount(digits.count) }
    guard let last = digits.popLast(), CheckDigit.of(digits) == last else { throw .wrongCheck }
    let code = String(decoding: digits.map { Crockford.digits[Int($0)] }, as: UTF8.self)
    lookup = String(code.prefix(EnrolmentCode.lookupCount))
    secret = String(code.dropFirst(EnrolmentCode.lookupCount))
  }

  /// All seventeen digits, as an enrolment line has them.
  package var digits: String {
    let values = (lookup + secret).utf8.map { UInt8(Crockford.value(of: $0) ?? 0) }
    return lookup + secret + Crockford.text(UInt64(CheckDigit.of(values)), digits: 1)
  }

  /// The digits in groups of four, as they are said on the telephone.
  package var spoken: String {
    var groups: [Substring] = []
    var rest = Substring(digits)
    while !rest.isEmpty {
      groups.append(rest.prefix(4))
      rest = rest.dropFirst(4)
    }
    return groups.joined(separator: "-")
  }

  /// The value of what was typed for a digit; nil when it stands for none. A Chinese input method gives the wide forms.
  private static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
    let narrow = (0xFF01...0xFF5E).contains(scalar.value) ? scalar.value - 0xFEE0 : scalar.value
    guard narrow < 0x80 else { return nil }
    let byte = UInt8(narrow)
    let lower = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
    switch lower {
    case UInt8(ascii: "o"): return 0
    case UInt8(ascii: "i"), UInt8(ascii: "l"): return 1
    default: return Crockford.value(of: lower).map { UInt8($0) }
    }
  }

  /// Whether the character only stands between digits: spaces, and all that looks like a hyphen.
  private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isWhitespace || scalar.properties.isDash { return true }
    return scalar == "." || scalar == "_"
  }
}

extension EnrolmentCode: CustomStringConvertible, CustomReflectable {
  /// Names the code without its secret, so that neither a log nor an error can have it.
  package var description: String { "enrolment code \(lookup)-…" }

  /// Nothing beyond the description.
  package var customMirror: Mirror { Mirror(self, children: ["lookup": lookup]) }
}

/// What is wrong with a code that was typed.
package enum EnrolmentCodeProblem: Error, Hashable, Sendable {
  /// This character is no digit of a code (`u` is none).
  case notDigit(Character)
  /// It has this many digits, which are not seventeen.
  case wrongCount(Int)
  /// The digits do not fit together: one was misheard, or two exchanged.
  case wrongCheck
}

/// The check digit: the digits are the coefficients of a polynomial over the field of 32 elements that is 0 at a
/// generator of the field. Each place has another weight (the generator's order is 31), so one wrong digit, and any two
/// that changed places, are always seen.
enum CheckDigit {
  /// The check digit for `digits`, at most thirty, each below 32.
  static func of(_ digits: [UInt8]) -> UInt8 {
    digits.reduce(0) { timesGenerator($0 ^ $1) }
  }

  /// `value` times x, modulo x^5 + x^2 + 1.
  private static func timesGenerator(_ value: UInt8) -> UInt8 {
    let shifted = value << 1
    return shifted & 0b10_0000 == 0 ? shifted : shifted ^ 0b10_0101
  }
}
