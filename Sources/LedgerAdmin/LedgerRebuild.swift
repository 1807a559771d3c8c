import EditModel
import LedgerStore
import LineProtocol
import NIOCore
import SnapshotFile

/// A ledger's file while it is rebuilt from a snapshot.
struct LedgerRebuild {
  /// How many lines, or refusals, go into one transaction.
  private static let batchRows = 5_000

  private let folder: String
  private var store: ServerStore?
  private var rows: [HistoryRow] = []
  private var shelved: [ShelvedRow] = []
  private var linking = ChainLinking(after: .start)
  private var cut: MomentCut

  /// Built in `folder` of the lines before `moment`, of all where there is none.
  init(folder: String, until moment: RestoreMoment?) {
    self.folder = folder
    cut = MomentCut(moment)
  }

  /// Takes the next entry of the snapshot.
  mutating func take(_ entry: SnapshotEntry) throws(AdminError) {
    switch entry {
    case .header(let header): try begin(header)
    // What is derived is derived from the lines.
    case .cell: break
    case .line(let line):
      guard cut.holds(line.edit) else { return }
      rows.append(HistoryRow(seq: line.edit.seq, line: ByteBuffer(bytes: line.text)))
      if let salt = line.salt { line.text.withUnsafeBytes { linking.add($0, salt: salt) } }
    // All of them, whenever they were: a refusal says no time, and its author has the act on the shelf.
    case .refusal(let refusal):
      shelved.append(ShelvedRow(id: refusal.act, digest: refusal.digest, answer: refusal.answer))
    case .end: try flush()
    }
    if rows.count + shelved.count >= LedgerRebuild.batchRows { try flush() }
  }

  /// Begins the new epoch above the last line and closes the file, which is then whole without a log beside it; answers the
  /// last line's seq. Acts whose stamp is not after `heldThrough` are held back; none where it is nil.
  mutating func finish(_ epoch: Epoch, heldThrough: Stamp?) throws(AdminError) -> UInt64 {
    guard let store else { return 0 }
    try storing { () throws(StoreError) in
      try store.beginEpoch(epoch, heldThrough: heldThrough)
      try store.restartLog()
      try store.close()
    }
    self.store = nil
    try Disk.syncFile(store.path)
    return store.lastSeq
  }

  private mutating func begin(_ header: SnapshotHeader) throws(AdminError) {
    let path = "\(folder)/\(header.ledger).sqlite"
    let parents = header.parents.map {
      LedgerHeader.Parent(epoch: $0.epoch, forkSeq: $0.forkSeq, linkedSeq: $0.linkedSeq)
    }
    let first = LedgerHeader(
      name: header.ledger, epoch: header.epoch, created: header.created, parents: parents)
    store = try storing { () throws(StoreError) in
      try ServerStore.create(path: path, header: first)
      return try ServerStore(path: path)
    }
  }

  private mutating func flush() throws(AdminError) {
    guard let store else { return }
    var batch = HistoryBatch(rows: rows)
    batch.shelved = shelved
    (rows, shelved) = ([], [])
    let (ready, links) = (batch, linking.finish())
    linking = ChainLinking(after: links.head)
    try storing { () throws(StoreError) in
      try store.append(ready)
      try store.link(links)
    }
  }
}
