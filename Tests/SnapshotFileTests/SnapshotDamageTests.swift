import EditModel
import LineProtocol
import Testing

@testable import SnapshotFile

@Suite struct SnapshotDamageTests {
  @Test func everyCutIsFound() throws {
    let file = try SnapshotSample(acts: 6, refusals: 2, parents: 1).file()
    for length in 0..<file.count {
      #expect(try refusal(of: Array(file[..<length])) == .truncated, "cut to \(length) bytes")
    }
  }

  /// The index has the hashes of every other block's bytes. Of its own block a few bits of deflate mean nothing (what fills the
  /// last byte): with those flipped the content is the same.
  @Test func everyFlippedBitIsFoundOrMeansNothing() throws {
    let sample = try SnapshotSample(acts: 3, refusals: 1, parents: 1)
    let file = try sample.file()
    let indexStart = try #require(try blocks(of: file).last).startIndex
    var unnoticed = 0
    for place in 0..<(file.count * 8) {
      var damaged = file
      damaged[place / 8] ^= 1 << UInt8(place % 8)
      guard try refusal(of: damaged) == nil else { continue }
      unnoticed += 1
      #expect(place / 8 >= indexStart)
      #expect(try entries(of: damaged) == sample.entries, "bit \(place % 8) of byte \(place / 8)")
    }
    #expect(unnoticed < 8)
  }

  @Test(arguments: [[0], [0x1F, 0x8B], Array("x\n".utf8)] as [[UInt8]])
  func bytesBehindTheEndAreFound(extra: [UInt8]) throws {
    let file = try SnapshotSample(acts: 4).file()
    #expect(try refusal(of: file + extra) == .trailingBytes)
    #expect(try refusal(of: file + file) == .trailingBytes)
  }

  /// A block that is damaged is named, so that it is known what part of the file another copy must bring.
  @Test func theDamagedBlockIsNamed() throws {
    let file = try SnapshotSample(acts: 3_000, refusals: 2).file()
    for (number, block) in try blocks(of: file).enumerated() {
      var damaged = file
      damaged[block.endIndex - 1] ^= 1
      #expect(throws: SnapshotError(.damaged, at: block.endIndex, block: number + 1)) { try entries(of: damaged) }
    }
  }

  /// Ways to change the text. Each block that comes of it is packed anew, and the index made anew with its hashes, so that
  /// only the rule itself can find it.
  static let forgeries: [(String, SnapshotError.Kind, @Sendable (inout [[String]]) -> Void)] = [
    ("newer format", .newerFormat, { $0[0][0] = "taizhang-snapshot 3 ledger" }),
    ("format 1 in blocks", .malformed, { $0[0][0] = "taizhang-snapshot 1 ledger" }),
    ("no format", .malformed, { $0[0][0] = "taizhang-snapshot 0 ledger" }),
    ("other file", .malformed, { $0[0][0] = "taizhang-snapshot 2 seats" }),
    ("no name", .malformed, { $0[0][1] = "ledger ../etc" }),
    ("header out of order", .malformed, { $0[0].swapAt(1, 2) }),
    ("header cut", .malformed, { $0[0].removeLast() }),
    ("line behind the header", .malformed, { $0[0].append("seq 1") }),
    ("epoch that is none", .malformed, { $0[0][3] = "epoch 1" }),
    ("parent linked behind its fork", .mismatch, { $0[0][4] = "parent g1.0000000000000007 0 1" }),
    ("parent twice", .mismatch, { $0[0].insert($0[0][4], at: 4) }),
    ("parents not oldest first", .mismatch, { $0[0].insert("parent g2.0000000000000007 0 0", at: 4) }),
    ("parent of the epoch's generation", .mismatch, { $0[0][4] = "parent g2.0000000000000007 0 0" }),
    ("parent above the epoch", .mismatch, { $0[0][4] = "parent g3.0000000000000007 0 0" }),
    ("head behind the last line", .mismatch, { $0[0][7] = "head 99:\(String(repeating: "0", count: 64))" }),
    (
      "other head", .mismatch,
      { $0[0][7] = $0[0][7].prefix { $0 != ":" } + ":" + String(repeating: "0", count: 64) }
    ),
    ("header twice", .malformed, { $0.insert($0[0], at: 1) }),
    ("no header", .malformed, { $0.removeFirst() }),
    ("cells behind the lines", .malformed, { $0.swapAt(1, 2) }),
    ("refusals before the lines", .malformed, { $0.swapAt(2, 3) }),
    ("cell twice", .mismatch, { $0[1].insert($0[1][0], at: 0) }),
    ("cell that is no line", .mismatch, { $0[1][0] += "x" }),
    ("line among the cells", .malformed, { $0[1].append($0[2][0]) }),
    ("gap", .malformed, { $0[2].remove(at: 1) }),
    ("line twice", .mismatch, { $0[2].insert($0[2][1], at: 1) }),
    ("lines out of order", .mismatch, { $0[2].swapAt(0, 1) }),
    ("other line", .mismatch, { $0[2][1] += "x" }),
    ("line not in its one spelling", .malformed, { $0[2][1] = "+  " + $0[2][1].dropFirst(2) }),
    ("line of nothing", .malformed, { $0[2][1] = "" }),
    ("no salts", .malformed, { $0[2].removeLast() }),
    ("too few salts", .malformed, { blocks in blocks[2][blocks[2].count - 1].removeLast(64) }),
    ("salts twice", .malformed, { blocks in blocks[2].append(blocks[2][blocks[2].count - 1]) }),
    (
      "other salts", .mismatch,
      { blocks in blocks[2][blocks[2].count - 1].replaceSubrange(..<"~ AA".endIndex, with: "~ BB") }
    ),
    ("digest too short", .malformed, { $0[3][0] = "- q2w8rt5n.1 00 shelve absent" }),
    ("refusal without an answer", .malformed, { $0[3][0] = "- q2w8rt5n.1 00" }),
    ("refusal twice", .mismatch, { $0[3].insert($0[3][0], at: 0) }),
    ("refusals out of order", .mismatch, { $0[3].swapAt(0, 1) }),
    ("refusal twice, in two blocks", .mismatch, { $0.append([$0[3][1]]) }),
    ("unknown line", .malformed, { $0[2].insert("blob x", at: 1) }),
    ("unknown block", .malformed, { $0.insert(["what"], at: 2) }),
    ("no lines", .mismatch, { $0.remove(at: 2) }),
  ]

  @Test(arguments: forgeries.indices)
  func forgeriesAreFound(index: Int) throws {
    let (name, kind, forge) = SnapshotDamageTests.forgeries[index]
    var blocks = try forgeable()
    #expect(try refusal(of: forged(blocks)) == nil)
    forge(&blocks)
    #expect(try refusal(of: forged(blocks)) == kind, "\(name)")
  }

  /// So it is where a ledger that lost lines from its end was restored, and again.
  @Test func aHistoryMayHaveBeenLeftBelowAnEarlierForkAndTheSeqBelowBoth() throws {
    var blocks = try forgeable()
    blocks[0].replaceSubrange(
      3...4,
      with: [
        "epoch g9.0000000000000009", "parent g1.0000000000000007 900 9", "parent g3.0000000000000001 800 700",
        "parent g8.0000000000000007 850 800",
      ])
    let entries = try entries(of: forged(blocks))
    guard case .header(let header) = entries.first else {
      Issue.record("the header comes first")
      return
    }
    #expect(header.parents.map(\.forkSeq) == [900, 800, 850])
    #expect(header.parents.map(\.epoch.generation) == [1, 3, 8])
  }

  /// The order of the database that they come from: an id before a longer one, a digit before a letter, numbers by their size.
  @Test func refusalsStandInTheOrderOfTheirReplicasThenOfTheirNumbers() throws {
    let ordered = ["h4m7xk2v.9", "h4m7xk2v.10", "h4m7xk2v0.1", "h4m7xk2w.9007199254740991", "q0000000.1", "qa000000.1"]
    var blocks = try forgeable()
    let lines = ordered.map { "- \($0) 00112233445566778899aabbccddeeff shelve absent ." }
    blocks[3] = lines
    #expect(try refusal(of: forged(blocks)) == nil)
    for place in 1..<lines.count {
      blocks[3] = lines
      blocks[3].swapAt(place - 1, place)
      #expect(try refusal(of: forged(blocks)) == .mismatch, "\(ordered[place]) before \(ordered[place - 1])")
    }
  }

  /// Ways to change the index, each sealed with its hash.
  static let otherIndexes: [(String, @Sendable (inout [String]) -> Void)] = [
    ("block gone", { $0.remove(at: 1) }), ("blocks swapped", { $0.swapAt(0, 1) }),
    ("block twice", { $0.insert($0[0], at: 0) }),
    ("count", { $0[$0.count - 1] = "count 1 2 3" }), ("no count", { $0.removeLast() }),
    ("line of nothing", { $0.append("") }),
  ]

  @Test(arguments: otherIndexes.indices)
  func anIndexOfAnotherFileIsFound(index: Int) throws {
    let (name, change) = SnapshotDamageTests.otherIndexes[index]
    let found = try forgeable()
    #expect(try refusal(of: forged(found, index: change)) == .mismatch, "\(name)")
    #expect(try refusal(of: forged(found, width: 3, index: change)) == .mismatch, "\(name), in several blocks")
  }

  @Test func anIndexIsReadToItsEndAndNotBehindIt() throws {
    let found = try forgeable()
    let file = try forged(found, width: 1)
    #expect(try entries(of: file) == entries(of: forged(found)))
    let members = try blocks(of: file).map(Array.init)
    #expect(members.count == 2 * found.count)
    #expect(try refusal(of: Array(members.dropLast().joined())) == .truncated)
    #expect(try refusal(of: Array(members.dropLast().joined()) + member(found[3])) == .malformed)
    let last = try textLines(of: members[members.count - 1])
    let before = Array(members.dropLast().joined())
    #expect(try refusal(of: before + member([last[0]]) + member(Array(last.dropFirst()))) == .malformed)
    #expect(try refusal(of: before + member(last + ["count 0 0 0"])) == .mismatch)
    #expect(try refusal(of: file + member([last[0]])) == .trailingBytes)
  }

  /// What unpacks to more than a block may have is refused before it is unpacked, and so is what says to be short and is not.
  @Test func aBombIsRefusedWithoutBeingUnpacked() throws {
    let plain = [UInt8](repeating: UInt8(ascii: "a"), count: GzipBlock.limitPlainBytes)
    var bomb = try GzipBlock.packed(plain)
    #expect(throws: SnapshotError(.compression, at: plain.count + 1)) { try GzipBlock.packed(plain + [0]) }
    for claimed in [0, 1, 0x7F_FFFF] as [UInt32] {
      for byte in 0..<4 { bomb[bomb.count - 4 + byte] = UInt8(claimed >> (8 * UInt32(byte)) & 0xFF) }
      #expect(try refusal(of: bomb) == .damaged, "said to be \(claimed) bytes")
    }
  }
}
