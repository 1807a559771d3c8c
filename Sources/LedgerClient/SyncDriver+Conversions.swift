import EditModel
import LedgerStore
import LineProtocol
import NIOCore
import NIOPosix
import SyncRules

extension SyncFacts {
  /// What a replica's file says of itself, as the machine wants it.
  init(_ header: ReplicaHeader) {
    self.init(
      replica: header.replica, secret: header.secret, ledger: header.ledger, cursor: header.cursor,
      epoch: header.epoch,
      counter: header.counter, needsNewID: header.needsNewID)
  }
}

extension OutboxAct {
  /// An own act of the file, nil when the server has decided it.
  init?(_ own: OwnAct) {
    switch own.phase {
    case .pending: self.init(act: own.act, phase: .pending, wasAccepted: own.wasAccepted)
    case .sent: self.init(act: own.act, phase: .sent, wasAccepted: own.wasAccepted)
    case .forked: self.init(act: own.act, phase: .forked, wasAccepted: own.wasAccepted)
    case .acknowledged, .shelved, .confirmed: return nil
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

/// `host:port`, as a device file has it; an IPv6 address stands in brackets.
struct ServerAddress: Hashable, Sendable {
  let host: String
  let port: Int

  /// Reads an address; nil when it has no port.
  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (1...65_535).contains(port)
    else { return nil }
    var host = text[..<colon]
    if host.first == "[", host.last == "]" { host = host.dropFirst().dropLast() }
    guard !host.isEmpty else { return nil }
    self.host = String(host)
    self.port = port
  }

  /// The system's words for why a connection could not be opened.
  static func reason(_ error: any Error) -> String {
    guard let failure = error as? NIOConnectionError else { return "\(error)" }
    if let first = failure.connectionErrors.first { return "\(first.error)" }
    return failure.dnsAError.map { "\($0)" } ?? "\(failure)"
  }
}
