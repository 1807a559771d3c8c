package import EditModel

/// Who did what is audited. Printed as one word.
package enum AuditAuthor: Hashable, Sendable {
  /// The server itself, and whoever does not say.
  case server
  /// A user of the server's operating system, by name, who ran a command.
  case user(String)
  /// A device, over the wire.
  case device(ReplicaID)

  /// `server`, `user:NAME` or `device:REPLICA`; what no word can have is replaced by `_`.
  package var word: String {
    switch self {
    case .server: "server"
    case .user(let name):
      "user:" + String(String.UnicodeScalarView(name.unicodeScalars.map { AuditAuthor.isInWord($0) ? $0 : "_" }))
    case .device(let replica): "device:\(replica)"
    }
  }

  private static func isInWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0x20 && !(0x7F...0x9F).contains(scalar.value) && !scalar.properties.isWhitespace
  }
}

/// What can be done that is audited, as the first word of what the log says (protocol/09-snapshots.md).
package enum AuditAction: String, CaseIterable, Sendable {
  /// LEDGER: a ledger was added.
  case ledgerAdd = "ledger-add"
  /// LEDGER: it takes no more edits.
  case ledgerArchive = "ledger-archive"
  /// LEDGER: it takes edits again.
  case ledgerReopen = "ledger-reopen"
  /// SEAT LEDGER ROLE PLACE: a seat was added.
  case seatAdd = "seat-add"
  /// SEAT LEDGER ROLE PLACE: its role or place was put right.
  case seatChange = "seat-change"
  /// SEAT LEDGER PERSON UNTIL: somebody holds it from now on.
  case seatHold = "seat-hold"
  /// SEAT LEDGER PERSON UNTIL: the day was set up to which the one who holds it has it.
  case seatUntil = "seat-until"
  /// SEAT LEDGER PERSON: somebody holds it no more.
  case seatEnd = "seat-end"
  /// REPLICA SEAT LEDGER: a device was added with a device file.
  case deviceAdd = "device-add"
  /// REPLICA SEAT LEDGER: a device was let in again under its own id.
  case deviceAgain = "device-again"
  /// REPLICA SEAT LEDGER OLD: a copied device got an id of its own.
  case deviceCopy = "device-copy"
  /// REPLICA SEAT LEDGER KEY LOOKUP: a device was enrolled with a code.
  case deviceEnrol = "device-enrol"
  /// REPLICA NAME: a device was given a name.
  case deviceRename = "device-rename"
  /// REPLICA: a device was shut out.
  case deviceRevoke = "device-revoke"
  /// LOOKUP SEAT LEDGER EXPIRES AGAIN: a code was made.
  case codeMake = "code-make"
  /// LOOKUP: a code was taken back.
  case codeWithdraw = "code-withdraw"
  /// LOOKUP COUNT: so many wrong proofs came for one code.
  case codeGuessed = "code-guessed"
  /// STAMP: the wall clock, which showed that, was to be taken for right.
  case clockAccept = "clock-accept"
  /// ADDRESS: devices are told that the server has moved there.
  case moved
  /// ADDRESS: devices are told of a second address.
  case second
  /// SET: a snapshot set was taken.
  case snapshot
  /// SET: a snapshot set was removed, because newer ones are kept.
  case snapshotRemove = "snapshot-remove"
  /// SET: ledgers of a set were restored.
  case restore
  /// SEAT DEVICE:COUNT…: what is held of devices was opened in the name of a round owner.
  case quarantineOpen = "quarantine-open"
  /// SEAT DEVICE:COUNT…: what is held of devices is taken in.
  case quarantineAccept = "quarantine-accept"
  /// SEAT DEVICE:COUNT…: what is held of devices is refused.
  case quarantineRefuse = "quarantine-refuse"
  /// The organisation key was exported.
  case identityExport = "identity-export"
  /// The organisation key was put in place from an export.
  case identityImport = "identity-import"
  /// KEY: a recovery secret was made, and sets are sealed to its key.
  case recoveryMake = "recovery-make"
  /// KEY: sets are sealed to a key that was made elsewhere.
  case recoveryAdd = "recovery-add"
  /// KEY: sets are sealed to it no more.
  case recoveryRemove = "recovery-remove"
}

/// One line of the audit log.
package struct AuditLine: Hashable, Sendable {
  /// Its number, from 1 without a gap.
  package let number: UInt64
  /// When, on the server's time line; never before the line above.
  package let at: Stamp
  /// Who, one word (`AuditAuthor`).
  package let who: String
  /// What: an action and its words.
  package let what: String
  /// SHA-256 of the link above and this line: 32 bytes.
  package let link: [UInt8]

  /// `NUMBER STAMP WHO WHAT`, which is what the link is over.
  package var text: String { "\(number) \(at) \(who) \(what)" }
}

/// What a look at the whole chain found.
package enum AuditCheck: Hashable, Sendable {
  /// Every line follows from the one above; the last number, and its link in hexadecimal (32 zero bytes for none).
  case whole(last: UInt64, head: String)
  /// The line of this number does not follow from the one above: one of the two was changed from outside, or lines are
  /// missing between.
  case broken(at: UInt64)
  /// There is no line, and yet a ledger, which is never added without one.
  case emptied
}
