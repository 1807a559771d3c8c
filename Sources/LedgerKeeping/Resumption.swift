package import EditModel
import LedgerRules
package import LineProtocol
package import SessionRules

/// What a device that resumes is answered, and the view with which it goes on (protocol/04-messages.md, resume).
package struct Resumption {
  /// The words of the answer: what the device knows already is not said again.
  package let words: Words
  /// What it is sent from then on.
  package let view: View

  /// The answer to `request` of `device`: `last` is the greatest n of its that is decided, `moved` where the server has
  /// moved, `lastSeq` the last committed line of the ledger with `history`, and `filter` what the device's seat may see.
  package init(
    to request: ResumeRequest, of device: AuthenticatedDevice, last: UInt64, moved: HostPort?, history: LedgerHistory,
    lastSeq: UInt64, filter: ViewFilter
  ) {
    let opening = history.opening(from: request.cursor, lastSeq: lastSeq, mark: filter.mark)
    let opened = View(opening, epoch: history.epoch, lastSeq: lastSeq, filter: filter)
    let knows = request.counter == last && request.welcome.string == device.mark(moved: moved).description
    guard knows, case .goingOn(let after, let partWay) = opening else {
      let words = history.words(for: opening, lastSeq: lastSeq).all
      self.words = Words(words + device.welcome(last: last, as: "n", moved: moved).all)
      view = opened
      return
    }
    let isLevel = partWay == nil && after == lastSeq
    words = Words(isLevel ? ["same"] : ["same", .pair("last", lastSeq)])
    view = isLevel ? View(epoch: history.epoch, afterReached: after, filter: filter) : opened
  }
}
