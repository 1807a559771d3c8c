/// A JSON value with its keys in the order in which they were given, so that output can be compared and diffed.
package indirect enum JSONValue: Hashable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number.
  case number(Int64)
  /// A string.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Keys and values, in this order.
  case object([JSONMember])

  /// The value on one line, without spaces between its parts; Chinese stands as it is.
  package var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let value): text += String(value)
    case .string(let value): JSONValue.quote(value, to: &text)
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.write(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        JSONValue.quote(member.key, to: &text)
        text += ":"
        member.value.write(to: &text)
      }
      text += "}"
    }
  }

  private static func quote(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      // The two line ends that JSON takes and JavaScript does not, and every control.
      case "\u{0}"..<" ", "\u{7F}"..<"\u{A0}", "\u{2028}", "\u{2029}": text += escape(scalar)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

/// A key of an object and its value.
package struct JSONMember: Hashable, Sendable {
  /// The key.
  package let key: String
  /// What it stands for.
  package let value: JSONValue

  /// A member from its parts.
  package init(_ key: String, _ value: JSONValue) {
    self.key = key
    self.value = value
  }
}

extension JSONValue: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) {
    self = .string(value)
  }
}

extension JSONValue {
  /// A string, or null for nil.
  package static func optional(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }

  /// A number, or null for nil.
  package static func optional(_ value: Int?) -> JSONValue {
    value.map { .number(Int64($0)) } ?? .null
  }

  /// A whole number.
  package static func count(_ value: Int) -> JSONValue { .number(Int64(value)) }
}
