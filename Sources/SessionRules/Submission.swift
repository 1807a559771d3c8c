package import EditModel
package import LedgerRules
package import LineProtocol
package import NIOCore

/// Which connection of this server process something belongs to; never used twice while the process lives.
package struct ConnectionNumber: Hashable, Sendable {
  /// The number, from 1 in the order of arrival.
  package let rawValue: UInt64

  /// Stands for no connection: for what somebody on the server decided.
  package static let none = ConnectionNumber(0)

  /// The connection that arrived as number `rawValue`.
  package init(_ rawValue: UInt64) {
    self.rawValue = rawValue
  }
}

/// The one device that a connection speaks for, once it is authenticated.
package struct AuthenticatedDevice: Hashable, Sendable {
  /// Its replica id: every act that it puts must be of this replica.
  package let replica: ReplicaID
  /// Its seat with role and place, passed to every rule.
  package let seat: SeatFacts
  /// The one ledger that its seat belongs to.
  package let ledger: ExactString

  /// The device `replica` of `seat` in `ledger`.
  package init(replica: ReplicaID, seat: SeatFacts, ledger: ExactString) {
    self.replica = replica
    self.seat = seat
    self.ledger = ledger
  }
}

/// A whole act as it came in: understood, and with its author's bytes, so that nobody spells them again.
///
/// One object, for the reason that an `Edit` is one: on its way from the framer to the guard it is handed on a dozen
/// times, and a copy of its parts is five references.
package final class SubmittedAct: Sendable {
  /// What the answer carries.
  package let tag: Tag
  /// The act.
  package let act: Act
  /// The author's part of its first edit.
  package let firstLine: ByteBuffer
  /// The author's parts of the other edits, in order; most acts have none, which costs no memory of its own.
  package let otherLines: [ByteBuffer]

  /// An act that came under `tag`; one line for every edit.
  package init(tag: Tag, act: Act, firstLine: ByteBuffer, otherLines: [ByteBuffer]) {
    precondition(act.edits.count == otherLines.count + 1, "an act has one line for every edit")
    self.tag = tag
    self.act = act
    self.firstLine = firstLine
    self.otherLines = otherLines
  }
}

/// Everything that one read of one connection brought for its ledger, in order.
package struct Submission: Sendable {
  /// Where it came from.
  package let connection: ConnectionNumber
  /// Whose it is: all acts are of this device's replica.
  package let device: AuthenticatedDevice
  /// The acts, at least one.
  package let acts: [SubmittedAct]
  /// What was decided of them before.
  package let ruling: Ruling

  /// What was decided of acts before they come before the machine.
  package enum Ruling: Hashable, Sendable {
    /// Nothing: a device puts them.
    case none
    /// They were held, and are to be taken in where the rules allow it.
    case accept
    /// They were held, and this seat refuses them.
    case refuse(by: SeatID)
  }

  /// The acts that `connection` brought at once, or those that were held of `device` and were decided about.
  package init(
    connection: ConnectionNumber, device: AuthenticatedDevice, acts: [SubmittedAct], ruling: Ruling = .none
  ) {
    self.connection = connection
    self.device = device
    self.acts = acts
    self.ruling = ruling
  }
}
