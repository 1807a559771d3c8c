import EditModel
import LedgerRules
import LedgerStore
import LineProtocol
import NIOCore
import SnapshotFile

/// Takes the file of one ledger.
struct LedgerTaking {
  private let reader: HistoryReader
  private let folder: String
  private let takenAt: Stamp
  /// How many cores it may keep busy.
  private let width: Int

  /// Of the ledger that `reader` reads, into the set's `folder`.
  init(_ reader: HistoryReader, into folder: String, at takenAt: Stamp, width: Int) {
    self.reader = reader
    self.folder = folder
    self.takenAt = takenAt
    self.width = width
  }

  /// What was taken.
  struct Taken {
    let file: SnapshotSet.File
    /// Where lines and links do not fit: the file has salts up to there only. Nil where all fit.
    let brokenBehind: ChainHead?
  }

  /// Takes the ledger as it stands now. Where its lines are not those that were linked it is taken all the same, with salts up
  /// to the last row that fits.
  func take() throws(AdminError) -> Taken {
    let ledger = try storing { () throws(StoreError) in try reader.header() }
    guard reader.path.hasSuffix("/\(ledger.name).sqlite") else {
      throw .store(.wrongKind(file: reader.path, expected: "ledger file of that name"))
    }
    let (seq, head) = try storing { () throws(StoreError) in try reader.standing() }
    let whole = try write(header(of: ledger, seq, head))
    guard case .broken(let fitting) = whole else { return Taken(file: try file(whole), brokenBehind: nil) }
    try Disk.remove("\(folder)/\(fileName(ledger.name))")
    let part = try write(header(of: ledger, seq, fitting))
    return Taken(file: try file(part), brokenBehind: fitting)
  }

  private enum Written {
    case whole(SnapshotSet.File)
    /// The row of links behind this head does not fit its lines.
    case broken(ChainHead)
  }

  private func file(_ written: Written) throws(AdminError) -> SnapshotSet.File {
    switch written {
    case .whole(let file): return file
    // What fitted before fits no more: somebody writes into the file.
    case .broken(let head): throw .store(.unreadable(file: reader.path, seq: head.seq + 1))
    }
  }

  private func fileName(_ ledger: ExactString) -> String { "\(ledger).ledger.gz" }

  private func header(of ledger: LedgerHeader, _ seq: UInt64, _ head: ChainHead) -> SnapshotHeader {
    let history = SnapshotHistory(
      epoch: ledger.epoch,
      parents: ledger.parents.map { ParentEpoch(epoch: $0.epoch, forkSeq: $0.forkSeq, linkedSeq: $0.linkedSeq) },
      heldThrough: ledger.heldThrough)
    return SnapshotHeader(
      ledger: ledger.name, created: ledger.created, history: history, takenAt: takenAt, seq: seq, head: head)
  }

  private func write(_ header: SnapshotHeader) throws(AdminError) -> Written {
    let name = fileName(header.ledger)
    let file = try SetFileWriter(name, in: folder)
    var writer = SnapshotWriter(header)
    var packing = BlockPacking(into: file, named: name, width: width)
    try writeCells(header, &writer, &packing)
    if let broken = try writeLines(header, &writer, &packing) { return .broken(broken) }
    for row in try storing({ () throws(StoreError) in try reader.shelved(through: header.seq) }) {
      writer.add(KeptRefusal(act: row.id, digest: row.digest, answer: row.answer))
      try packing.take(writer.takeBlocks())
    }
    try coding(name) { () throws(SnapshotError) in try writer.finish() }
    try packing.take(writer.takeBlocks())
    try packing.finish()
    writer.index(packing.index)
    try packing.take(writer.takeBlocks())
    try packing.finish()
    return .whole(try file.finish(ledger: SnapshotSet.Ledger(name: header.ledger, seq: header.seq)))
  }

  /// The lines that win, as the history says: what was derived from it may be damaged.
  private func writeCells(
    _ header: SnapshotHeader, _ writer: inout SnapshotWriter, _ packing: inout BlockPacking
  ) throws(AdminError) {
    let seqs = try storing { () throws(StoreError) in
      var state = LedgerState()
      // In pieces, so that a running server's log is not kept from being copied back.
      var seen: UInt64 = 0
      while seen < header.seq {
        let end = min(seen + LedgerTaking.linesInPiece, header.seq)
        try reader.visit(after: seen, through: end) { _ = state.apply($0) }
        seen = end
      }
      return state.winners().map(\.seq)
    }
    for start in stride(from: 0, to: seqs.count, by: LedgerTaking.cellsInPiece) {
      let piece = seqs[start..<min(start + LedgerTaking.cellsInPiece, seqs.count)]
      let rows = try storing { () throws(StoreError) in try reader.lines(piece) }
      for row in rows { row.line.withUnsafeReadableBytes { writer.add(cell: $0) } }
      try packing.take(writer.takeBlocks())
    }
  }

  private static let cellsInPiece = 4_096
  private static let linesInPiece: UInt64 = 16_384

  /// The lines with their salts, row of links by row; answers where the links do not fit, nil where they do.
  private func writeLines(
    _ header: SnapshotHeader, _ writer: inout SnapshotWriter, _ packing: inout BlockPacking
  ) throws(AdminError) -> ChainHead? {
    var written: UInt64 = 0
    while written < header.head.seq {
      let before = writer.head
      let row = try storing { () throws(StoreError) in try reader.linkedRow(after: written) }
      guard let row, row.head.seq <= min(header.head.seq, header.seq) else { return before }
      try write(through: row.head.seq, salts: row.salts, &written, &writer, &packing)
      guard written == row.head.seq else { throw .store(.unreadable(file: reader.path, seq: written + 1)) }
      guard writer.head == row.head else { return before }
    }
    try write(through: header.seq, salts: nil, &written, &writer, &packing)
    return nil
  }

  /// Writes the lines up to `last`.
  private func write(
    through last: UInt64, salts: [UInt8]?, _ written: inout UInt64, _ writer: inout SnapshotWriter,
    _ packing: inout BlockPacking
  ) throws(AdminError) {
    let before = written
    while written < last {
      let start = written
      let rows = try storing { () throws(StoreError) in try reader.lines(after: start, through: last) }
      guard !rows.isEmpty else { return }
      for row in rows {
        // A line twice, or a gap, as where somebody wrote into the file.
        guard row.seq == written + 1 else { throw .store(.unreadable(file: reader.path, seq: written + 1)) }
        row.line.withUnsafeReadableBytes { line in
          guard let salts else { return writer.add(line: line, salt: nil) }
          let place = Int(written - before) * ChainFormula.saltBytes
          salts.withUnsafeBytes { salts in
            writer.add(
              line: line, salt: UnsafeRawBufferPointer(rebasing: salts[place..<place + ChainFormula.saltBytes]))
          }
        }
        written = row.seq
        try packing.take(writer.takeBlocks())
      }
    }
  }
}
