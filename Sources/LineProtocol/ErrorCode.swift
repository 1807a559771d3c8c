package import EditModel

/// What a client does with a request that was answered with an error: the first word of the answer.
package enum ErrorClass: String, CaseIterable, Sendable {
  /// Nothing was decided; the same request may be sent again on this connection after a pause.
  case retry
  /// Nothing can be decided now; the same request is sent again later, and later acts of this replica wait behind it.
  case wait
  /// Nothing was decided; the act's stamp is put on the server's time line (`now=`) and the act sent again.
  case restamp
  /// The act was refused for good and the refusal recorded: it goes to its author's shelf with the reason.
  case shelve
  /// This request, as it is, will never succeed: it is not repeated. An act stays on its device.
  case stop
}

/// The table of error codes (protocol/07-errors.md). The client words them in its user's language.
package enum ErrorCode: String, CaseIterable, Sendable {
  // The connection.
  case tooLong = "too-long"
  case tag
  case block
  case encoding
  case malformed
  case arity
  case unknownVerb = "unknown-verb"
  case unsupported
  case unauthenticated
  case denied
  case certificate
  case tls
  case codeRefused = "code-refused"
  case removed
  case seatChanged = "seat-changed"
  case authenticated
  case alreadyOpen = "already-open"
  case noLedger = "no-ledger"
  case timeout
  case stalled
  case shutdown
  case `internal`
  case crowded
  case busy
  // An act.
  case storage
  case archived
  case held
  case heldFull = "held-full"
  case earlier
  case ahead
  case notWhole = "not-whole"
  case actSize = "act-size"
  case foreign
  case forked
  case declined
  case absent
  case forbidden
  case appendOnly = "append-only"
  case value
  case stageMoved = "stage-moved"
  case stagePath = "stage-path"
  case stageSeat = "stage-seat"
  case stageNeeds = "stage-needs"

  /// What the client does with the request.
  package var errorClass: ErrorClass {
    switch self {
    case .busy: .retry
    case .storage, .archived, .earlier, .shutdown, .held, .heldFull: .wait
    case .ahead: .restamp
    case .declined, .absent, .forbidden, .appendOnly, .value, .stageMoved, .stagePath, .stageSeat, .stageNeeds: .shelve
    case .tooLong, .tag, .block, .encoding, .malformed, .arity, .unknownVerb, .unsupported, .unauthenticated, .denied,
      .certificate, .tls, .codeRefused, .removed, .seatChanged, .authenticated, .alreadyOpen, .noLedger, .timeout,
      .stalled,
      .internal, .crowded, .notWhole, .actSize,
      .foreign, .forked:
      .stop
    }
  }

  /// Whether the server closes the connection behind it.
  package var closes: Bool {
    switch self {
    case .tooLong, .tag, .block, .denied, .certificate, .codeRefused, .seatChanged, .timeout, .stalled, .shutdown,
      .crowded:
      true
    default: false
    }
  }
}

/// An error as it is on the wire: a code and its arguments.
package struct WireError: Error, Hashable, Sendable {
  /// What went wrong.
  package let code: ErrorCode
  /// What it is about: names or `key=value` words without spaces, as the error table says for the code.
  package let arguments: [ExactString]

  /// An error with its arguments, none of which may be empty or have a space.
  package init(_ code: ErrorCode, _ arguments: [ExactString] = []) {
    self.code = code
    self.arguments = arguments
  }

  /// `CLASS CODE ARGUMENTS…`, as it stands behind the tag.
  package var text: String {
    var words = [code.errorClass.rawValue, code.rawValue]
    words.append(contentsOf: arguments.map(\.string))
    return words.joined(separator: " ")
  }
}
