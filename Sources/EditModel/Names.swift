/// The rule for every name of the protocol: `1*( a-z / 0-9 / "_" / "-" / non-ASCII )`, at most 128 bytes.
///
/// Non-ASCII means any character above U+009F: the C1 controls are refused as they are in values.
package enum Name {
  /// The greatest length in UTF-8 bytes: forty-two Chinese characters.
  package static let byteLimit = 128

  /// Whether `bytes` are one name. The bytes must be valid UTF-8 already.
  package static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard (1...byteLimit).contains(bytes.count) else { return false }
    var previous: UInt8 = 0
    for byte in bytes {
      guard byte >= 0x80 || table[Int(byte)] else { return false }
      if previous == 0xC2, byte < 0xA0 { return false }  // C1, U+0080 ... U+009F
      previous = byte
    }
    return true
  }

  /// Whether `text` is one name.
  package static func isValid(_ text: String) -> Bool {
    var copy = text
    return copy.withUTF8 { isValid(UnsafeRawBufferPointer($0)) }
  }

  private static let table: [Bool] = (0..<128).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }

  /// Whether `bytes` are one or more names with `separator` between them, `byteLimit` each and at most eight.
  static func isPath(_ bytes: UnsafeRawBufferPointer, separator: UInt8) -> Bool {
    var start = bytes.startIndex
    for _ in 0..<pathLimit {
      let end = bytes[start...].firstIndex(of: separator) ?? bytes.endIndex
      guard isValid(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) else { return false }
      if end == bytes.endIndex { return true }
      start = end + 1
    }
    return false
  }

  /// The greatest number of names in an entity's or a field's path.
  package static let pathLimit = 8
}

/// The seat (岗位) that a replica acts for: a duty, not a person. One name.
package struct SeatID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The seat's name.
  package let name: ExactString

  /// Reads a seat's name; nil when it is not a name.
  package init?(_ text: String) {
    guard Name.isValid(text) else { return nil }
    self.name = ExactString(text)
  }

  package static func < (left: SeatID, right: SeatID) -> Bool { left.name < right.name }

  package var description: String { name.string }
}

/// The name of a field: `name *("/" name)`. A member of a many-valued field has its own (`village/张百万村`).
package struct FieldName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The field's text.
  package let text: ExactString

  /// Reads a field's name; nil when it is not one.
  package init?(bytes: UnsafeRawBufferPointer) {
    guard Name.isPath(bytes, separator: UInt8(ascii: "/")), let text = ExactString(bytes: bytes) else { return nil }
    self.text = text
  }

  /// Reads a field's name; nil when it is not one.
  package init?(_ text: String) {
    var copy = text
    guard let name = copy.withUTF8({ FieldName(bytes: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = name
  }

  /// The part before the first slash: the field that this is a member of, or the field itself.
  package var head: ExactString {
    guard let slash = text.string.utf8.firstIndex(of: UInt8(ascii: "/")) else { return text }
    return ExactString(String(text.string[..<slash]))
  }

  /// The part behind the first slash, when this is a member.
  package var member: ExactString? {
    guard let slash = text.string.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    return ExactString(String(text.string[text.string.utf8.index(after: slash)...]))
  }

  // Spelled out: a synthesised one is called through the conformance from other modules, ten times as dear.
  package static func == (left: FieldName, right: FieldName) -> Bool { left.text == right.text }

  package static func < (left: FieldName, right: FieldName) -> Bool { left.text < right.text }

  package var description: String { text.string }
}
