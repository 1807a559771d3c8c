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
    // `String(validating:)` looks its generic types up at run time, which costs more than the text (see
    // docs/decisions/0006-hot-path.md). Decoding repairs what is not UTF-8, so the bytes are valid just when they stay.
    let text = String(decoding: bytes, as: UTF8.self)
    var copy = text
    guard copy.withUTF8({ ExactString.areSame(UnsafeRawBufferPointer($0), bytes) }) else { return nil }
    self.string = text
  }

  /// The length in UTF-8 bytes; every limit of the protocol counts these.
  package var byteCount: Int { string.utf8.count }
}

extension ExactString: Hashable {
  package static func == (left: ExactString, right: ExactString) -> Bool {
    // Texts are keys on every hot path: most that differ have another length, and the rest is compared in memory, for
    // byte by byte through the views is five times slower.
    left.string.utf8.count == right.string.utf8.count && left.hasSameBytes(as: right)
  }

  /// Whether `other`, which is as long as this, has the same bytes.
  package func hasSameBytes(as other: ExactString) -> Bool {
    var (left, right) = (string, other.string)
    return left.withUTF8 { left in
      right.withUTF8 { ExactString.areSame(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer($0)) }
    }
  }

  /// Whether both hold the same bytes, eight at a time.
  private static func areSame(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    var position = 0
    while position + 8 <= left.count {
      let (ours, theirs) = (
        left.loadUnaligned(fromByteOffset: position, as: UInt64.self),
        right.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      )
      if ours != theirs { return false }
      position += 8
    }
    while position < left.count {
      if left[position] != right[position] { return false }
      position += 1
    }
    return true
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
