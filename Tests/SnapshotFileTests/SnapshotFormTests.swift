import EditModel
import LineProtocol
import Testing

@testable import SnapshotFile

@Suite struct SnapshotFormTests {
  @Test(arguments: [(0, 0, 0, 0), (1, 0, 0, 0), (3_000, 0, 0, 700), (40, 25, 3, 1), (0, 2, 1, 0), (5, 0, 0, 99)])
  func comesBackAsItWasWritten(acts: Int, refusals: Int, parents: Int, unlinked: Int) throws {
    let sample = try SnapshotSample(acts: acts, refusals: refusals, parents: parents, unlinked: unlinked)
    #expect(try entries(of: sample.file()) == sample.entries)
  }

  @Test(arguments: [1, 2, 7, 1_000])
  func pieceSizesMakeNoDifference(size: Int) throws {
    let sample = try SnapshotSample(acts: 40, refusals: 3, parents: 1)
    #expect(try entries(of: sample.file(), size: size) == sample.entries)
  }

  @Test func readsAsText() throws {
    let sample = try SnapshotSample(acts: 1, refusals: 1, parents: 1)
    let lines = try sample.text()
    #expect(
      lines.prefix(8) == [
        "taizhang-snapshot 2 ledger", "ledger 土城镇-2023", "created \(sample.header.created)",
        "epoch \(sample.header.epoch)", "parent g1.0000000000000007 0 0",
        "taken \(sample.header.takenAt)", "seq \(sample.edits.count)", "head \(sample.header.head)",
      ])
    let history = lines.dropFirst(8)
    #expect(history.first == "= " + EditLine.text(sample.edits[0]))
    #expect(
      Array(history.dropFirst(sample.cells.count).prefix(sample.edits.count))
        == sample.edits.map { "+ " + EditLine.text($0) })
    #expect(
      history.dropFirst(sample.cells.count + sample.edits.count).first
        == "~ " + Base64URL.text(sample.salts.flatMap(\.self)))
    let act = try #require(sample.refusals.first).act
    #expect(lines.contains("- \(act.replica).1 00000000000000000000000000000000 shelve stage-needs opinion"))
    #expect(lines.suffix(2).first == "count \(sample.cells.count) \(sample.edits.count) 1")
    #expect(lines.last?.utf8.count == "end sha256 ".utf8.count + 64)
  }

  /// To Swift a space and an accent are one character.
  @Test func aNameMayBeginWithAnAccent() throws {
    var blocks = try forgeable()
    blocks[0][1] = "ledger \u{301}a"
    blocks[3][1] = "- q2w8rt5n.1 00112233445566778899aabbccddeeff \u{301}"
    blocks[3].removeFirst()
    #expect(try refusal(of: forged(blocks)) == nil)
    var first = try SnapshotSample(acts: 1).firstFormatLines
    first[1] = blocks[0][1]
    #expect(try refusal(of: sealed(first)) == nil)
  }

  /// What every other program that reads gzip sees, member for member.
  @Test func everyBlockIsAGzipMemberThatSaysItsLength() throws {
    let file = try SnapshotSample(acts: 5).file()
    for block in try blocks(of: file) {
      #expect(
        block.prefix(16) == [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 3, 8, 0, UInt8(ascii: "T"), UInt8(ascii: "Z"), 4, 0])
    }
    #expect(try textLines(of: file).first == "taizhang-snapshot 2 ledger")
  }

  /// A megabyte of lines to a block, each with the salts of its own.
  @Test func aLongHistoryStandsInSeveralBlocks() throws {
    let sample = try SnapshotSample(acts: 6_000)
    let file = try sample.file()
    let plain = try blocks(of: file).map(GzipBlock.unpacked)
    let history = plain.filter { $0.first == UInt8(ascii: "+") }
    #expect(history.count > 1)
    #expect(history.allSatisfy { $0.count <= GzipBlock.limitPlainBytes })
    #expect(history.dropLast().allSatisfy { $0.count > SnapshotBlock.fullBytes })
    #expect(try entries(of: file) == sample.entries)
  }

  /// As the lines of any kind: however many blocks there are, they have an index that is read.
  @Test func aLongIndexStandsInSeveralBlocks() throws {
    var writer = SnapshotWriter(try SnapshotSample(acts: 0).header)
    try writer.finish()
    let first = try #require(try writer.takeBlocks().map { try PackedBlock($0) }.first)
    writer.index(Array(repeating: first.entry, count: 8_000))
    let found = writer.takeBlocks().map(\.text)
    #expect(found.count == 2 && found.allSatisfy { $0.starts(with: "block ".utf8) && $0.last == UInt8(ascii: "\n") })
    #expect(found[0].count >= SnapshotBlock.fullBytes && found[0].count < SnapshotBlock.fullBytes + 1_000)
    let text = String(decoding: found.joined(), as: UTF8.self)
    let wanted = Array(repeating: first.entry.text, count: 8_000) + ["count 0 0 0"]
    let body = wanted.map { $0 + "\n" }.joined()
    #expect(text == body + "end sha256 \(sha256(body))\n")
  }

  @Test func aFileOfManyBlocksIsRead() throws {
    var blocks = try forgeable()
    let count = blocks.count
    blocks += (10..<7_010).map { ["- q2w8rt5n.\($0) 00112233445566778899aabbccddeeff shelve absent ."] }
    blocks.remove(at: count - 1)
    let file = try forged(blocks, width: 6_600)
    #expect(try entries(of: file).count { if case .refusal = $0 { true } else { false } } == 7_000)
  }

  @Test func refusesToEndBeforeTheLastLine() throws {
    var writer = SnapshotWriter(try SnapshotSample(acts: 3).header)
    #expect(throws: SnapshotError(.mismatch, at: 0)) { try writer.finish() }
  }

  @Test func carriesAnEditOfTheGreatestLength() throws {
    let sample = try SnapshotSample(acts: 1)
    let first = try #require(sample.edits.first)
    let room = Limits.authorBytes - EditLine.text(first.holding("x").edit).utf8.count + 1
    for (length, wanted) in [(room, SnapshotError.Kind?.none), (room + 1, .malformed)] {
      let header = SnapshotHeader(
        ledger: "a", created: .zero, history: SnapshotHistory(epoch: sample.header.epoch),
        takenAt: .zero, seq: 1, head: .start)
      var writer = SnapshotWriter(header)
      let long = first.holding(String(repeating: "x", count: length))
      Array(EditLine.text(long).utf8).withUnsafeBytes { writer.add(line: $0, salt: nil) }
      try writer.finish()
      var packed = try writer.takeBlocks().map { try PackedBlock($0) }
      writer.index(packed.map(\.entry))
      packed += try writer.takeBlocks().map { try PackedBlock($0) }
      #expect(try refusal(of: packed.flatMap(\.bytes)) == wanted)
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
