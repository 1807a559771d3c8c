package import EditModel

/// The spelling of values: the rest of the line, in which only `\\`, `\n` and `\t` are escapes and `\-` alone means
/// cleared. Never empty; C0, DEL and C1 controls are refused (protocol/03-lines.md).
package enum ValueText {
  /// Reads a value; nil when it is not canonical.
  package static func value(_ bytes: UnsafeRawBufferPointer) -> EditValue? {
    guard !bytes.isEmpty else { return nil }
    switch scan(bytes) {
    case .refused: return nil
    case .plain: return ExactString(bytes: bytes).map { .text($0) }
    case .escaped: return unescaped(bytes)
    }
  }

  /// Whether `text` can be a value: not empty, and no control in it but tab and line feed.
  package static func isAllowed(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy { scalar in
        scalar == "\t" || scalar == "\n" || !(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value))
      }
  }

  /// The value as it is written on a line.
  package static func text(_ value: EditValue) -> String {
    guard let text = value.text else { return "\\-" }
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 < 0x20 }) else { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\t": escaped += "\\t"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private enum Scan { case plain, escaped, refused }

  private static func scan(_ bytes: UnsafeRawBufferPointer) -> Scan {
    var result = Scan.plain
    var previous: UInt8 = 0
    for byte in bytes {
      if byte < 0x20 || byte == 0x7F { return .refused }
      if previous == 0xC2, byte < 0xA0 { return .refused }
      if byte == UInt8(ascii: "\\") { result = .escaped }
      previous = byte
    }
    return result
  }

  private static func unescaped(_ bytes: UnsafeRawBufferPointer) -> EditValue? {
    if bytes.elementsEqual([UInt8(ascii: "\\"), UInt8(ascii: "-")]) { return .cleared }
    var plain: [UInt8] = []
    plain.reserveCapacity(bytes.count)
    var isEscape = false
    for byte in bytes {
      if isEscape {
        switch byte {
        case UInt8(ascii: "\\"): plain.append(byte)
        case UInt8(ascii: "n"): plain.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "t"): plain.append(UInt8(ascii: "\t"))
        default: return nil
        }
        isEscape = false
      } else if byte == UInt8(ascii: "\\") {
        isEscape = true
      } else {
        plain.append(byte)
      }
    }
    guard !isEscape else { return nil }
    return plain.withUnsafeBytes { ExactString(bytes: $0) }.map { .text($0) }
  }
}
