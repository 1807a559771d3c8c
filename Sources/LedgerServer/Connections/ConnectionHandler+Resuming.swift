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
    let resumption = Resumption(
      to: request, of: device, last: last, moved: moved, history: ledger.history,
      lastSeq: ledger.shared.tail.lastSeq, filter: ledger.shared.filter(for: device.seat))
    beginBlocks(tag, saying: resumption.words, of: device.replica)
    opened(tag, resumption.view)
    goOn()
  }
}
