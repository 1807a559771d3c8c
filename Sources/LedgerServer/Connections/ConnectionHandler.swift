import CoreMetrics
import EditModel
import LedgerKeeping
import LedgerStore
import LineProtocol
import Logging
import NIOCore
import NIOTLS
import SessionRules
import Synchronization

/// One client's socket: carries out what the connection's machine says.
///
/// Bytes are parsed where they arrive, replies to one read leave in one write, acts of one read go to the writer in one
/// message. While an answer is awaited, or the peer does not take what it is sent, nothing more is read.
// SAFETY: made on, and from then on touched on, the channel's event loop only; other threads keep it as a token that
// they hand back to the loop (`number`, `loopIndex` and `server` are immutable).
final class ConnectionHandler: ChannelInboundHandler, ChannelOutboundHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Which connection this is.
  let number: ConnectionNumber
  /// The index of its event loop.
  let loopIndex: Int
  let server: ServerCore
  /// What both sides show of themselves over TLS; nil for plain TCP.
  let tls: TLSPeer?

  var machine: ConnectionMachine
  private(set) var context: ChannelHandlerContext?
  /// Replies of the present turn, not yet written.
  private var replies = ByteBuffer()
  /// Acts of the present turn, not yet handed over.
  private var acts: [SubmittedAct] = []
  /// Acts of the present turn that are to be kept for a decision.
  private var heldActs: [SubmittedAct] = []
  private(set) var device: AuthenticatedDevice?
  /// The replica that may only hand acts over.
  private(set) var held: HeldReplica?
  private(set) var ledger: LedgerHost?
  /// What the connection follows; nil while it follows nothing.
  var view: View?
  /// How much of the history the next turn reads.
  var nextTurnBytes: Int
  /// Whether the view waits for what is being read for it.
  var isReadingHistory = false
  /// An answer to `history` that goes on when the peer has taken what it was sent of it.
  var waitingHistory: HistoryAnswer?
  private var wantsRead = false
  private var needsFlush = false
  /// The time that the greeting told.
  private(set) var greeted = Stamp.zero
  /// Whether what is written leaves in blocks.
  private(set) var deflates = false
  /// Whether the connection ends once everything that is owed has been sent.
  private var endsWhenSent = false
  /// Whether the peer has ended its side.
  private var hasInputEnded = false
  /// Until when the peer may read what was said last, once the connection is closed for writing.
  private var lingerUntilSeconds: UInt64?

  /// How long a TLS connection beyond the limit has for its handshake, so that it can be told, in seconds.
  private static let crowdedSeconds: UInt64 = 5

  /// How long a connection that was closed by us waits for the peer's end, in seconds.
  private static let lingerSeconds: UInt64 = 2

  init(number: ConnectionNumber, loopIndex: Int, server: ServerCore, tls: TLSPeer? = nil) {
    self.number = number
    self.loopIndex = loopIndex
    self.server = server
    self.tls = tls
    self.nextTurnBytes = server.firstTurnBytes
    self.machine = ConnectionMachine(
      limits: server.limits, isSecure: tls != nil, nowSeconds: ServerClock.seconds())
  }

  /// What its seat may still hand over, once it is known.
  var allowance: SeatAllowance?
  /// Reads on when the seat's allowance is made up; nil while nothing waits for that.
  var readingOn: Scheduled<Void>?
  /// Where the connection came from, while it has not said who it is.
  var waitingAddress: String?

  /// What the peer has shown of itself.
  var peer: ConnectionPeer { tls?.peer ?? .plain }

  var roster: LoopRoster { server.rosters[loopIndex] }

  // MARK: The channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
  }

  func channelActive(context: ChannelHandlerContext) {
    roster.add(self)
    ServerMetrics.connections.increment()
    waitingAddress = throttleAddress
    server.waits(number, from: throttleAddress)
    // Over TLS nothing is said before the handshake; who is one too many has little time for it.
    if tls == nil {
      greet()
    } else if server.isCrowded {
      lingerUntilSeconds = ServerClock.seconds() + ConnectionHandler.crowdedSeconds
    }
  }

  /// The first line, or why there is no second.
  private func greet() {
    lingerUntilSeconds = nil
    if server.isEnding.load(ordering: .relaxed) {
      carryOut(machine.close(with: .notice(WireError(.shutdown))))
    } else if server.isCrowded {
      carryOut(machine.close(with: .notice(WireError(.crowded))))
    } else {
      greeted = server.time.now
      let greeting = Greeting(software: ServerCore.software, now: greeted, capabilities: server.capabilities)
      ServerMessage.greeting(greeting).write(to: &replies)
    }
    endTurn()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    machine.receive(unwrapInboundIn(data), nowSeconds: ServerClock.seconds())
    drive()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    endTurn()
  }

  func read(context: ChannelHandlerContext) {
    if mayRead(context) { context.read() } else { wantsRead = true }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    guard context.channel.isWritable else { return }
    sendHistory()
    sendNews()
    resumeReading()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted? = event as? TLSUserEvent { return greet() }
    guard case .inputClosed? = event as? ChannelEvent else { return context.fireUserInboundEventTriggered(event) }
    hasInputEnded = true
    machine.inputEnded()
    drive()
    endTurn()
  }

  func channelInactive(context: ChannelHandlerContext) {
    machine.disconnected()
    waitNoMore()
    readingOn?.cancel()
    roster.remove(self)
    if let ledger {
      if view != nil {
        roster.unfollow(self, ledger.history.ledger)
        ledger.shared.unfollow(onLoop: loopIndex)
      }
      ledger.shared.mailbox.post(.gone(number))
    }
    if let device {
      server.seats.disconnected(device.replica)
      server.signedOut(number, device)
    }
    server.connectionEnded()
    view = nil
    self.context = nil
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    server.logger.debug(
      "a connection broke", metadata: [LogKey.connection: "\(number.rawValue)", LogKey.error: "\(error)"])
    context.close(promise: nil)
  }

  /// Whether the peer takes what it is sent.
  var isWritable: Bool { context?.channel.isWritable ?? false }

  private func mayRead(_ context: ChannelHandlerContext) -> Bool {
    // After our own end everything is read, and thrown away, so that the peer sees our last line and no reset.
    lingerUntilSeconds != nil || (!machine.isPaused && readingOn == nil && context.channel.isWritable)
  }

  func resumeReading() {
    if machine.holdsBlocks, mayExpand {
      drive()
      endTurn()
    }
    guard wantsRead, let context, mayRead(context) else { return }
    wantsRead = false
    context.read()
  }

  // MARK: Turns

  /// Does everything that follows from what has arrived.
  private func drive() {
    while true {
      let action = machine.next()
      if case .rest = action {
        guard machine.holdsBlocks, mayExpand else { return }
        // What the last block brought is handed over and written first: how much waits is then known.
        endTurn()
        if mayExpand { carryOut(machine.expand()) } else { return }
      } else {
        carryOut(action)
      }
    }
  }

  /// Whether another block of what was read may be expanded: under the same conditions as more is read.
  private var mayExpand: Bool { readingOn == nil && isWritable }

  private func carryOut(_ action: ConnectionAction) {
    switch action {
    case .rest: break
    case .reply(let message): message.write(to: &replies)
    case .submit(let act): acts.append(act)
    case .quarantine(let act): heldActs.append(act)
    case .tellTime(let tag, let unsent): tellTime(tag, unsent: unsent)
    case .authenticate(let tag, let replica, let secret, let unsent, let report):
      authenticate(tag, Credentials(replica: replica, secret: secret, unsent: unsent, report: report))
    case .resume(let tag, let request): resume(tag, request)
    case .enrol(let tag, let request): enrol(tag, request)
    case .open(let tag, _, let cursor): open(tag, cursor)
    case .readHistory(let tag, let entity, let field): readHistory(tag, entity, field)
    case .readStatus(let tag): readStatus(tag)
    case .issueReplica(let tag): issueReplica(tag)
    case .issueCertificate(let tag): issueCertificate(tag)
    case .listSnapshots(let tag): listSnapshots(tag)
    case .deflate(let tag): deflate(tag)
    case .closeWhenSent:
      endsWhenSent = true
      writeReplies()
      sendNews()
    case .close(let message): close(saying: message)
    }
  }

  /// Hands over the acts and writes the replies of this turn.
  func endTurn() {
    if !acts.isEmpty, let device, let ledger {
      holdBack(for: acts)
      ledger.shared.mailbox.post(.acts(self, Submission(connection: number, device: device, acts: acts)))
      acts.removeAll()
    }
    if !heldActs.isEmpty, let held {
      quarantine(heldActs, of: held)
      heldActs.removeAll()
    }
    writeReplies()
    flushIfNeeded()
  }

  /// Says `ok` with `words`, and from then on everything in blocks; the peer too.
  func beginBlocks(_ tag: Tag, saying words: Words, of replica: ReplicaID) {
    say(.ok(tag, words))
    writeReplies()
    deflates = true
    machine.deflated(
      tag, with: roster.decoder, ending: BlockDictionary.ending(of: replica, greeted: greeted))
  }

  func writeReplies() {
    guard replies.readableBytes > 0 else { return }
    let bytes = replies
    replies = ByteBuffer()
    write(bytes)
  }

  /// Writes `bytes`; `flushIfNeeded` sends them.
  func write(_ bytes: ByteBuffer) {
    guard deflates else { return writeAsIs(bytes) }
    writeAsIs(roster.deflated(bytes))
  }

  /// Writes what is blocks already, or comes before them.
  func writeAsIs(_ bytes: ByteBuffer) {
    guard let context, bytes.readableBytes > 0 else { return }
    context.write(wrapOutboundOut(bytes), promise: nil)
    needsFlush = true
  }

  /// Sends what was written.
  func flushIfNeeded() {
    guard needsFlush, let context else { return }
    needsFlush = false
    machine.sent(nowSeconds: ServerClock.seconds())
    context.flush()
  }

  /// An answer that the machine waited for was written: goes on with what had arrived behind the question.
  func goOn() {
    drive()
    endTurn()
    resumeReading()
  }

  /// Runs `body` on the event loop while the connection lasts.
  func onLoop(_ body: @escaping @Sendable (ConnectionHandler) -> Void) {
    roster.loop.execute {
      if self.context != nil { body(self) }
    }
  }

  // MARK: From the writer

  /// Writes the answers to acts; `flushIfNeeded` follows.
  func deliver(_ delivery: Delivery) {
    write(delivery.answers)
    let action = machine.actsAnswered(delivery.acts.count)
    if case .rest = action { return }
    carryOut(action)
    writeReplies()
  }

  // MARK: The end

  private func close(saying message: ServerMessage) {
    if case .notice(let error) = message, error.code == .stalled {
      // Nothing is taken any more, so nothing that is written behind it would be.
      ServerMetrics.stalled.increment()
      context?.close(promise: nil)
      return
    }
    message.write(to: &replies)
    writeReplies()
    flushIfNeeded()
    stopFollowing()
    lingerUntilSeconds = ServerClock.seconds() + ConnectionHandler.lingerSeconds
    if hasInputEnded { return closeWhenWritten() }
    context?.close(mode: .output, promise: nil)
    resumeReading()
  }

  /// Ends the connection if the peer has ended its side and is owed nothing more.
  func endIfSent() {
    guard endsWhenSent, !isReadingHistory else { return }
    if let view, let ledger, view.need(lastSeq: ledger.shared.tail.lastSeq) != .nothing { return }
    endsWhenSent = false
    stopFollowing()
    closeWhenWritten()
  }

  /// Closes behind what was written. Half a close would not do: of a socket whose other half is closed it is the whole,
  /// and what waits to be sent would be lost.
  private func closeWhenWritten() {
    guard let context else { return }
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
  }

  /// Says `error` as soon as the acts in flight are answered, and ends.
  func leave(saying error: ErrorCode) {
    carryOut(machine.leave(saying: .notice(WireError(error))))
    endTurn()
  }

  /// Looks at the clock.
  func tick(nowSeconds: UInt64) {
    guard let context else { return }
    if let linger = lingerUntilSeconds {
      if nowSeconds >= linger { context.close(promise: nil) }
      return
    }
    carryOut(
      machine.tick(nowSeconds: nowSeconds, waitingBytes: waitingBytes(context), isHeldBack: readingOn != nil))
    endTurn()
  }

  /// How much the peer has not taken, when it is enough to hold us up.
  private func waitingBytes(_ context: ChannelHandlerContext) -> Int {
    guard !context.channel.isWritable else { return 0 }
    // A channel that does not say is taken to be stuck: the stall limit then counts from when it became unwritable.
    return (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? Int.max
  }

  /// The server cannot give what it should: logs it under a number that the peer is told, and ends the connection.
  func fail(_ error: StoreError) {
    let incident = server.nextIncident()
    server.logger.error(
      "reading for a connection failed; the connection is closed",
      metadata: [LogKey.incident: "\(incident)", LogKey.error: "\(error)"])
    carryOut(machine.close(with: .notice(WireError(.internal, [ExactString("\(incident)")]))))
    endTurn()
  }
}

extension ConnectionHandler {
  /// Writes the answer to the question `tag` and goes on.
  func answer(_ tag: Tag, _ message: ServerMessage) {
    answer(tag, [message])
  }

  /// Writes the rows and the `ok` that answer the question `tag`, and goes on.
  func answer(_ tag: Tag, _ messages: [ServerMessage]) {
    for message in messages { message.write(to: &replies) }
    machine.answered(tag)
    goOn()
  }

  /// Ends the connection with `message`.
  func refuse(_ message: ServerMessage) {
    carryOut(machine.close(with: message))
    endTurn()
  }

  /// The device is known; `answer` follows.
  func becomes(_ device: AuthenticatedDevice, of ledger: LedgerHost, _ tag: Tag) {
    self.device = device
    self.ledger = ledger
    waitNoMore()
    server.signsIn(number, device)
    allowance = server.allowance(of: device.ledgerSeat)
    holdBack(for: [])
    machine.authenticated(tag, as: device)
  }

  /// The replica is held; `answer` follows.
  func becomes(_ held: HeldReplica, _ tag: Tag) {
    self.held = held
    machine.held(tag, held.replica)
  }

  /// Answers to `count` acts were said; goes on with what waits for that.
  func answered(_ count: Int) {
    carryOut(machine.actsAnswered(count))
    goOn()
  }

  /// The ledger is open, which was answered; what the view needs is sent behind the answer.
  func opened(_ tag: Tag, _ view: View) {
    guard let ledger else { return }
    machine.opened(tag)
    follow(ledger, view)
    sendNews()
  }

  /// Adds a reply to the present turn.
  func say(_ message: ServerMessage) {
    message.write(to: &replies)
  }
}
