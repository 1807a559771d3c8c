package import SealedFile
import SnapshotFile

/// The plain lines of one file of a set, wherever it lies.
package enum SnapshotText {
  private static let sealedStart = Array("age-encryption.org/".utf8)

  /// Hands the lines of the file `path` to `show`, as they are proved: of a ledger in blocks block by block, of one of format 1
  /// line by line, of the seats all at once. A sealed file is opened with `secrets`. Ends when `show` answers false.
  ///
  /// Throws where something is wrong, after everything before it was handed over; only the end proves that nothing is missing.
  package static func read(
    _ path: String, with secrets: [RecoverySecret], show: ([UInt8]) -> Bool
  ) throws(AdminError) {
    let isSealed = try DiskReader(path).read().starts(with: sealedStart)
    guard !isSealed || !secrets.isEmpty else { throw .sealed(path: path) }
    let input = try StoredFileReader(path, named: path, opening: isSealed ? secrets : nil)
    let start = try input.read()
    if isSeats(start) {
      let text = try seats(path, start, input)
      _ = show(Array(text.utf8))
    } else {
      try ledger(path, start, input, show)
    }
  }

  private static func isSeats(_ start: [UInt8]) -> Bool {
    // What cannot be unpacked is told by whoever reads it to its end.
    guard let gzip = try? GzipDecoder(), (try? gzip.receive(start)) != nil, let text = try? gzip.next() else {
      return false
    }
    let first = text.prefix { $0 != UInt8(ascii: "\n") }
    return String(decoding: first, as: UTF8.self).hasSuffix(" seats")
  }

  private static func seats(
    _ path: String, _ start: [UInt8], _ input: StoredFileReader
  ) throws(AdminError) -> String {
    var bytes = start
    while bytes.count <= SeatsFile.limitBytes {
      let piece = try input.read()
      if piece.isEmpty { break }
      bytes += piece
    }
    return try coding(path) { () throws(SnapshotError) in try SeatsFile.text(bytes) }
  }

  private static func ledger(
    _ path: String, _ start: [UInt8], _ input: StoredFileReader, _ show: ([UInt8]) -> Bool
  ) throws(AdminError) {
    var reader = SnapshotReader(keepingText: true)
    var bytes = start
    do throws(AdminError) {
      while !bytes.isEmpty {
        try coding(path) { () throws(SnapshotError) in try reader.receive(bytes) }
        while try coding(path, { () throws(SnapshotError) in try reader.next() }) != nil {
          guard self.show(&reader, show) else { return }
        }
        guard self.show(&reader, show) else { return }
        bytes = try input.read()
      }
      try coding(path) { () throws(SnapshotError) in try reader.finish() }
    } catch {
      // What was proved before is shown before it is said what is wrong.
      _ = self.show(&reader, show)
      throw error
    }
  }

  private static func show(_ reader: inout SnapshotReader, _ show: ([UInt8]) -> Bool) -> Bool {
    let text = reader.takeText()
    return text.isEmpty || show(text)
  }
}
