import LedgerStore
import SnapshotFile
import Testing

@testable import LedgerAdmin

/// Every refusal is said in English and then in Chinese, and no code stands alone.
@Suite struct AdminErrorTests {
  private static let kinds: [SnapshotError.Kind] = [
    .compression, .damaged, .truncated, .trailingBytes, .malformed, .newerFormat, .mismatch,
  ]

  private static let errors: [AdminError] =
    kinds.map { .damaged(file: "f", SnapshotError($0, at: 7)) } + [
      .disk(operation: "open", path: "p", errno: 28), .store(.missing(file: "f")), .damagedSet(path: "p", reason: "r"),
      .wouldOverwrite(ledgers: ["a"]), .inUse(path: "p"), .snapshotGoesOn(path: "p"),
      .noLedgerToLeaveOut(ledgers: ["a"]),
      .nothingLeft(path: "p"), .noLedger(path: "p"), .notInSet(path: "p", ledgers: ["a"]), .noSeats(path: "p"),
      .noSet(path: "p"),
      .notTaken([NotTaken(ledger: "a", reason: .damaged(file: "a.ledger.gz", SnapshotError(.malformed, at: 9)))]),
    ]

  @Test func everyRefusalIsSaidInBothLanguages() {
    for error in AdminErrorTests.errors {
      let text = error.description
      let isChinese = text.unicodeScalars.map { (0x4E00...0x9FFF).contains($0.value) }
      #expect(isChinese.first == false && isChinese.contains(true), "\(text)")
    }
    #expect(Set(AdminErrorTests.errors.map(\.description)).count == AdminErrorTests.errors.count)
  }

  @Test func aCodeFollowsTheWords() {
    let error = AdminError.damaged(file: "f", SnapshotError(.trailingBytes, at: 19_712))
    #expect(error.description.contains("something stands behind its end (trailingBytes at 19712)"))
    #expect(error.description.contains("文件末尾之后还有多余内容"))
  }
}
