import Crypto
import EditModel
import SealedFile

/// A file as it is stored, being read from its start; one that is sealed is opened on the way, chunk by chunk. Memory: a piece
/// of the disk's, and a chunk.
///
/// Whoever reads a sealed file uses nothing of it before `read` has answered the end without throwing.
final class StoredFileReader {
  private let input: DiskReader
  private let name: String
  private let isSealed: Bool
  /// Nil when the file is not sealed, or was opened to its end.
  private var opener: SealOpener?
  private var hash = SHA256()
  private var bytesRead: UInt64 = 0

  /// Reads `path`, which people know as `name`; with `secrets` it is a sealed file and they open it.
  init(_ path: String, named name: String, opening secrets: [RecoverySecret]? = nil) throws(AdminError) {
    self.input = try DiskReader(path)
    self.name = name
    self.isSealed = secrets != nil
    self.opener = secrets.map { SealOpener($0) }
  }

  /// The next bytes, opened where the file is sealed; empty at the end. Throws `cannotOpen` where a chunk is not the one that
  /// was sealed, or the end is missing.
  func read() throws(AdminError) -> [UInt8] {
    while true {
      if isSealed, let chunk = try nextChunk() { return chunk }
      let bytes = try input.read()
      hash.update(data: bytes)
      bytesRead += UInt64(bytes.count)
      guard isSealed else { return bytes }
      if bytes.isEmpty { return try lastChunk() }
      opener?.receive(bytes)
    }
  }

  /// Whether the bytes on the disk, all of which were read, are so many with this SHA-256.
  func isStored(bytes: UInt64, sha256: String) -> Bool {
    bytesRead == bytes && hash.finalize().hexadecimal == sha256
  }

  private func nextChunk() throws(AdminError) -> [UInt8]? {
    do throws(SealError) {
      return try opener?.next()
    } catch {
      throw .cannotOpen(file: name, error)
    }
  }

  private func lastChunk() throws(AdminError) -> [UInt8] {
    guard let last = opener.take() else { return [] }
    do throws(SealError) {
      return try last.finish()
    } catch {
      throw .cannotOpen(file: name, error)
    }
  }
}
