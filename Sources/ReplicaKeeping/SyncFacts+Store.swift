import EditModel
import LedgerStore
import SyncRules

extension SyncFacts {
  /// What a replica's file says of itself, as the machine wants it.
  init(_ header: ReplicaHeader, welcome: ReplicaWelcome?, certificates: some CertificateReader) {
    // Who is another version now says so first.
    let known = welcome.flatMap { $0.software == Device.software.string ? ExactString($0.mark) : nil }
    self.init(
      replica: header.replica, secret: header.secret, ledger: header.ledger, cursor: header.cursor,
      epoch: header.epoch,
      counter: header.counter, needsNewID: header.needsNewID,
      certificateDue: header.trust.map { certificates.renewalTime(of: $0.certificate) },
      isMoving: header.movingTo != nil, welcome: known, reached: header.reached)
  }
}

extension OutboxAct {
  /// An own act of the file, nil when the server has decided it.
  init?(_ own: OwnAct) {
    switch own.phase {
    case .pending: self.init(act: own.act, phase: .pending, wasAccepted: own.wasAccepted)
    case .sent: self.init(act: own.act, phase: .sent, wasAccepted: own.wasAccepted)
    case .forked: self.init(act: own.act, phase: .forked, wasAccepted: own.wasAccepted)
    case .acknowledged, .shelved, .confirmed, .discarded, .retried: return nil
    }
  }
}
