import Crypto
package import EditModel
import LineProtocol

/// What stays of a refused act's content: enough to know a copy, and nothing to read.
package enum ContentDigest {
  /// How many bytes of the SHA-256 are kept: a second content for one number would take 2^64 tries to make, and its
  /// author could only cheat themselves.
  package static let byteCount = 16

  /// The digest of `act`'s content: every author's part less stamp and shift, one a line.
  package static func of(_ act: Act) -> [UInt8] {
    var hash = SHA256()
    for edit in act.edits {
      // A stamp and a shift that are the same for all, so that the line has its one spelling.
      let line = EditLine.text(edit.restamped(.zero, shift: .none)) + "\n"
      hash.update(bytes: line)
    }
    return Array(hash.finalize().prefix(byteCount))
  }
}

extension SHA256 {
  /// Adds the UTF-8 bytes of `text`.
  mutating func update(bytes text: String) {
    var copy = text
    copy.withUTF8 { update(bufferPointer: UnsafeRawBufferPointer($0)) }
  }
}
