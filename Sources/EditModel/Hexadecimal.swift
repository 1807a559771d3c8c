extension Sequence<UInt8> {
  /// Two lower-case hexadecimal digits a byte.
  package var hexadecimal: String {
    var text = String.UnicodeScalarView()
    for byte in self {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(text)
  }
}

extension [UInt8] {
  /// The bytes that `text` spells, two lower-case hexadecimal digits each; nil when it does not.
  package init?(hexadecimal text: String) {
    let values = text.unicodeScalars.map { digits.firstIndex(of: $0) }
    guard values.count.isMultiple(of: 2) else { return nil }
    self = []
    for pair in stride(from: 0, to: values.count, by: 2) {
      guard let high = values[pair], let low = values[pair + 1] else { return nil }
      append(UInt8(high << 4 | low))
    }
  }
}

private let digits = Array("0123456789abcdef".unicodeScalars)
