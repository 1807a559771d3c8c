// SealedFile: files that only the holder of a secret can open, in the format of the program `age` (c2sp.org/age,
// age-encryption.org/v1), with keys of its type X25519. Sans-IO: bytes in, bytes out, in bounded memory. It may import
// EditModel and Crypto, and it may not open a file, read a clock, log, or draw a random number that its caller did not hand in.

/// Seals one file, piece by piece. Memory: what `seal` was given, and one chunk of 64 KiB.
///
/// It cannot be copied: two copies would seal different bytes with the same key and nonce.
package struct Sealer: ~Copyable {
  private var cipher: ChunkCipher
  /// What was not sealed yet: never more than a chunk, for the last one is sealed otherwise.
  private var waiting: [UInt8] = []
  /// What stands before the first chunk, until it was handed out.
  private var head: [UInt8]

  /// The most keys that a file is sealed to.
  package static let limitKeys = SealedHeader.limitStanzas

  /// Begins a file that the secret of each of `keys` opens. Throws `keyCount` when there are none or more than `limitKeys`.
  /// `generator` must be the system's, but for tests.
  package init(to keys: [RecoveryKey], using generator: inout some RandomNumberGenerator) throws(SealError) {
    guard (1...Sealer.limitKeys).contains(keys.count) else { throw SealError(.keyCount, at: keys.count) }
    let fileKey = FileKey(using: &generator)
    let salt = generator.bytes(ChunkCipher.saltBytes)
    head = SealedHeader.bytes(wrapping: fileKey, for: keys, using: &generator) + salt
    cipher = ChunkCipher(fileKey, salt: salt)
  }

  /// Takes the next bytes of what is sealed; the next bytes of the file, perhaps none.
  package mutating func seal(_ bytes: [UInt8]) -> [UInt8] {
    var sealed = head
    head = []
    waiting += bytes
    var start = 0
    // A full chunk waits until a byte stands behind it: the last one must not be empty, but in an empty file
    // (c2sp.org/age, "Payload").
    while waiting.count - start > ChunkCipher.plainBytes {
      sealed += cipher.seal(waiting[start..<start + ChunkCipher.plainBytes], isLast: false)
      start += ChunkCipher.plainBytes
    }
    waiting.removeFirst(start)
    return sealed
  }

  /// Says that there is no more; the last bytes of the file.
  package consuming func finish() -> [UInt8] {
    head + cipher.seal(waiting[...], isLast: true)
  }
}
