import Crypto
import EditModel
import LedgerRules
import LedgerStore
package import SealedFile
import SnapshotFile

/// Reads a set from the disk and checks all of it, without touching anything else.
package enum SnapshotProof {
  /// Checks each file's size and hash, then every line of it (order, spelling, counts, the hash in the trailer); throws
  /// `damaged` or `damagedSet` at the first that is not as it was written. A sealed set is opened with `secrets`.
  package static func verify(_ set: SnapshotSet, with secrets: [RecoverySecret] = []) throws(AdminError) {
    for file in set.files { try verify(file, of: set, with: secrets) }
  }

  /// The same for one of the set's files; `read` is told of packed bytes as they are read, `visit` sees every entry of a ledger.
  static func verify(
    _ file: SnapshotSet.File, of set: SnapshotSet, with secrets: [RecoverySecret] = [],
    read: (Int) -> Void = { _ in }, visit: (SnapshotEntry) -> Void = { _ in }
  ) throws(AdminError) {
    guard let ledger = file.ledger else {
      let lines = try seatLines(set, file, with: secrets)
      return try storing { () throws(StoreError) in try SeatStore.check(lines: lines) }
    }
    var cells = FoldedCells()
    let found = try LedgerFile.read(
      set, file, with: secrets, read: read,
      take: { (entry) throws(AdminError) in
        cells.take(entry)
        visit(entry)
      })
    guard cells.areFolded else {
      throw .damagedSet(path: set.path, reason: "the cells of \(file.name) are not those of its history")
    }
    guard found.ledger == ledger.name, found.seq == ledger.seq else {
      throw .damagedSet(
        path: set.path, reason: "\(file.name) is not the ledger that its list names")
    }
  }

  /// The rows of a set's seats, checked.
  static func seatLines(
    _ set: SnapshotSet, _ file: SnapshotSet.File, with secrets: [RecoverySecret] = []
  ) throws(AdminError) -> [String] {
    let reader = try set.reader(of: file, opening: secrets)
    var bytes: [UInt8] = []
    while UInt64(bytes.count) <= file.bytes, bytes.count <= SeatsFile.limitBytes {
      let piece = try reader.read()
      if piece.isEmpty { break }
      bytes += piece
    }
    guard UInt64(bytes.count) == file.bytes,
      SHA256.hash(data: bytes).hexadecimal == file.sha256
    else {
      throw .damaged(file: file.name, SnapshotError(.mismatch, at: bytes.count))
    }
    try file.requireStored(reader)
    return try coding(file.name) { () throws(SnapshotError) in try SeatsFile.lines(bytes) }
  }
}

/// Whether the cells of a snapshot are those to which its history folds.
struct FoldedCells {
  private var state = LedgerState()
  private var seqs: [UInt64] = []
  /// A file of format 1 has no cells, and its lines need not be folded.
  private var hasCells = true

  mutating func take(_ entry: SnapshotEntry) {
    switch entry {
    case .header(let header): hasCells = header.format != SnapshotHeader.firstFormat
    case .cell(let edit): seqs.append(edit.seq)
    case .line(let line): if hasCells { _ = state.apply(line.edit) }
    case .refusal, .end: break
    }
  }

  var areFolded: Bool { seqs == state.winners().map(\.seq) }
}

/// A ledger's file of a set, read from the disk.
enum LedgerFile {
  /// Reads the whole file, handing over every entry, and proves it; returns its header. What `take` did is to be thrown
  /// away when this throws: entries come before the end has proved them. `read` is told of packed bytes as they are read.
  static func read(
    _ set: SnapshotSet, _ file: SnapshotSet.File, with secrets: [RecoverySecret] = [],
    read: (Int) -> Void = { _ in }, take: (SnapshotEntry) throws(AdminError) -> Void
  ) throws(AdminError) -> SnapshotHeader {
    let input = try set.reader(of: file, opening: secrets)
    var hash = SHA256()
    var count: UInt64 = 0
    var header: SnapshotHeader?
    var reader = SnapshotReader()
    while true {
      let bytes = try input.read()
      if bytes.isEmpty { break }
      hash.update(data: bytes)
      count += UInt64(bytes.count)
      read(bytes.count)
      try coding(file.name) { () throws(SnapshotError) in try reader.receive(bytes) }
      while let entry = try coding(file.name, { () throws(SnapshotError) in try reader.next() }) {
        if case .header(let first) = entry { header = first }
        try take(entry)
      }
    }
    try coding(file.name) { () throws(SnapshotError) in try reader.finish() }
    guard let header, count == file.bytes, hash.finalize().hexadecimal == file.sha256 else {
      throw .damaged(file: file.name, SnapshotError(.mismatch, at: Int(count)))
    }
    try file.requireStored(input)
    return header
  }
}
