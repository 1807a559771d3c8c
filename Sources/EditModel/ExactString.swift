/// # EditModel
///
/// The pure core of Taizhang: identity, acts, stamps, edits, cells and their merge, as values and functions over
/// values. It may import nothing but the standard library: no clock, no random numbers, no file, no socket, no log.
/// What a field means (its kind, its type, who may write it) is not known here; see `LedgerRules`.

/// A string whose equality, hash and order are those of its UTF-8 bytes.
///
/// Swift's `String` compares after Unicode normalisation, so two spellings of "é" would be one dictionary key. On the
/// wire and on disk equal means equal bytes (protocol/03-lines.md), so everything that a peer can name is held as this.
package struct ExactString: Sendable {
  /// The text itself; always valid UTF-8.
  package let string: String

  /// Wraps `string` without changing a byte of it.
  package init(_ string: String) {
    self.string = string
  }

  /// Decodes `bytes`; nil when they are not valid UTF-8.
  package init?(bytes: UnsafeRawBufferPointer) {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    self.string = text
  }

  /// The length in UTF-8 bytes; every limit of the protocol counts these.
  package var byteCount: Int { string.utf8.count }
}

extension ExactString: Hashable {
  package static func == (left: ExactString, right: ExactString) -> Bool {
    left.string.utf8.elementsEqual(right.string.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    var copy = string
    copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension ExactString: Comparable {
  package static func < (left: ExactString, right: ExactString) -> Bool {
    left.string.utf8.lexicographicallyPrecedes(right.string.utf8)
  }
}

extension ExactString: CustomStringConvertible, ExpressibleByStringLiteral {
  package var description: String { string }

  package init(stringLiteral value: String) {
    self.init(value)
  }
}
