package import EditModel
import LineProtocol
package import NIOCore

/// Which accepted edits a view may see. Until seats see less than the whole ledger every view has `everything`.
package enum ViewFilter: Sendable {
  /// Every edit, so that one encoding serves all such views.
  case everything
  /// The edits for which this answers true; it must not change its mind about an edit.
  case only(@Sendable (AcceptedEdit) -> Bool)

  /// Whether the view may see `edit`.
  package func passes(_ edit: AcceptedEdit) -> Bool {
    switch self {
    case .everything: true
    case .only(let isVisible): isVisible(edit)
    }
  }

  /// The history's `line` when the view may see it. A line that cannot be read is shown to nobody but those who see
  /// everything.
  package func passes(line: ByteBuffer) -> Bool {
    switch self {
    case .everything: true
    case .only(let isVisible): line.withUnsafeReadableBytes { EditLine.accepted($0) }.map(isVisible) ?? false
    }
  }
}
