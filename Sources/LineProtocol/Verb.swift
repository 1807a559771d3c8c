/// The verbs of the protocol, in one table: what each may carry, when it may come, and whether this version builds it.
package enum Verb: String, CaseIterable, Sendable {
  case auth
  case resume
  case open
  case put
  case history
  case stat
  case ping
  case replica
  case snap
  case bye
  case certificate
  case enrol
  case verify
  case blob
  case deflate
  case audit
  case seat
  case device

  /// When a verb may come.
  package enum Stage: Sendable {
    /// At any time.
    case always
    /// Only before authentication.
    case beforeAuth
    /// Only after authentication.
    case afterAuth
  }

  /// How many words may stand behind the verb; for `put` the author's part is counted by its own grammar.
  package var arity: ClosedRange<Int> {
    switch self {
    case .auth: 2...8
    case .resume: 5...11
    case .open: 2...2
    case .put: 8...Int.max
    case .history: 1...2
    case .stat, .replica, .snap, .bye, .certificate, .deflate: 0...0
    case .ping: 0...4
    case .enrol: 3...8
    case .verify, .blob, .audit, .seat, .device: 0...Int.max
    }
  }

  /// When it may come.
  package var stage: Stage {
    switch self {
    case .ping, .bye: .always
    case .auth, .resume, .enrol: .beforeAuth
    // A device belongs to one ledger, so it may put, ask and go without following the stream that `open` begins.
    case .put, .history, .stat, .open, .replica, .snap, .certificate, .verify, .blob, .deflate, .audit, .seat, .device:
      .afterAuth
    }
  }

  /// Whether this version builds it; the others are specified in outline and answered `unsupported`.
  package var isBuilt: Bool {
    switch self {
    case .auth, .resume, .open, .put, .history, .stat, .ping, .replica, .snap, .bye, .certificate, .enrol,
      .deflate:
      true
    case .verify, .blob, .audit, .seat, .device: false
    }
  }
}
