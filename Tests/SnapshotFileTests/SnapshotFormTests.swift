import EditModel
import LineProtocol
import SnapshotFile
import Testing

@Suite struct SnapshotFormTests {
  @Test(arguments: [(0, 0, 0), (1, 0, 0), (3_000, 0, 0), (40, 25, 3), (0, 2, 1)])
  func comesBackAsItWasWritten(acts: Int, refusals: Int, parents: Int) throws {
    let sample = try SnapshotSample(acts: acts, refusals: refusals, parents: parents)
    #expect(try entries(of: sample.file()) == sample.entries)
  }

  @Test(arguments: [1, 2, 7, 1_000])
  func pieceSizesMakeNoDifference(size: Int) throws {
    let sample = try SnapshotSample(acts: 40, refusals: 3, parents: 1)
    #expect(try entries(of: sample.file(), size: size) == sample.entries)
  }

  @Test func readsAsText() throws {
    let sample = try SnapshotSample(acts: 1, refusals: 1, parents: 1)
    let lines = try sample.lines()
    #expect(
      lines.prefix(7) == [
        "taizhang-snapshot 1 ledger", "ledger 土城镇-2023", "created \(sample.header.created)",
        "epoch \(sample.header.epoch)", "parent g1.0000000000000007 0",
        "taken \(sample.header.takenAt)",
        "seq \(sample.edits.count)",
      ])
    #expect(
      Array(lines[7..<(7 + sample.edits.count)]) == sample.edits.map { "+ " + EditLine.text($0) })
    let act = try #require(sample.refusals.first).act
    #expect(
      lines.suffix(3).first
        == "- \(act.replica).1 00000000000000000000000000000000 shelve stage-needs opinion")
    #expect(lines.suffix(2).first == "count \(sample.edits.count) 1")
    #expect(lines.last?.utf8.count == "end sha256 ".utf8.count + 64)
  }

  @Test func beginsWithTheOneHeader() throws {
    #expect(try SnapshotSample(acts: 5).file().prefix(10) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3])
  }

  @Test func refusesToEndBeforeTheLastLine() throws {
    let sample = try SnapshotSample(acts: 3)
    var bytes: [UInt8] = []
    var writer = try SnapshotWriter(sample.header, to: &bytes)
    #expect(throws: SnapshotError.self) { try writer.finish(to: &bytes) }
  }

  @Test func carriesAnEditOfTheGreatestLength() throws {
    let sample = try SnapshotSample(acts: 1)
    let first = try #require(sample.edits.first)
    let room = Limits.authorBytes - EditLine.text(first.holding("x").edit).utf8.count + 1
    for (length, wanted) in [(room, SnapshotError.Kind?.none), (room + 1, .malformed)] {
      let header = SnapshotHeader(
        ledger: "a", created: .zero, history: SnapshotHistory(epoch: sample.header.epoch),
        takenAt: .zero, seq: 1)
      var bytes: [UInt8] = []
      var writer = try SnapshotWriter(header, to: &bytes)
      let long = first.holding(String(repeating: "x", count: length))
      try writer.add(line: Array(EditLine.text(long).utf8), to: &bytes)
      try writer.finish(to: &bytes)
      #expect(try refusal(of: bytes) == wanted)
    }
  }
}

extension AcceptedEdit {
  /// The same with another value.
  fileprivate func holding(_ text: String) -> AcceptedEdit {
    let change = Change(entity: edit.entity, field: edit.field, value: .text(ExactString(text)))
    let other = Edit(
      id: edit.id, actSize: edit.actSize, stamp: edit.stamp, shift: edit.shift, base: edit.base,
      change: change)
    return AcceptedEdit(seq: 1, receipt: receipt, seat: seat, edit: other)
  }
}
