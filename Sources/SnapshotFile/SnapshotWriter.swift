import Crypto
import EditModel
import LineProtocol

/// Writes a ledger's snapshot: header, lines in seq order, kept refusals, trailer; hands out gzip bytes as it goes.
///
/// The caller writes the bytes where they belong. Memory: one piece of zlib's, whatever the size of the ledger.
package struct SnapshotWriter {
  private let gzip: GzipEncoder
  private var hash = SHA256()
  private var written: UInt64 = 0
  private var refusals: UInt64 = 0
  private let header: SnapshotHeader

  /// Begins a snapshot; its first bytes are appended to `output`.
  package init(_ header: SnapshotHeader, to output: inout [UInt8]) throws(SnapshotError) {
    self.header = header
    self.gzip = try GzipEncoder()
    try write("taizhang-snapshot \(SnapshotHeader.format) ledger", to: &output)
    try write("ledger \(header.ledger)", to: &output)
    try write("created \(header.created)", to: &output)
    try write("epoch \(header.epoch)", to: &output)
    for parent in header.parents {
      try write("parent \(parent.epoch) \(parent.forkSeq)", to: &output)
    }
    try write("taken \(header.takenAt)", to: &output)
    try write("seq \(header.seq)", to: &output)
  }

  /// Adds the server's line of seq `written + 1`, without LF, exactly as it is stored.
  package mutating func add(line: [UInt8], to output: inout [UInt8]) throws(SnapshotError) {
    written += 1
    try write([UInt8(ascii: "+"), UInt8(ascii: " ")] + line, to: &output)
  }

  /// Adds a refusal that the server keeps; all of them come behind the last line.
  package mutating func add(_ refusal: KeptRefusal, to output: inout [UInt8]) throws(SnapshotError) {
    refusals += 1
    let id = "\(refusal.act.replica).\(refusal.act.n)"
    try write("- \(id) \(refusal.digest.hexadecimal) \(refusal.answer)", to: &output)
  }

  /// Writes the trailer and ends the file. Throws `mismatch` when not all lines up to the header's seq were added.
  package mutating func finish(to output: inout [UInt8]) throws(SnapshotError) {
    guard written == header.seq else { throw SnapshotError(.mismatch, at: Int(written)) }
    try write("count \(written) \(refusals)", to: &output)
    let digest = hash.finalize().hexadecimal
    try gzip.write(Array("end sha256 \(digest)\n".utf8), to: &output)
    try gzip.finish(to: &output)
  }

  private mutating func write(_ text: String, to output: inout [UInt8]) throws(SnapshotError) {
    try write(Array(text.utf8), to: &output)
  }

  private mutating func write(_ bytes: [UInt8], to output: inout [UInt8]) throws(SnapshotError) {
    let line = bytes + [UInt8(ascii: "\n")]
    hash.update(data: line)
    try gzip.write(line, to: &output)
  }
}
