import EditModel
import LedgerIdentity
import LedgerStore
import LineProtocol
import NIOCore
import NIOPosix
import SyncRules

extension SyncFacts {
  /// What a replica's file says of itself, as the machine wants it.
  init(_ header: ReplicaHeader, welcome: ReplicaWelcome?) {
    // Who is another version now says so first.
    let known = welcome.flatMap { $0.software == Device.software.string ? ExactString($0.mark) : nil }
    self.init(
      replica: header.replica, secret: header.secret, ledger: header.ledger, cursor: header.cursor,
      epoch: header.epoch,
      counter: header.counter, needsNewID: header.needsNewID, certificateDue: header.trust?.certificateDue,
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

extension OfflineReason {
  /// A failure of the machine in the facade's words.
  init(_ failure: SyncFailure) {
    switch failure {
    case .unreachable(let words): self = .unreachable(words)
    case .closed, .renewed: self = .closed
    case .timedOut: self = .timedOut
    case .denied: self = .denied
    case .removed(let count): self = .removed(handedOver: count)
    case .certificate(let what): self = .certificate(what)
    case .distrusted(.otherKey(let known, let found)): self = .otherServer(known: known, found: found)
    case .distrusted(.expired): self = .serverExpired
    case .distrusted(.plain(let address)): self = .plainElsewhere(address)
    case .distrusted(.confined(let address)): self = .confined(address)
    case .distrusted(.noKey): self = .noDeviceKey
    case .noLedger(let name): self = .noLedger(name.string)
    case .stopped(let code): self = .serverStopped(code: code.rawValue)
    case .waits(let code): self = .serverWaits(code: code.rawValue)
    case .notTaizhang: self = .notTaizhang
    case .olderHistory: self = .olderHistory
    case .storage: self = .storage(nil)
    }
  }
}

extension TimeAmount {
  /// A duration in whole nanoseconds.
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self = .nanoseconds(
      seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue + attoseconds
        / 1_000_000_000)
  }
}

extension SyncFailure {
  /// Why a link could not be opened.
  init(_ error: any Error) {
    switch error as? ServerLink.Failure {
    case .unreachable(let words): self = .unreachable(words)
    case .distrusted(let distrust): self = .distrusted(distrust)
    case .notTaizhang: self = .notTaizhang
    case .closed: self = .closed
    case .timedOut: self = .timedOut
    case nil: self = .unreachable("\(error)")
    }
  }
}

extension ReplicaTrust {
  /// From which server time on the device asks for its next certificate; at once when the present one cannot be read.
  fileprivate var certificateDue: Stamp { PeerCertificate.renewalTime(of: certificate) ?? .zero }
}
