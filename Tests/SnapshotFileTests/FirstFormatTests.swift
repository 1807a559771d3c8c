import EditModel
import LineProtocol
import Testing

@testable import SnapshotFile

/// A file of format 1 is read as ever, and found out as ever.
@Suite struct FirstFormatTests {
  @Test(arguments: [(0, 0, 0), (1, 0, 0), (3_000, 0, 0), (40, 25, 3), (0, 2, 1)])
  func comesBackAsItWasWritten(acts: Int, refusals: Int, parents: Int) throws {
    let sample = try SnapshotSample(acts: acts, refusals: refusals, parents: parents)
    for size in [1_000, 65_536] {
      #expect(try entries(of: sample.firstFormatFile(), size: size) == sample.firstFormatEntries)
    }
  }

  @Test func everyCutIsFound() throws {
    let file = try SnapshotSample(acts: 6, refusals: 2, parents: 1).firstFormatFile()
    for length in 0..<file.count {
      #expect(try refusal(of: Array(file[..<length])) == .truncated, "cut to \(length) bytes")
    }
  }

  /// A few bits of deflate mean nothing (what fills the last byte): with those flipped the content is the same.
  @Test func everyFlippedBitIsFoundOrMeansNothing() throws {
    let sample = try SnapshotSample(acts: 6, refusals: 2, parents: 1)
    let file = try sample.firstFormatFile()
    var unnoticed = 0
    for place in 0..<(file.count * 8) {
      var damaged = file
      damaged[place / 8] ^= 1 << UInt8(place % 8)
      guard try refusal(of: damaged) == nil else { continue }
      unnoticed += 1
      #expect(try entries(of: damaged) == sample.firstFormatEntries, "bit \(place % 8) of byte \(place / 8)")
    }
    #expect(unnoticed < 8)
  }

  @Test(arguments: [[0], [0x1F, 0x8B], Array("x\n".utf8)] as [[UInt8]])
  func bytesBehindTheEndAreFound(extra: [UInt8]) throws {
    let file = try SnapshotSample(acts: 4).firstFormatFile()
    #expect(try refusal(of: file + extra) == .trailingBytes)
  }

  @Test func bytesBehindTheEndAreFoundInTheNextPieceToo() throws {
    let file = try SnapshotSample(acts: 4).firstFormatFile()
    var reader = SnapshotReader()
    try reader.receive(file)
    while try reader.next() != nil {}
    #expect(throws: SnapshotError(.trailingBytes, at: file.count)) { try reader.receive([0]) }
  }

  /// Ways to change the text; each file that comes of it is sealed anew, so that only the rule itself can find it.
  static let forgeries: [(String, SnapshotError.Kind, @Sendable (inout [String]) -> Void)] = [
    ("newer format", .newerFormat, { $0[0] = "taizhang-snapshot 3 ledger" }),
    ("format 2 in one member", .malformed, { $0[0] = "taizhang-snapshot 2 ledger" }),
    ("other file", .malformed, { $0[0] = "taizhang-snapshot 1 seats" }),
    ("no name", .malformed, { $0[1] = "ledger ../etc" }),
    ("header out of order", .malformed, { $0.swapAt(1, 2) }),
    ("epoch that is none", .malformed, { $0[3] = "epoch 1" }),
    ("parent twice", .mismatch, { $0.insert($0[4], at: 4) }),
    ("parent above the epoch", .mismatch, { $0[4] = "parent g3.0000000000000007 0" }),
    ("seq with a zero in front", .malformed, { $0[6] = "seq 0" + $0[6].dropFirst(4) }),
    ("gap", .mismatch, { $0.remove(at: 8) }),
    ("line twice", .mismatch, { $0.insert($0[8], at: 8) }),
    ("lines out of order", .mismatch, { $0.swapAt(7, 8) }),
    ("last line gone", .mismatch, { lines in lines.remove(at: lines.count - 4) }),
    ("line past the seq", .mismatch, { $0[6] = "seq 2" }),
    ("line not in its one spelling", .malformed, { $0[8] = "+  " + $0[8].dropFirst(2) }),
    ("line of nothing", .malformed, { $0[8] = "" }),
    ("wrong count", .mismatch, { $0[$0.count - 1] = "count 999 2" }),
    (
      "wrong count of refusals", .mismatch,
      { lines in lines[lines.count - 1] = lines[lines.count - 1].dropLast() + "3" }
    ),
    (
      "line behind a refusal", .malformed,
      { lines in lines.swapAt(lines.count - 3, lines.count - 4) }
    ),
    (
      "digest too short", .malformed,
      { lines in lines[lines.count - 2] = "- q2w8rt5n.1 00 shelve absent" }
    ),
    (
      "refusal without an answer", .malformed,
      { lines in lines[lines.count - 2] = "- q2w8rt5n.1 00" }
    ),
    ("refusal twice", .mismatch, { lines in lines.insert(lines[lines.count - 2], at: lines.count - 1) }),
    ("refusals out of order", .mismatch, { lines in lines.swapAt(lines.count - 2, lines.count - 3) }),
    ("no count", .malformed, { $0.removeLast() }),
    ("unknown line", .malformed, { $0.insert("blob x", at: 8) }),
  ]

  @Test(arguments: forgeries.indices)
  func forgeriesAreFound(index: Int) throws {
    let (name, kind, forge) = FirstFormatTests.forgeries[index]
    var lines = try SnapshotSample(acts: 6, refusals: 2, parents: 1).firstFormatLines
    #expect(try refusal(of: sealed(lines)) == nil)
    forge(&lines)
    #expect(try refusal(of: sealed(lines)) == kind, "\(name)")
  }

  @Test func aWrongHashIsFound() throws {
    var lines = try SnapshotSample(acts: 6).firstFormatLines
    let end = "end sha256 \(sha256(lines.map { $0 + "\n" }.joined()))"
    lines[7].append("x")
    #expect(try refusal(of: packed(Array((lines + [end]).map { $0 + "\n" }.joined().utf8))) == .mismatch)
  }

  @Test func textBehindTheTrailerIsFound() throws {
    let file = try unpacked(SnapshotSample(acts: 2).firstFormatFile())
    #expect(try refusal(of: packed(file + Array("count 0 0\n".utf8))) == .malformed)
  }

  /// A thousandfold of its size: a line that never ends is refused when it is too long, whatever is still to come, and
  /// the compressed bytes behind that point are not even looked at.
  @Test func aBombIsRefusedWithoutBeingUnpacked() throws {
    let bomb = try packed([UInt8](repeating: UInt8(ascii: "a"), count: 16 << 20))
    #expect(bomb.count < 1 << 20)
    let gzip = try GzipDecoder()
    try gzip.receive(bomb)
    while let piece = try gzip.next(), gzip.position < bomb.count / 2 {
      #expect(piece.count <= 65_536)
    }
    var reader = SnapshotReader()
    try reader.receive(bomb)
    #expect(throws: SnapshotError(.malformed, at: 1)) { try reader.next() }
  }
}
