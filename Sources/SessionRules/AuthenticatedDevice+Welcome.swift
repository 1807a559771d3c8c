package import EditModel
import LedgerRules
package import LineProtocol

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
