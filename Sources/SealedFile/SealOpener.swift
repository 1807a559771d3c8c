/// Opens a sealed file, piece by piece, and proves it. Memory: what `receive` was given, and a header or one chunk, at most
/// 64 KiB each.
///
/// Plain bytes are handed out chunk by chunk, each proved to be the next, before the end has proved that none is missing:
/// whoever uses them writes to a place that is thrown away when `next` or `finish` throws. An error comes again when it is
/// asked again.
package struct SealOpener: ~Copyable {
  private enum Stage {
    case header
    case payload(FileKey)
    case chunks(ChunkCipher)
  }

  private let secrets: [RecoverySecret]
  private var stage = Stage.header
  private var bytes: [UInt8] = []
  private var start = 0
  /// Where in the file `bytes[start]` stands.
  private var position = 0

  /// An opener at the start of a file, with all secrets that may open it.
  package init(_ secrets: [RecoverySecret]) {
    self.secrets = secrets
  }

  /// Takes the next bytes of the file. Call `next` until it answers nil, then this again.
  package mutating func receive(_ more: [UInt8]) {
    bytes.removeFirst(start)
    start = 0
    bytes += more
  }

  /// The next plain bytes, a chunk; nil when more bytes of the file are needed, or it ended: `finish` has the last chunk.
  package mutating func next() throws(SealError) -> [UInt8]? {
    while true {
      switch stage {
      case .header:
        guard let header = try HeaderParser.header(bytes) else { return nil }
        stage = .payload(try header.fileKey(for: secrets))
        advance(header.byteCount)
      case .payload(let fileKey):
        guard waitingCount >= ChunkCipher.saltBytes else { return nil }
        stage = .chunks(ChunkCipher(fileKey, salt: [UInt8](bytes[start..<start + ChunkCipher.saltBytes])))
        advance(ChunkCipher.saltBytes)
      case .chunks(var cipher):
        // The last chunk is sealed otherwise, and which one that is shows when the file ends.
        guard waitingCount > ChunkCipher.sealedBytes else { return nil }
        let plain = try chunkBeforeLast(&cipher)
        stage = .chunks(cipher)
        advance(ChunkCipher.sealedBytes)
        return plain
      }
    }
  }

  /// Says that the file ended and `next` had nothing more; the last plain bytes, none of an empty file. Throws unless
  /// everything was there and proved.
  package consuming func finish() throws(SealError) -> [UInt8] {
    let isTaken = try next() == nil
    precondition(isTaken, "every chunk is taken before the file is finished")
    guard case .chunks(var cipher) = stage, waitingCount >= ChaCha20Poly1305.tagBytes else {
      throw SealError(.truncated, at: position + waitingCount)
    }
    return try lastChunk(&cipher)
  }

  private var waitingCount: Int { bytes.count - start }

  private mutating func advance(_ count: Int) {
    start += count
    position += count
  }

  private func chunkBeforeLast(_ cipher: inout ChunkCipher) throws(SealError) -> [UInt8] {
    let chunk = bytes[start..<start + ChunkCipher.sealedBytes]
    if let plain = cipher.open(chunk, isLast: false) { return plain }
    let number = Int(cipher.count) + 1
    if cipher.open(chunk, isLast: true) == nil { throw SealError(.damaged, at: position, chunk: number) }
    throw SealError(.trailing, at: position + chunk.count, chunk: number)
  }

  private func lastChunk(_ cipher: inout ChunkCipher) throws(SealError) -> [UInt8] {
    let number = Int(cipher.count) + 1
    guard let plain = cipher.open(bytes[start...], isLast: true) else {
      // One that is full and not the last: the file was cut behind it.
      let isCut = waitingCount == ChunkCipher.sealedBytes && cipher.open(bytes[start...], isLast: false) != nil
      throw SealError(isCut ? .truncated : .damaged, at: isCut ? position + waitingCount : position, chunk: number)
    }
    // c2sp.org/age, "Payload": what is empty has one chunk, and whatever is not ends with a byte of it.
    guard !plain.isEmpty || number == 1 else { throw SealError(.damaged, at: position, chunk: number) }
    return plain
  }
}
