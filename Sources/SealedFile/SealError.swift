/// Why a file cannot be sealed or opened, or a file of secrets not be read. It never holds a secret or a part of the text.
package struct SealError: Error, Hashable, Sendable {
  /// What is wrong.
  package enum Kind: String, Sendable {
    /// It does not begin as a sealed file does; an armored one (`age -a`) does not either.
    case notSealed
    /// It is a sealed file of another version of the format.
    case otherVersion
    /// Its header has more bytes or stanzas than are read.
    case overLimit
    /// It is sealed, and to none of the secrets that were given.
    case forOtherKeys
    /// Its header is not well formed, or bytes were changed. A cut within the last chunk cannot be told from that.
    case damaged
    /// The file ends before its end.
    case truncated
    /// Something stands behind the last chunk. Behind one that is not full it cannot be told from damage.
    case trailing
    /// A file is sealed to 1 to `Sealer.limitKeys` keys; `position` says to how many it was to be.
    case keyCount
    /// A line of a file of secrets is none.
    case malformedSecret
    /// A file of secrets has none.
    case noSecret
  }

  /// What is wrong.
  package let kind: Kind
  /// Where: the byte of the sealed file, from 0; of a file of secrets the line, from 1.
  package let position: Int
  /// In which chunk of the payload, from 1; nil where it is none.
  package let chunk: Int?

  /// An error of `kind` at `position`, in `chunk`.
  package init(_ kind: Kind, at position: Int, chunk: Int? = nil) {
    self.kind = kind
    self.position = position
    self.chunk = chunk
  }
}
