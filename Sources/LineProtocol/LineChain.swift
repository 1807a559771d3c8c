package import Crypto
import EditModel

/// How far a ledger's lines are linked, and the link of the last of them (protocol/12-proof.md).
///
/// Who writes one down elsewhere can tell later whether the lines up to there are still the same, in the same order.
package struct ChainHead: Hashable, Sendable, CustomStringConvertible {
  /// The last linked line; 0 before the first.
  package let seq: UInt64
  /// Its link: 32 bytes, zeros before the first line.
  package let link: [UInt8]

  /// Before the first line.
  package static let start = ChainHead(seq: 0, link: [UInt8](repeating: 0, count: SHA256.byteCount))

  /// The link of line `seq`, 32 bytes.
  package init(seq: UInt64, link: [UInt8]) {
    self.seq = seq
    self.link = link
  }

  /// Reads `SEQ:LINK`, LINK being 64 lower-case hexadecimal digits; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let seq = UInt64(parts[0]), let link = [UInt8](hexadecimal: parts[1]),
      link.count == SHA256.byteCount
    else { return nil }
    self.init(seq: seq, link: link)
    guard description == text else { return nil }
  }

  /// The head with the next line, which was salted with `salt`.
  package func next(salt: UnsafeRawBufferPointer, line: UnsafeRawBufferPointer) -> ChainHead {
    ChainHead(seq: seq + 1, link: ChainFormula.link(ChainFormula.digest(salt: salt, line: line), behind: link))
  }

  /// `SEQ:LINK`.
  package var description: String { "\(seq):\(link.hexadecimal)" }
}

/// The two formulas of the chain.
package enum ChainFormula {
  /// How many random bytes a line is salted with: nobody guesses what an erased line said from what is left of it.
  package static let saltBytes = 16

  /// digest(i) = SHA-256(salt(i), line(i)); the line is the server's, without LF.
  package static func digest(salt: UnsafeRawBufferPointer, line: UnsafeRawBufferPointer) -> SHA256.Digest {
    var hash = SHA256()
    hash.update(bufferPointer: salt)
    hash.update(bufferPointer: line)
    return hash.finalize()
  }

  /// link(i) = SHA-256(link(i-1), digest(i)).
  package static func link(_ digest: SHA256.Digest, behind previous: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(data: previous)
    digest.withUnsafeBytes { hash.update(bufferPointer: $0) }
    return Array(hash.finalize())
  }
}
