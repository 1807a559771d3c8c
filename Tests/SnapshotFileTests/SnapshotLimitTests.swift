import EditModel
import LedgerTestKit
import LineProtocol
import Testing

@testable import SnapshotFile

/// What is at a limit is read, what is beyond it is not.
@Suite struct SnapshotLimitTests {
  @Test func theSpecificationStatesTheLimits() throws {
    let limits = [
      "SnapshotBlock.fullBytes": SnapshotBlock.fullBytes, "GzipBlock.limitPlainBytes": GzipBlock.limitPlainBytes,
      "GzipBlock.leastBytes": GzipBlock.leastBytes, "GzipBlock.limitBytes": GzipBlock.limitBytes,
      "SnapshotHeader.limitLineBytes": SnapshotHeader.limitLineBytes,
      "SnapshotHeader.limitParents": SnapshotHeader.limitParents,
      "SnapshotWriter.saltsInLine": SnapshotWriter.saltsInLine,
    ]
    let page = try ProjectFile.text("protocol/09-snapshots.md").split(separator: "\n")
    for (name, value) in limits { #expect(page.contains { $0.hasPrefix("| \(name) | \(value) |") }, "\(name)") }
    let rows = page.drop { $0 != "| name | value | unit | what |" }.dropFirst(2).prefix { $0.hasPrefix("| ") }
    #expect(rows.count == limits.count)
  }

  /// Of the kinds of lines only a refusal's has no narrower limit of its own.
  @Test(arguments: [(-1, nil), (0, nil), (1, .malformed)] as [(Int, SnapshotError.Kind?)])
  func aLineIsNotLongerThanTheLongestOfTheWireBehindItsSign(more: Int, wanted: SnapshotError.Kind?) throws {
    let line = refusalLine(1, bytes: SnapshotHeader.limitLineBytes + more)
    #expect(try refusal(of: forged(with: line)) == wanted)
    var first = try SnapshotSample(acts: 1).firstFormatLines
    first.insert(line, at: first.count - 1)
    first[first.count - 1] = first[first.count - 1].dropLast() + "1"
    #expect(try refusal(of: sealed(first)) == wanted)
  }

  @Test(arguments: [(-1, nil), (0, nil), (1, .damaged)] as [(Int, SnapshotError.Kind?)])
  func aBlockIsNotLongerThanItsLimit(more: Int, wanted: SnapshotError.Kind?) throws {
    #expect(try refusal(of: fileWithABlock(bytes: GzipBlock.limitPlainBytes + more)) == wanted)
  }

  @Test(arguments: [(-1, nil), (0, nil), (1, .malformed)] as [(Int, SnapshotError.Kind?)])
  func aHistoryHasNotMoreParentsThanTheLimit(more: Int, wanted: SnapshotError.Kind?) throws {
    let count = SnapshotHeader.limitParents + more
    let parents = (1...count).map { "parent g\($0).0000000000000007 0" }
    let epoch = "epoch g\(count + 1).0000000000000007"
    var blocks = try forgeable()
    blocks[0].replaceSubrange(3...4, with: [epoch] + parents.map { $0 + " 0" })
    #expect(try refusal(of: forged(blocks)) == wanted)
    var first = try SnapshotSample(acts: 1, parents: 1).firstFormatLines
    first.replaceSubrange(3...4, with: [epoch] + parents)
    #expect(try refusal(of: sealed(first)) == wanted)
  }

  /// One line with as many salts as go there, and the rest in the next.
  @Test(
    arguments: [
      (511, [511], nil), (512, [512], nil), (513, [513], .malformed), (513, [512, 1], nil),
      (513, [511, 2], .malformed), (513, [512, 1, 0], .malformed), (2, [1, 1], .malformed),
    ] as [(Int, [Int], SnapshotError.Kind?)])
  func aLineOfSaltsIsFullBeforeTheNextBegins(count: Int, widths: [Int], wanted: SnapshotError.Kind?) throws {
    let sample = try SnapshotSample(acts: 500)
    let linked = try SnapshotSample(acts: 500, unlinked: sample.edits.count - count)
    var blocks = try blocks(of: linked.file()).dropLast().map { block in try textLines(of: Array(block)) }
    let index = blocks.count - 1
    blocks[index].removeAll { $0.hasPrefix("~ ") }
    var salts = linked.salts[...]
    for width in widths {
      blocks[index].append("~ \(Base64URL.text(salts.prefix(width).joined()))")
      salts = salts.dropFirst(width)
    }
    #expect(try refusal(of: forged(blocks)) == wanted)
  }

  @Test(arguments: [
    (0, false), (20, false), (28, false), (29, true), (30, true), (GzipBlock.limitBytes - 1, true),
    (GzipBlock.limitBytes, true), (GzipBlock.limitBytes + 1, false), (Int(Int32.max), false), (Int(UInt32.max), false),
  ])
  func aMemberHasALengthThatABlockMayHave(length: Int, isTaken: Bool) throws {
    let start = try withLength(length, member(["taizhang-snapshot 2 ledger"]))[...].prefix(GzipBlock.headerBytes)
    if isTaken {
      #expect(try GzipBlock.length(start) == length)
    } else {
      #expect(throws: SnapshotError(.damaged, at: 16)) { try GzipBlock.length(start) }
    }
  }

  /// Neither gzip's check sum nor the index covers the index's own length, and a length that is believed puts every later block
  /// elsewhere.
  @Test(arguments: 0..<5) func aLengthThatIsNotTheMembersIsFound(number: Int) throws {
    let members = try blocks(of: forged(forgeable())).map(Array.init)
    let length = members[number].count
    for other in [29, length - 1, length + 1, length + 40] {
      var changed = members
      changed[number] = withLength(other, changed[number])
      let kind = try refusal(of: Array(changed.joined()))
      #expect(kind == (number == 4 && other > length ? .truncated : .damaged), "\(other) for \(length)")
    }
  }

  /// The trailer is where the length says, and everything before it is packed.
  @Test func whatStandsBetweenThePackedBytesAndTheTrailerIsFound() throws {
    var members = try blocks(of: forged(forgeable())).map(Array.init)
    members[1].insert(0, at: members[1].count - 8)
    members[1] = withLength(members[1].count, members[1])
    #expect(try refusal(of: Array(members.joined())) == .damaged)
  }
}

/// The refusal of the act `number` in a line of `bytes`, without LF.
func refusalLine(_ number: Int, bytes: Int) -> String {
  let start = "- q2w8rt5n.\(number) 00112233445566778899aabbccddeeff shelve absent "
  return start + String(repeating: "x", count: bytes - start.utf8.count)
}

/// A file with this line for its only refusal.
func forged(with refusal: String) throws -> [UInt8] {
  var blocks = try forgeable()
  blocks[3] = [refusal]
  return try forged(blocks)
}

/// A file one of whose blocks has this many plain bytes, in lines of half the greatest length.
func fileWithABlock(bytes: Int) throws -> [UInt8] {
  var blocks = try forgeable()
  let line = 32_768
  let count = bytes / line
  blocks[3] = (1...count).map { refusalLine($0, bytes: line - 1 + ($0 == count ? bytes % line : 0)) }
  return try forged(blocks)
}

/// The member with another length in its header.
func withLength(_ length: Int, _ member: [UInt8]) -> [UInt8] {
  let bytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
  return member.prefix(16) + bytes + member.dropFirst(20)
}
