import CoreMetrics
import EditModel
import LineProtocol
import Logging
import SessionRules
import Synchronization

/// What all connections of a server use.
final class ServerCore: Sendable {
  /// What the greeting says of this program.
  static let software: ExactString = "taizhangd/0.1.0"

  /// The bounds of a connection.
  let limits: ConnectionLimits
  /// The connections of each event loop.
  let rosters: [LoopRoster]
  /// Who may come in.
  let seats: SeatDesk
  /// What those hand over who may not.
  let quarantine: QuarantineDesk
  /// The identity, and what TLS connections are made with; nil when it cannot be read and nothing needs it.
  let tls: TLSDesk?
  /// What snapshots there are.
  let snapshots: SnapshotShelf
  /// The server's time.
  let time: ServerTime
  /// Where drivers log.
  let logger: Logger
  /// How much of the history is read for one connection at a time, in bytes.
  let turnBytes = 256 << 10
  /// The same the first time: each turn is twice the one before it, so that what a link carries that breaks off soon ends in
  /// an `=` all the same.
  let firstTurnBytes = 512

  /// What the greeting says that the server can beyond the basis.
  let capabilities: [ExactString]
  private let connectionLimit: Int
  /// The connections that have not said yet who they are.
  private let waitingRoom: Mutex<WaitingRoom>
  /// The connections that have.
  private let signedInRoom: Mutex<SignedInRoom>
  /// What each seat that has signed in may still hand over.
  private let allowances = Mutex<[LedgerSeat: SeatAllowance]>([:])
  private let configuration: ServerConfiguration
  private let connectionCount = Atomic<Int>(0)
  private let connectionNumber = Atomic<UInt64>(0)
  /// Whether the server shuts down: whoever still comes is told so.
  let isEnding = Atomic(false)
  private let incidentNumber = Atomic<UInt64>(0)

  init(
    _ configuration: ServerConfiguration, rosters: [LoopRoster], seats: SeatDesk, quarantine: QuarantineDesk,
    tls: TLSDesk?, time: ServerTime,
    logger: Logger
  ) {
    self.tls = tls
    self.configuration = configuration
    self.limits = configuration.limits
    self.capabilities = configuration.deflate ? ["chain", "deflate", "resume", "snap"] : ["chain", "snap"]
    self.connectionLimit = configuration.connections
    self.waitingRoom = Mutex(WaitingRoom(limit: configuration.waitingConnections))
    self.signedInRoom = Mutex(
      SignedInRoom(deviceLimit: configuration.deviceConnections, seatLimit: configuration.seatConnections))
    self.rosters = rosters
    self.seats = seats
    self.quarantine = quarantine
    self.snapshots = SnapshotShelf(folder: configuration.data)
    self.time = time
    self.logger = logger
  }

  /// A number for the next connection, which counts from now on.
  func connectionBegins() -> ConnectionNumber {
    connectionCount.add(1, ordering: .relaxed)
    return ConnectionNumber(connectionNumber.add(1, ordering: .relaxed).newValue)
  }

  /// A connection counts no more.
  func connectionEnded() {
    connectionCount.subtract(1, ordering: .relaxed)
  }

  /// A connection waits until it says who it is. When too many do, one of whoever brought the most has to go.
  func waits(_ connection: ConnectionNumber, from address: String) {
    guard let leaving = waitingRoom.withLock({ $0.enter(connection, from: address) }) else { return }
    ServerMetrics.turnedAway.increment()
    for roster in rosters { roster.turnAway(leaving) }
  }

  /// A connection waits no more: it said who it is, or is gone.
  func waitsNoMore(_ connection: ConnectionNumber, from address: String) {
    waitingRoom.withLock { $0.leave(connection, from: address) }
  }

  /// A connection has signed in. When its device or seat has too many, the oldest has to go.
  func signsIn(_ connection: ConnectionNumber, _ device: AuthenticatedDevice) {
    let leaving = signedInRoom.withLock { $0.enter(connection, of: device.replica, for: device.ledgerSeat) }
    guard let leaving else { return }
    ServerMetrics.replaced.increment()
    for roster in rosters { roster.makeRoom(leaving) }
  }

  /// A connection that had signed in is gone.
  func signedOut(_ connection: ConnectionNumber, _ device: AuthenticatedDevice) {
    signedInRoom.withLock { $0.leave(connection, of: device.replica, for: device.ledgerSeat) }
  }

  /// What all connections of the seat may still hand over. There are as many as seats that have signed in.
  func allowance(of seat: LedgerSeat) -> SeatAllowance {
    allowances.withLock { allowances in
      if let known = allowances[seat] { return known }
      let full = SeatAllowance(configuration)
      allowances[seat] = full
      return full
    }
  }

  /// How many connections there are.
  var connections: Int { connectionCount.load(ordering: .relaxed) }

  /// Whether there are more connections than the limit, the newest included.
  var isCrowded: Bool { connections > connectionLimit }

  /// A number for something that went wrong: the peer is told it, the log explains it.
  func nextIncident() -> UInt64 { incidentNumber.add(1, ordering: .relaxed).newValue }
}
