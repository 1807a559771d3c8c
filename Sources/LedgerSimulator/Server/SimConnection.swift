import EditModel
import LedgerKeeping
import LedgerRules
import LedgerStore
import LineProtocol
import NIOCore
import SessionRules

/// One connection as the server has it: carries out what its machine says.
final class SimConnection {
  let link: SimLink
  private unowned let server: SimServer
  private var machine: ConnectionMachine
  private var replies = ByteBuffer()
  private var acts: [SubmittedAct] = []
  private(set) var device: AuthenticatedDevice?
  private var view: View?
  private var endsWhenSent = false
  private var isEnded = false
  /// What arrived while nothing was read.
  private var unread = ByteBuffer()
  private var isDriving = false

  /// How much of the history is read at a time.
  private static let turnBytes = 1_500

  private var world: SimWorld { server.world }

  init(link: SimLink, server: SimServer) {
    self.link = link
    self.server = server
    self.machine = ConnectionMachine(nowSeconds: server.steadySeconds)
  }

  func greet() {
    ServerMessage.greeting(Greeting(software: "taizhangd/simulated", now: server.now, capabilities: ["chain"])).write(
      to: &replies)
    endTurn()
  }

  func receive(_ bytes: ByteBuffer) {
    guard !isEnded else { return }
    unread.writeImmutableBuffer(bytes)
    read()
  }

  private func read() {
    guard !isEnded, !isDriving, !machine.isPaused, link.isWritable, unread.readableBytes > 0 else { return }
    let bytes = unread
    unread = ByteBuffer()
    machine.receive(bytes, nowSeconds: server.steadySeconds)
    drive()
    endTurn()
  }

  func becameWritable() {
    guard !isEnded else { return }
    sendNews()
    read()
  }

  /// The socket is gone.
  func end() {
    isEnded = true
    view = nil
    machine.disconnected()
  }

  /// The seat is another than the one that it was let in for.
  func seatChanged() {
    guard !isEnded else { return }
    carryOut(machine.close(with: .notice(WireError(.seatChanged))))
  }

  func tick() {
    guard !isEnded else { return }
    let waiting = link.isWritable ? 0 : link.waitingBytes
    carryOut(machine.tick(nowSeconds: server.steadySeconds, waitingBytes: waiting))
    endTurn()
  }

  func deliver(_ answers: ByteBuffer, count: Int) {
    guard !isEnded else { return }
    link.serverSends(answers)
    machine.sent(nowSeconds: server.steadySeconds)
    carryOut(machine.actsAnswered(count))
    writeReplies()
    read()
  }

  // MARK: Turns

  private func drive() {
    isDriving = true
    defer { isDriving = false }
    while !isEnded {
      let action = machine.next()
      if case .rest = action { return }
      carryOut(action)
    }
  }

  private func endTurn() {
    if !acts.isEmpty, let device {
      server.submit(
        Submission(connection: ConnectionNumber(link.number), device: device, acts: acts), from: self)
      acts = []
    }
    writeReplies()
  }

  private func writeReplies() {
    guard replies.readableBytes > 0 else { return }
    link.serverSends(replies)
    machine.sent(nowSeconds: server.steadySeconds)
    replies = ByteBuffer()
    world.figures.mostWaitingBytes = max(world.figures.mostWaitingBytes, link.waitingBytes)
  }

  private func carryOut(_ action: ConnectionAction) {
    switch action {
    case .rest: break
    case .reply(let message): message.write(to: &replies)
    case .submit(let act): acts.append(act)
    case .tellTime(let tag, _): ServerMessage.ok(tag, Words([ExactString("now=\(server.now)")])).write(to: &replies)
    case .authenticate(let tag, let replica, let secret, _, _): authenticate(tag, replica, secret)
    case .open(let tag, _, let cursor): open(tag, cursor)
    case .issueReplica(let tag): issueReplica(tag)
    case .closeWhenSent:
      endsWhenSent = true
      writeReplies()
      sendNews()
    case .close(let message):
      message.write(to: &replies)
      writeReplies()
      close()
    case .quarantine, .enrol, .readHistory, .readStatus, .issueCertificate, .listSnapshots, .deflate, .resume:
      world.fail("a client asked for what none asks for: \(action)")
    }
  }

  private func close() {
    end()
    server.connections[link.number] = nil
    server.process?.machine.holds.forget(ConnectionNumber(link.number))
    link.serverCloses(isOrderly: true)
  }

  // MARK: Questions

  /// Answered after everything that was handed over before, so that `last` counts it.
  private func authenticate(_ tag: Tag, _ replica: ReplicaID, _ secret: Secret) {
    server.commit()
    guard !isEnded, let process = server.process else { return }
    guard let known = server.devices[replica], known.secret.digits == secret.digits else {
      return carryOut(machine.close(with: .failed(tag, WireError(.denied))))
    }
    let device = AuthenticatedDevice(replica: replica, seat: known.seat, ledger: Town.ledger)
    self.device = device
    machine.authenticated(tag, as: device)
    let last = process.machine.lastDecided(of: replica)
    ServerMessage.ok(tag, device.welcome(last: last, moved: nil)).write(to: &replies)
  }

  private func open(_ tag: Tag, _ cursor: ExactString?) {
    guard let device, let process = server.process else { return }
    let filter = server.filter(for: device.seat)
    let lastSeq = process.tail.lastSeq
    let opening = process.history.opening(from: cursor, lastSeq: lastSeq, mark: filter.mark)
    ServerMessage.ok(tag, process.history.words(for: opening, lastSeq: lastSeq)).write(to: &replies)
    writeReplies()
    machine.opened(tag)
    view = View(opening, epoch: process.history.epoch, lastSeq: lastSeq, filter: filter)
    sendNews()
  }

  private func issueReplica(_ tag: Tag) {
    guard let device else { return }
    let replica = ReplicaID(random: world.random.next() & (1 << 40 - 1))
    let issued = EnrolledDevice(seat: device.seat, random: &world.random)
    server.devices[replica] = issued
    machine.answered(tag)
    let words = ["replica=\(replica)", "secret=\(issued.secret.digits)", "last=0"].map { ExactString($0) }
    ServerMessage.ok(tag, Words(words)).write(to: &replies)
  }
}

// MARK: - The stream

extension SimConnection {
  /// Sends what the view has not been sent, as long as the peer takes it.
  func sendNews() {
    guard !isEnded, let process = server.process else { return }
    while view != nil, link.isWritable, !isEnded {
      guard let need = view?.need(lastSeq: process.tail.lastSeq) else { return }
      if need == .nothing { break }
      guard send(need, process) else { return }
    }
    guard endsWhenSent, view?.need(lastSeq: process.tail.lastSeq) ?? .nothing == .nothing else { return }
    close()
  }

  private func send(_ need: View.Need, _ process: SimServer.Process) -> Bool {
    switch need {
    case .nothing: return false
    case .reached:
      var bytes = ByteBuffer()
      view?.sayReached(to: &bytes)
      stream(bytes)
    case .newer(let after, _), .moves(let after, _):
      if let chunk = process.tail.chunk(after: after), view?.takes(chunk) == true {
        if let bytes = view?.took(chunk: chunk) { stream(bytes) }
      } else {
        return read(need, process)
      }
    case .history, .winners, .lines, .movesAgain: return read(need, process)
    }
    return true
  }

  private func read(_ need: View.Need, _ process: SimServer.Process) -> Bool {
    guard let seat = device?.seat else { return false }
    do throws(StoreError) {
      guard
        let reading = try ViewReading(
          need, for: seat, from: process.reader, limitBytes: SimConnection.turnBytes, scopes: server)
      else { return false }
      var bytes = ByteBuffer()
      guard view?.take(reading, to: &bytes) == true else {
        world.fail("lines that a view needs are not in the history")
        return false
      }
      stream(bytes)
      return true
    } catch {
      // The disk refuses: the server ends the connection.
      carryOut(machine.close(with: .notice(WireError(.internal, ["1"]))))
      return false
    }
  }

  private func stream(_ bytes: ByteBuffer) {
    if let seat = device?.seat { world.check(sent: bytes, to: seat) }
    link.serverSends(bytes)
    machine.sent(nowSeconds: server.steadySeconds)
    world.figures.mostWaitingBytes = max(world.figures.mostWaitingBytes, link.waitingBytes)
  }
}

extension SimServer {
  /// What a seat may see of the ledger, whenever it is asked.
  func filter(for seat: SeatFacts) -> ViewFilter {
    if seat.role.sight == .everything { return .everything }
    // SAFETY: called by the one thread of a run, while the process lives.
    nonisolated(unsafe) let server = self
    return .seat(seat) { accepted in server.process?.scopes.shows(accepted.edit, to: seat) ?? false }
  }
}
