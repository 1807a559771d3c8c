import EditModel
package import NIOCore

/// Lines of the history that follow each other, as one row of the table holds them and as a watcher is sent them:
/// `+ LINE` and LF for each.
///
/// What one commit brings is one run, or several when it is large: an insert for each line was most of what storing it
/// cost (docs/decisions/0008-history-in-runs.md). A run says itself which lines it holds, for every line begins with
/// its seq.
package struct HistoryRun: Hashable, Sendable {
  /// The seq of its first line.
  package let firstSeq: UInt64
  /// The seq of its last line, under which it is stored.
  package let lastSeq: UInt64
  /// Its lines, each with `+ ` before and LF behind it.
  package let bytes: ByteBuffer

  /// A commit larger than this, in bytes, is cut between two lines: whoever looks for one line reads a run of it.
  package static let limitBytes = 32 << 10

  /// The lines `firstSeq` … `lastSeq`, which `bytes` hold, as one run or several.
  package static func cut(_ bytes: ByteBuffer, firstSeq: UInt64, lastSeq: UInt64) -> [HistoryRun] {
    var runs: [HistoryRun] = []
    var (rest, first) = (bytes, firstSeq)
    while rest.readableBytes > limitBytes, let length = lengthOfCut(rest), length < rest.readableBytes,
      let piece = rest.readSlice(length: length)
    {
      guard let next = rest.withUnsafeReadableBytes(HistoryRun.firstSeq) else {
        preconditionFailure("every line of a stream begins with its seq")
      }
      runs.append(HistoryRun(firstSeq: first, lastSeq: next - 1, bytes: piece))
      first = next
    }
    runs.append(HistoryRun(firstSeq: first, lastSeq: lastSeq, bytes: rest))
    return runs
  }

  /// How many bytes make up the whole lines within the limit; the first line when it alone is over it.
  private static func lengthOfCut(_ bytes: ByteBuffer) -> Int? {
    bytes.withUnsafeReadableBytes { bytes in
      let end = bytes[..<limitBytes].lastIndex(of: lineFeed) ?? bytes[limitBytes...].firstIndex(of: lineFeed)
      return end.map { $0 + 1 }
    }
  }

  /// The seq that the first line of `bytes` begins with, nil when that is no line of a run.
  static func firstSeq(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
    guard bytes.count > 2, bytes[0] == UInt8(ascii: "+"), bytes[1] == UInt8(ascii: " ") else { return nil }
    let word = bytes[2...].prefix { $0 != UInt8(ascii: " ") }
    return Decimal.number(UnsafeRawBufferPointer(rebasing: word))
  }

  private static let lineFeed = UInt8(ascii: "\n")
}

/// The lines of one row of the table, one after the other; valid as long as the row's bytes are.
struct RunLines: Sequence, IteratorProtocol {
  private var rest: UnsafeRawBufferPointer
  private var seq: UInt64
  private let last: UInt64
  /// Whether the row is not what a run is: it ends early, or a line is not where its seq says.
  private(set) var isBroken = false

  /// The lines of `row`, which is stored under `lastSeq`.
  init(_ row: UnsafeRawBufferPointer, lastSeq: UInt64) {
    rest = row
    last = lastSeq
    seq = HistoryRun.firstSeq(row) ?? 0
    isBroken = seq == 0 || seq > lastSeq
  }

  /// Whether every line was taken and nothing stands behind the last.
  var isWhole: Bool { !isBroken && seq > last && rest.isEmpty }

  /// The next line without what stands before and behind it; nil at the end, and where the row is broken.
  mutating func next() -> (seq: UInt64, line: UnsafeRawBufferPointer)? {
    guard !isBroken, seq <= last else { return nil }
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")), end > 2, HistoryRun.firstSeq(rest) == seq else {
      isBroken = true
      return nil
    }
    let line = UnsafeRawBufferPointer(rebasing: rest[2..<end])
    rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
    defer { seq += 1 }
    return (seq, line)
  }
}
