import EditModel
import GRDB
import LineProtocol
import NIOCore
import Testing

@testable import LedgerStore

/// A run is the bytes that were handed over, cut between lines only, and gives back just the lines that went in.
@Suite struct HistoryRunTests {
  @Test func aSmallCommitIsOneRun() throws {
    let sample = try LedgerSample()
    let batch = HistoryBatch(sample.edits)
    let run = try #require(batch.runs.first)
    #expect(batch.runs.count == 1)
    #expect(run.firstSeq == 1 && run.lastSeq == UInt64(sample.edits.count))
    #expect(String(buffer: run.bytes) == sample.edits.map { "+ \(EditLine.text($0))\n" }.joined())
  }

  /// Lines around the limit: each run but one with a single long line keeps to it, none is cut within a line.
  @Test(arguments: [100, HistoryRun.limitBytes / 2 - 1, HistoryRun.limitBytes - 1, HistoryRun.limitBytes, 65_000])
  func aLargeCommitIsCutBetweenLines(lineBytes: Int) throws {
    let rows = (1...40 as ClosedRange<UInt64>).map { seq in
      let start = "\(seq) "
      return HistoryRow(
        seq: seq, line: ByteBuffer(string: start + String(repeating: "x", count: lineBytes - start.utf8.count)))
    }
    let runs = HistoryBatch(rows: rows).runs
    var back: [HistoryRow] = []
    for run in runs {
      #expect(run.bytes.readableBytes <= HistoryRun.limitBytes || run.firstSeq == run.lastSeq)
      run.bytes.withUnsafeReadableBytes { bytes in
        var lines = RunLines(bytes, lastSeq: run.lastSeq)
        while let (seq, line) = lines.next() { back.append(HistoryRow(seq: seq, line: ByteBuffer(bytes: line))) }
        #expect(!lines.isBroken)
      }
    }
    #expect(back == rows)
    #expect(zip(runs, runs.dropFirst()).allSatisfy { $0.lastSeq + 1 == $1.firstSeq })
  }

  @Test(arguments: [
    ("", 1), ("+ 1 a\n", 2), ("+ 2 a\n", 1), ("1 a\n", 1), ("+ 1 a", 1), ("+ 1 a\n+ 3 b\n", 2), ("+ x a\n", 1),
    ("+ 1 a\nx\n", 2), ("\n", 1),
  ])
  func aRowThatIsNoRunIsBroken(text: String, lastSeq: UInt64) {
    let isBroken = Array(text.utf8).withUnsafeBytes { bytes in
      var lines = RunLines(bytes, lastSeq: lastSeq)
      while lines.next() != nil {}
      return lines.isBroken
    }
    #expect(isBroken)
  }

  @Test func aBrokenRowIsReportedAndNotPassedOver() throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    try store.append(HistoryBatch(sample.edits))
    try #require(store.connection).run("test") { db in
      try db.execute(sql: "UPDATE history SET lines = substr(lines, 1, length(lines) - 9)")
    }
    let error = StoreError.unreadable(file: sample.path, seq: UInt64(sample.edits.count))
    #expect(throws: error) { _ = try store.reader().lines(after: 0, through: .max) }
    #expect(throws: error) { _ = try store.loaded() }
  }

  @Test func singleLinesAreFoundAcrossRuns() throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    for edits in sample.acts { try store.append(HistoryBatch(edits)) }
    let last = UInt64(sample.edits.count)
    let wanted: [UInt64] = [last, 1, 2, 2, last / 2, last + 1, 0, 3]
    let found = try store.reader().lines(wanted)
    #expect(found.map(\.seq) == wanted.filter { (1...last).contains($0) })
    #expect(found.map(\.text) == found.map { EditLine.text(sample.edits[Int($0.seq) - 1]) })
  }
}

@Suite struct PackedNumbersTests {
  @Test(arguments: [
    [], [0], [1], [63], [64], [127], [128], [1, 2, 3], [5, 4, 3], [7, 7], [1 << 53, 1, 1 << 61], [0, 1 << 62 - 1, 0],
  ])
  func giveBackWhatWentIn(numbers: [UInt64]) {
    var packed = PackedNumbers()
    for number in numbers { packed.append(number) }
    #expect(packed.bytes.withUnsafeBytes { PackedNumbers.numbers($0) } == numbers)
  }

  @Test func neighboursTakeOneByte() {
    var packed = PackedNumbers()
    for number in 1_000_000...1_000_511 as ClosedRange<UInt64> { packed.append(number) }
    #expect(packed.bytes.count == 511 + 3)
  }

  @Test func whatEndsWithinANumberIsNone() {
    #expect([UInt8(0x80)].withUnsafeBytes { PackedNumbers.numbers($0) } == nil)
  }
}
