/// Why a snapshot file cannot be written or trusted.
package struct SnapshotError: Error, Hashable, Sendable {
  /// What is wrong.
  package enum Kind: String, Sendable {
    /// zlib refused (no memory).
    case compression
    /// The compressed bytes are not gzip or do not match their check sum.
    case damaged
    /// The file ends before its end.
    case truncated
    /// Something stands behind the end of the file.
    case trailingBytes
    /// A line is not one that may stand there.
    case malformed
    /// The header is of a format that this version does not know: made by a newer one.
    case newerFormat
    /// Counts, seqs or hashes of the trailer do not match what was read.
    case mismatch
  }

  /// What is wrong.
  package let kind: Kind
  /// Where: the compressed byte for gzip faults, the line number (from 1) for the others.
  package let position: Int
  /// In which block of the file, from 1; nil for a file of format 1.
  package let block: Int?

  /// An error of `kind` at `position`, in `block`.
  package init(_ kind: Kind, at position: Int, block: Int? = nil) {
    self.kind = kind
    self.position = position
    self.block = block
  }
}
