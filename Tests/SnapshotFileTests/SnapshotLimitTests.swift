import EditModel
import LineProtocol
import Testing

@testable import SnapshotFile

/// What is at a limit is read, what is beyond it is not.
@Suite struct SnapshotLimitTests {
  /// Of the kinds of lines only a refusal's has no narrower limit of its own.
  @Test(arguments: [(-1, nil), (0, nil), (1, .malformed)] as [(Int, SnapshotError.Kind?)])
  func aLineIsNotLongerThanTheLongestOfTheWireBehindItsSign(more: Int, wanted: SnapshotError.Kind?) throws {
    let line = refusalLine(1, bytes: SnapshotHeader.limitLineBytes + more)
    var blocks = try forgeable()
    blocks[3] = [line]
    #expect(try refusal(of: forged(blocks)) == wanted)
    var first = try SnapshotSample(acts: 1).firstFormatLines
    first.insert(line, at: first.count - 1)
    first[first.count - 1] = first[first.count - 1].dropLast() + "1"
    #expect(try refusal(of: sealed(first)) == wanted)
  }
}

/// The refusal of an act `number` in a line of `bytes`, without LF.
func refusalLine(_ number: Int, bytes: Int) -> String {
  let start = "- q2w8rt5n.\(number) 00112233445566778899aabbccddeeff shelve absent "
  return start + String(repeating: "x", count: bytes - start.utf8.count)
}
