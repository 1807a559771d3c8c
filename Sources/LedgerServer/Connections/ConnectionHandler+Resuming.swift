package import EditModel
import LedgerRules
import LedgerStore
package import LineProtocol
package import SessionRules

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

extension AuthenticatedDevice {
  /// What the device is told when it is let in: its seat, under the key `as` the greatest n that is decided (`last`), where
  /// the server has moved, and the mark of it all but for that n.
  package func welcome(last: UInt64, as key: String = "last", moved: HostPort?) -> Words {
    let (head, tail) = facts(moved: moved)
    return Words(head + [.pair(key, last)] + tail + [.pair("welcome", mark(moved: moved))])
  }

  /// The mark of what the device is told.
  package func mark(moved: HostPort?) -> WelcomeMark {
    let (head, tail) = facts(moved: moved)
    return WelcomeMark(of: head + tail)
  }

  /// What is said before and behind the greatest n.
  private func facts(moved: HostPort?) -> (head: [ExactString], tail: [ExactString]) {
    var tail: [ExactString] = []
    if let place = seat.place { tail.append(.pair("place", place)) }
    if let holder = seat.holder { tail.append(.pair("holder", holder)) }
    if let moved { tail.append(.pair("server", moved)) }
    return ([.pair("seat", seat.seat), .pair("role", seat.role.rawValue)], tail)
  }
}
