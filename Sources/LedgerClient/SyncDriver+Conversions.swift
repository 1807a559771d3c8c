import EditModel
import LedgerStore
import LineProtocol
import NIOCore
import NIOPosix
import SyncRules

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
