import EditModel

/// Reads a line word by word: words are separated by exactly one space and never empty.
struct WordReader {
  private let bytes: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// The next word and the space behind it; nil at the end of the line or when the word is empty.
  mutating func word() -> UnsafeRawBufferPointer? {
    let rest = bytes[position...]
    let end = rest.firstIndex(of: UInt8(ascii: " ")) ?? bytes.endIndex
    guard end > position else { return nil }
    let word = UnsafeRawBufferPointer(rebasing: bytes[position..<end])
    isAtEnd = end == bytes.endIndex
    position = isAtEnd ? end : end + 1
    return word
  }

  /// Whether the last word read ended the line. A line that ends in a space is not at its end.
  private(set) var isAtEnd = false

  /// All that is left.
  var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[position...]) }

  /// The remaining words as texts; nil when one is empty or not valid UTF-8.
  mutating func remainingWords() -> [ExactString]? {
    var words: [ExactString] = []
    while !isAtEnd {
      guard let bytes = word(), let text = ExactString(bytes: bytes) else { return nil }
      words.append(text)
    }
    return words
  }
}

extension ExactString {
  /// What stands behind `key=` when this word begins with just these bytes, else nil. Swift's own `hasPrefix` goes by
  /// characters, to which a combining mark behind the `=` belongs.
  func value(of key: String) -> String? {
    let prefix = key.utf8.count + 1
    guard string.utf8.starts(with: key.utf8), string.utf8.dropFirst(prefix - 1).first == UInt8(ascii: "=") else {
      return nil
    }
    return String(Substring(string.utf8.dropFirst(prefix)))
  }
}
