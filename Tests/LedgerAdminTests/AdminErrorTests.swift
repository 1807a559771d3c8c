import LedgerStore
import SealedFile
import SnapshotFile
import Testing

@testable import LedgerAdmin

/// Every refusal is said in English and then in Chinese, and no code stands alone.
@Suite struct AdminErrorTests {
  private static let kinds: [SnapshotError.Kind] = [
    .compression, .damaged, .truncated, .trailingBytes, .malformed, .newerFormat, .mismatch,
  ]

  private static let sealKinds: [SealError.Kind] = [
    .notSealed, .otherVersion, .overLimit, .forOtherKeys, .damaged, .truncated, .trailing, .keyCount, .malformedSecret,
    .noSecret,
  ]

  private static let errors: [AdminError] =
    sealKinds.map { .cannotOpen(file: "f", SealError($0, at: 7, chunk: 2)) } + [
      .sealed(path: "p"), .damagedRecoveryKeys(file: "f", line: 3), .tooManyRecoveryKeys(file: "f"),
      .noRecoveryKey(key: "k", file: "f"), .noDestination(path: "p"), .notDestination(path: "p"), .sameDisk(path: "p"),
      .destinationInUse(path: "p"), .noRoom(path: "p", neededBytes: 20 << 20, freeBytes: 1 << 12),
      .otherSetThere(path: "p"), .damagedTwice(path: "p", aside: "p.damaged"),
    ] + others

  private static let others: [AdminError] =
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
    let sealed = AdminError.cannotOpen(file: "f", SealError(.damaged, at: 65_752, chunk: 2))
    #expect(sealed.description.contains("its bytes are not those that were written (damaged at 65752, chunk 2)"))
    #expect(sealed.description.contains("第 2 段"))
    #expect(error.description.contains("文件末尾之后还有多余内容"))
  }
}
