import Crypto
import CryptoExtras
import EditModel

/// What both sides make of a code's secret, and all that the server keeps of it: a key by which each proves to the other
/// that it knows the code, without saying it.
///
/// Made slowly (scrypt, 16 MiB), so that whoever steals the server's file has to spend that on each of 2^60 guesses.
package struct EnrolmentKey: Hashable, Sendable {
  /// The key's 32 bytes.
  package let bytes: [UInt8]

  /// How many bytes a key has.
  package static let byteCount = 32

  /// The key of `code`. Takes about fifty milliseconds and 16 MiB; throws when there is no such memory.
  package init(of code: EnrolmentCode) throws {
    let key = try KDF.Scrypt.deriveKey(
      from: Array(code.secret.utf8), salt: Array("taizhang-enrol-1 \(code.lookup)".utf8),
      outputByteCount: EnrolmentKey.byteCount, rounds: 1 << 14, blockSize: 8, parallelism: 1)
    bytes = key.withUnsafeBytes { Array($0) }
  }

  /// The key that was kept; nil when these are not 32 bytes.
  package init?(bytes: [UInt8]) {
    guard bytes.count == EnrolmentKey.byteCount else { return nil }
    self.bytes = bytes
  }
}

extension EnrolmentKey: CustomStringConvertible, CustomReflectable {
  /// Says that it is one, and nothing of it.
  package var description: String { "enrolment key" }

  /// Nothing.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
