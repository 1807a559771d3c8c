import EditModel
import LineProtocol
import Testing

@testable import SnapshotFile

/// The same ledger as a program of format 1 wrote it: one gzip member, without cells and salts.
extension SnapshotSample {
  /// The text before the last line, one line an element.
  var firstFormatLines: [String] {
    ["taizhang-snapshot 1 ledger", "ledger \(header.ledger)", "created \(header.created)", "epoch \(header.epoch)"]
      + header.parents.map { "parent \($0.epoch) \($0.forkSeq)" }
      + ["taken \(header.takenAt)", "seq \(header.seq)"] + edits.map { "+ \(EditLine.text($0))" }
      + refusals.map { "- \($0.act.replica).\($0.act.n) \($0.digest.hexadecimal) \($0.answer)" }
      + ["count \(edits.count) \(refusals.count)"]
  }

  /// The file.
  func firstFormatFile() throws -> [UInt8] { try sealed(firstFormatLines) }

  /// What reading it must give.
  var firstFormatEntries: [SnapshotEntry] {
    let parents = header.parents.map { ParentEpoch(epoch: $0.epoch, forkSeq: $0.forkSeq, linkedSeq: 0) }
    let header = SnapshotHeader(
      ledger: header.ledger, created: header.created,
      history: SnapshotHistory(epoch: header.epoch, parents: parents), takenAt: header.takenAt, seq: header.seq,
      head: .start, format: SnapshotHeader.firstFormat)
    return [.header(header)]
      + edits.map { .line(SnapshotLine(text: Array(EditLine.text($0).utf8)[...], edit: $0, salt: nil)) }
      + refusals.map { .refusal($0) } + [.end]
  }
}

/// `lines` and their hash as one member.
func sealed(_ lines: [String]) throws -> [UInt8] {
  let text = lines.map { $0 + "\n" }.joined()
  return try packed(Array((text + "end sha256 \(sha256(text))\n").utf8))
}
