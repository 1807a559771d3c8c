import EditModel

/// How far a stretch of the stream was sent that is not at its end: lines that were picked out of the history first, then the
/// others of the stretch in order. Part of a cursor, so that a connection that is cut goes on within the stretch.
package struct PartWay: Hashable, Sendable, CustomStringConvertible {
  /// What was picked out.
  package enum Kind: Sendable {
    /// Lines that win a cell or create an entity: of a first sync.
    case first
    /// Lines of what came into view: of a view that sees less than everything.
    case moved
  }

  /// How far it was sent.
  package enum Place: Hashable, Sendable {
    /// Of the picked lines, in the order of seq, this was the last that was sent.
    case picked(UInt64)
    /// All of the picked ones, and of the others every visible one up to here.
    case others(UInt64)
  }

  /// What was picked out.
  package let kind: Kind
  /// The last line of the stretch.
  package let through: UInt64
  /// How far it was sent.
  package let place: Place

  /// From its parts.
  package init(kind: Kind, through: UInt64, place: Place) {
    self.kind = kind
    self.through = through
    self.place = place
  }

  /// Reads `LETTER THROUGH-SEQ`; nil when it is not in its one spelling, or the place is beyond the end.
  init?(_ text: Substring) {
    guard let letter = text.first else { return nil }
    let parts = text.dropFirst().split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let through = Decimal.number(String(parts[0])), let seq = Decimal.number(String(parts[1])),
      seq <= through
    else { return nil }
    switch letter {
    case "w": self.init(kind: .first, through: through, place: .picked(seq))
    case "f": self.init(kind: .first, through: through, place: .others(seq))
    case "a": self.init(kind: .moved, through: through, place: .picked(seq))
    case "h": self.init(kind: .moved, through: through, place: .others(seq))
    default: return nil
    }
  }

  /// A letter for kind and place, the last line of the stretch, and the line up to which it was sent.
  package var description: String {
    switch (kind, place) {
    case (.first, .picked(let seq)): "w\(through)-\(seq)"
    case (.first, .others(let seq)): "f\(through)-\(seq)"
    case (.moved, .picked(let seq)): "a\(through)-\(seq)"
    case (.moved, .others(let seq)): "h\(through)-\(seq)"
    }
  }
}
