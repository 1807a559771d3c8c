package import EditModel
package import LedgerRules
package import LineProtocol
package import NIOCore

/// Which accepted edits a view may see.
package enum ViewFilter: Sendable {
  /// Every edit, so that one encoding serves all such views.
  case everything
  /// What the seat may see at this moment, which the closure knows: it is asked for every line when that is sent, and may
  /// answer otherwise when whom a problem is assigned to has changed.
  case seat(SeatFacts, @Sendable (AcceptedEdit) -> Bool)

  /// Whether the view may see `edit`.
  package func passes(_ edit: AcceptedEdit) -> Bool {
    switch self {
    case .everything: true
    case .seat(_, let isVisible): isVisible(edit)
    }
  }

  /// Whether the view may see the history's `line`. One that cannot be read is shown to nobody but those who see
  /// everything.
  package func passes(line: ByteBuffer) -> Bool {
    switch self {
    case .everything: true
    case .seat(_, let isVisible): line.withUnsafeReadableBytes { EditLine.accepted($0) }.map(isVisible) ?? false
    }
  }

  /// What the view's cursors carry; nil when it sees everything.
  package var mark: ViewMark? {
    guard case .seat(let seat, _) = self else { return nil }
    return ViewMark(of: ["1", ExactString(seat.role.rawValue), seat.place ?? "-", seat.holder ?? "-", seat.seat.name])
  }

  /// Whether whom a problem is assigned to matters to it.
  var isSelective: Bool { if case .seat = self { true } else { false } }
}
