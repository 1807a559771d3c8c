package import EditModel

/// An act that waits for a decision, or has waited.
package struct HeldAct: Hashable, Sendable {
  /// What tells it from every other that is kept: two acts may have come under one number.
  package let key: Key
  /// The ledger of its device's seat; nil when the server does not know the device.
  package let ledger: ExactString?
  /// When it came.
  package let at: Stamp
  /// Why it waits.
  package let cause: Cause
  /// Its authors' parts, one for every edit.
  package let lines: [String]
  /// What was decided of it; nil while nothing is.
  package let decision: Decision?

  /// Its identity.
  package var id: ActID { key.id }

  /// What names a held act.
  package struct Key: Hashable, Sendable {
    /// Its identity.
    package let id: ActID
    /// The digest of its content, in lower-case hexadecimal.
    package let digest: String

    /// The key of the act `id` with this digest.
    package init(id: ActID, digest: String) {
      self.id = id
      self.digest = digest
    }
  }

  /// Why an act waits.
  package enum Cause: Hashable, Sendable {
    /// Its device is shut out or not known.
    case device
    /// Its ledger was restored to an earlier moment, and holds back what was made before that.
    case restore
  }

  /// What was decided of an act.
  package struct Decision: Hashable, Sendable {
    /// The ledger that it is for.
    package let ledger: ExactString
    /// As whose it is judged: its device's seat.
    package let seat: SeatID
    /// Whether it is taken in, if the rules allow that; else it is refused.
    package let accepts: Bool
    /// The seat that decided.
    package let decider: SeatID
    /// When.
    package let at: Stamp
    /// What came of it, as its author is told it, `ok SEQ` or `CLASS CODE …`; nil while it waits for the ledger.
    package internal(set) var answer: String?

    /// A decision that waits for the ledger.
    package init(ledger: ExactString, seat: SeatID, accepts: Bool, decider: SeatID, at: Stamp) {
      self.ledger = ledger
      self.seat = seat
      self.accepts = accepts
      self.decider = decider
      self.at = at
    }

    /// Whether nothing more is to come: it stands in the ledger, or was refused for good.
    package var isFinal: Bool { answer.map { $0.hasPrefix("ok ") || $0.hasPrefix("shelve ") } ?? false }
  }
}
