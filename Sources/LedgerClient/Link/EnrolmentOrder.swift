package import EditModel
package import LedgerIdentity

/// What a person was given to let a device in: a line, or what was said on the telephone.
package struct EnrolmentOrder: Hashable, Sendable {
  /// Where the server is; the first is kept as its address, the second beside it.
  package let addresses: [HostPort]
  /// The ledger; nil when only the server knows.
  package let ledger: ExactString?
  /// The authority's; nil when only the code tells the server from another.
  package let fingerprint: Fingerprint?
  /// The code.
  package let code: EnrolmentCode

  /// The same with those of its addresses that are this machine's; there may be none.
  package var onThisMachine: EnrolmentOrder {
    EnrolmentOrder(
      addresses: addresses.filter(\.isThisMachine), ledger: ledger, fingerprint: fingerprint, code: code)
  }

  private init(addresses: [HostPort], ledger: ExactString?, fingerprint: Fingerprint?, code: EnrolmentCode) {
    (self.addresses, self.ledger, self.fingerprint, self.code) = (addresses, ledger, fingerprint, code)
  }

  /// The line's.
  package init(_ line: EnrolmentLine) {
    addresses = [line.server] + [line.second].compactMap(\.self)
    ledger = line.ledger
    fingerprint = line.fingerprint
    code = line.code
  }

  /// What was said on the telephone: where the server is, and the code.
  package init(server: HostPort, code: EnrolmentCode) {
    addresses = [server]
    ledger = nil
    fingerprint = nil
    self.code = code
  }
}

/// Why a device was not let in.
package enum EnrolmentFailure: Hashable, Sendable {
  /// The server does not take the code: it is wrong, was used by another device, or is over.
  case codeRefused
  /// Whoever answered does not know the code: nothing that was said is believed.
  case notProved
  /// The code lets a new device in, or another one, and this folder holds the replica `own` already. It is still good.
  case otherReplica(own: ReplicaID)
  /// The code is for another ledger than the line says. It is still good.
  case otherLedger(ExactString)
  /// The answer is not for this device or this ledger.
  case otherAnswer
}
