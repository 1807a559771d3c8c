import EditModel
import LedgerKeeping
import LedgerRules
import LedgerStore
import LineProtocol
import SessionRules

/// A device that comes back to where it was: what `auth`, `deflate` and `open` ask, in one line, and what it knows already is
/// not said again.
extension ConnectionHandler {
  func resume(_ tag: Tag, _ request: ResumeRequest) {
    guard server.capabilities.contains("resume") else {
      return answer(tag, .failed(tag, WireError(.unsupported, [ExactString(Verb.resume.rawValue)])))
    }
    let credentials = Credentials(
      replica: request.replica, secret: request.secret, unsent: 0, report: request.report)
    server.seats.admit(credentials, peer, at: server.time.now) { admission in
      self.onLoop { $0.admitted(tag, admission, resuming: request) }
    }
  }

  private func admitted(_ tag: Tag, _ admission: Admission, resuming request: ResumeRequest) {
    if case .held(let replica, let last) = admission {
      becomes(replica, tag)
      beginBlocks(tag, saying: Words([.pair("held", 1), .pair("last", last)]), of: replica.replica)
      return goOn()
    }
    guard case .welcome(let device, let ledger, let last, let moved) = admission else {
      return admitted(tag, admission)
    }
    guard letIn(device, of: ledger, tag) else { return }
    let filter = ledger.shared.filter(for: device.seat)
    let lastSeq = ledger.shared.tail.lastSeq
    let opening = ledger.history.opening(from: request.cursor, lastSeq: lastSeq, mark: filter.mark)
    let knows = request.counter == last && request.welcome.string == device.mark(moved: moved).description
    if knows, case .goingOn(let after, let partWay) = opening {
      let isLevel = partWay == nil && after == lastSeq
      let words = isLevel ? ["same"] : ["same", ExactString.pair("last", lastSeq)]
      beginBlocks(tag, saying: Words(words), of: device.replica)
      let level = View(epoch: ledger.history.epoch, afterReached: after, filter: filter)
      return resumed(
        tag, isLevel ? level : View(opening, epoch: ledger.history.epoch, lastSeq: lastSeq, filter: filter))
    }
    let words = ledger.history.words(for: opening, lastSeq: lastSeq).all
    beginBlocks(tag, saying: Words(words + device.welcome(last: last, as: "n", moved: moved).all), of: device.replica)
    resumed(tag, View(opening, epoch: ledger.history.epoch, lastSeq: lastSeq, filter: filter))
  }

  private func resumed(_ tag: Tag, _ view: View) {
    opened(tag, view)
    goOn()
  }
}
