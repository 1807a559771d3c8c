import NIOCore

/// How many edits a seat may hand over: so many at once, and so many a second from then on. Who has handed over more is
/// not read from until the allowance is made up, so nothing is refused and nothing is lost.
///
/// A value; time is milliseconds of any clock that only goes forward.
package struct EditAllowance: Sendable {
  /// What is left, in thousandths of an edit; below zero when more was handed over than there was.
  private var left: Int64
  private let most: Int64
  private let perSecond: Int64
  private var lastMilliseconds: UInt64

  /// `burst` edits at once and `perSecond` from then on, each at least one; full at `nowMilliseconds`.
  package init(perSecond: Int, burst: Int, nowMilliseconds: UInt64) {
    self.perSecond = Int64(max(1, perSecond))
    self.most = Int64(max(1, burst)) * 1_000
    self.left = most
    self.lastMilliseconds = nowMilliseconds
  }

  /// `edits` were handed over at `nowMilliseconds`; answers for how many milliseconds nothing more is to be read, 0 while
  /// there is something left.
  package mutating func take(_ edits: Int, nowMilliseconds: UInt64) -> UInt64 {
    // Several event loops ask: one that looked at its clock earlier may come later.
    if nowMilliseconds > lastMilliseconds {
      let passed = Int64(clamping: nowMilliseconds - lastMilliseconds)
      let (made, isTooMuch) = passed.multipliedReportingOverflow(by: perSecond)
      left = isTooMuch || made > most - left ? most : left + made
      lastMilliseconds = nowMilliseconds
    }
    left -= Int64(edits) * 1_000
    return left >= 0 ? 0 : UInt64((-left + perSecond - 1) / perSecond)
  }
}

extension SubmittedAct {
  /// How much of an allowance the act takes: one for each edit, and for a long one as many as its author's part begins KiB.
  package var weight: Int {
    otherLines.reduce(SubmittedAct.weight(firstLine.readableBytes)) { $0 + SubmittedAct.weight($1.readableBytes) }
  }

  private static func weight(_ bytes: Int) -> Int { max(1, (bytes + 1_023) >> 10) }
}
