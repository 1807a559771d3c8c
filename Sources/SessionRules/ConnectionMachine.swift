// SessionRules: what a server does with what it hears, as machines without sockets, files, clocks, threads or logs.
// `ConnectionMachine` is one connection; `LedgerMachine` orders and decides the acts of one ledger; `View` says what of
// the history a connection still has to be sent. Events go in, actions come out; `LedgerServer` carries them out.

import EditModel
package import LineProtocol
package import NIOCore

/// One client's connection: what may come when, and what each line asks for.
///
/// Owned by the connection's event loop. Bounded: one unfinished line, one unfinished act, one expanded block, and what one read
/// brought.
/// Time comes in as whole seconds of any clock that only goes forward.
package struct ConnectionMachine: ~Copyable {
  /// How far a connection has come.
  enum State: Sendable {
    /// Greeted; only `auth`, `ping` and `bye` are heard.
    case greeted
    /// Known to be this device.
    case authenticated(AuthenticatedDevice)
    /// Follows its ledger too.
    case open(AuthenticatedDevice)
    /// Known to be this replica, which is shut out or has no seat here: it may only hand acts over.
    case held(ReplicaID)
    /// Closes as soon as every act in flight is answered: with this, or, when the peer's end has come, with nothing.
    case leaving(ServerMessage?)
    /// Closes as soon as what is owed has been sent.
    case ending
    /// Nothing more is heard or said.
    case closed
  }

  /// Why no further line is read for now.
  enum Pause: Sendable, Hashable {
    /// An answer is awaited that the following lines may depend on.
    case answer(Tag)
  }

  var state = State.greeted
  var pause: Pause?
  var source: LineSource
  var collector = ActCollector()
  var hold = EarlierHold()
  /// The tag whose put lines are passed over, because its act was answered already.
  var passedOver: Tag?
  /// A line that was taken from the framer and is to be heard after something else was answered.
  var heardAgain: ByteBuffer?
  /// Acts that were submitted and not yet answered.
  var inFlight = 0
  /// Whether the peer has ended its side.
  private var hasInputEnded = false
  let limits: ConnectionLimits
  /// Whether nobody between can read or change what is said: over TLS.
  let isSecure: Bool
  /// When the connection was made, then when it last did something.
  private var lastMovementSeconds: UInt64
  private let arrivedSeconds: UInt64
  private var unreadSinceSeconds: UInt64?
  private var unreadBytes = 0

  /// A connection that arrived at `nowSeconds`, over TLS when it `isSecure`.
  package init(limits: ConnectionLimits = ConnectionLimits(), isSecure: Bool = false, nowSeconds: UInt64) {
    self.limits = limits
    self.isSecure = isSecure
    self.source = LineSource(limitBytes: limits.lineBytes)
    self.arrivedSeconds = nowSeconds
    self.lastMovementSeconds = nowSeconds
  }

  /// The device, once it is known and while the connection lasts.
  package var device: AuthenticatedDevice? {
    switch state {
    case .authenticated(let device), .open(let device): device
    case .greeted, .held, .leaving, .ending, .closed: nil
    }
  }

  /// Whose acts are heard: the device's, or the held replica's.
  var author: ReplicaID? {
    if case .held(let replica) = state { return replica }
    return device?.replica
  }

  /// Whether input should rest: an answer is awaited, or the end has come.
  package var isPaused: Bool {
    switch state {
    case .leaving, .ending, .closed: true
    case .greeted, .held, .authenticated, .open: pause != nil
    }
  }

  /// How many acts wait for their answer.
  package var actsInFlight: Int { inFlight }

  /// Bytes arrived at `nowSeconds`; ask `next` for what follows from them.
  package mutating func receive(_ bytes: ByteBuffer, nowSeconds: UInt64) {
    lastMovementSeconds = nowSeconds
    switch state {
    case .leaving, .ending, .closed: return
    case .greeted, .held, .authenticated, .open: source.receive(bytes)
    }
  }

  /// The peer sends nothing more, though it may still read; ask `next` for what follows. All that came before is heard
  /// and answered, then the connection ends.
  package mutating func inputEnded() {
    hasInputEnded = true
  }

  /// The next thing to do about what has arrived; `.rest` when there is nothing until more comes.
  package mutating func next() -> ConnectionAction {
    while !isPaused {
      let line: ByteBuffer?
      do throws(WireError) {
        line = try nextLine()
      } catch {
        return close(with: .notice(error))
      }
      guard let line else { return hasInputEnded && !source.holdsBlocks ? heardAll() : .rest }
      if let action = heard(line) { return action }
    }
    return .rest
  }

  /// Whether a block waits to be expanded by `expand`, once everything before it is done.
  package var holdsBlocks: Bool { !isPaused && source.holdsBlocks }

  /// Expands the next block; ask `next` for what follows. The driver calls it when it can take what that brings: little that
  /// was sent may be much.
  package mutating func expand() -> ConnectionAction {
    do throws(WireError) {
      _ = try source.expandNext()
      return .rest
    } catch {
      return close(with: .notice(error))
    }
  }

  /// Every line that the peer sent before its end has been heard; an unfinished one is nothing.
  private mutating func heardAll() -> ConnectionAction {
    if let open = collector.openTag {
      collector.drop()
      return .reply(.failed(open, WireError(.notWhole)))
    }
    state = .leaving(nil)
    return leaveIfIdle()
  }

  private mutating func nextLine() throws(WireError) -> ByteBuffer? {
    if let again = heardAgain {
      heardAgain = nil
      return again
    }
    return try source.nextLine()
  }

  /// An answer that the machine paused for was written by the driver; further lines are read.
  package mutating func answered(_ tag: Tag) {
    if pause == .answer(tag) { pause = nil }
  }

  /// `count` acts in flight were answered; the action says whether that was what the end waited for.
  package mutating func actsAnswered(_ count: Int) -> ConnectionAction {
    inFlight -= count
    precondition(inFlight >= 0, "more answers than acts")
    return leaveIfIdle()
  }

  /// Ends the connection with `message` once every act in flight is answered.
  package mutating func leave(saying message: ServerMessage) -> ConnectionAction {
    switch state {
    case .leaving, .ending, .closed: return .rest
    case .greeted, .held, .authenticated, .open:
      state = .leaving(message)
      collector.drop()
      return leaveIfIdle()
    }
  }

  /// Ends the connection at once with `message`; acts in flight are decided, and their answers lost.
  package mutating func close(with message: ServerMessage) -> ConnectionAction {
    if case .closed = state { return .rest }
    state = .closed
    collector.drop()
    return .close(saying: message)
  }

  /// The socket is gone.
  package mutating func disconnected() {
    state = .closed
    collector.drop()
  }

  private mutating func leaveIfIdle() -> ConnectionAction {
    guard case .leaving(let message) = state, inFlight == 0 else { return .rest }
    if let message { return close(with: message) }
    state = .ending
    return .closeWhenSent
  }

  // MARK: Time

  /// Something was sent at `nowSeconds`: a connection that only listens is not silent.
  package mutating func sent(nowSeconds: UInt64) {
    lastMovementSeconds = nowSeconds
  }

  /// Looks at the clock, about once a second: `waitingBytes` are written and not yet taken by the peer's machine, or 0
  /// when little enough is. Of one that is held back nothing is read for now, so its silence is ours.
  package mutating func tick(nowSeconds: UInt64, waitingBytes: Int, isHeldBack: Bool = false) -> ConnectionAction {
    if case .closed = state { return .rest }
    if isHeldBack { lastMovementSeconds = nowSeconds }
    if isStalled(nowSeconds, waitingBytes) { return close(with: .notice(WireError(.stalled))) }
    if case .greeted = state, nowSeconds >= arrivedSeconds + limits.authSeconds {
      return close(with: .notice(WireError(.timeout)))
    }
    if nowSeconds >= lastMovementSeconds + limits.idleSeconds { return close(with: .notice(WireError(.timeout))) }
    return .rest
  }

  /// Whether the peer has taken nothing of what waits for it for the whole stall limit.
  private mutating func isStalled(_ nowSeconds: UInt64, _ waitingBytes: Int) -> Bool {
    guard waitingBytes > 0 else {
      unreadSinceSeconds = nil
      return false
    }
    guard let since = unreadSinceSeconds, waitingBytes >= unreadBytes else {
      unreadSinceSeconds = nowSeconds
      unreadBytes = waitingBytes
      return false
    }
    unreadBytes = waitingBytes
    return nowSeconds >= since + limits.stallSeconds
  }
}
