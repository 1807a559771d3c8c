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
  unowned let server: SimServer
  var machine: ConnectionMachine
  var replies = ByteBuffer()
  private var acts: [SubmittedAct] = []
  var device: AuthenticatedDevice?
  var view: View?
  var endsWhenSent = false
  private(set) var isEnded = false
  /// Whether what is sent goes out in blocks.
  var deflates = false
  /// What the greeting said of the time.
  let greeted: Stamp
  /// What arrived while nothing was read.
  private var unread = ByteBuffer()
  private var isDriving = false

  var world: SimWorld { server.world }

  init(link: SimLink, server: SimServer) {
    self.link = link
    self.server = server
    self.greeted = server.now
    self.machine = ConnectionMachine(nowSeconds: server.steadySeconds)
  }

  func greet() {
    let capabilities = server.process?.capabilities ?? []
    ServerMessage.greeting(Greeting(software: "taizhangd/simulated", now: greeted, capabilities: capabilities)).write(
      to: &replies)
    endTurn()
  }

  func receive(_ bytes: ByteBuffer) {
    guard !isEnded else { return }
    unread.writeImmutableBuffer(bytes)
    read()
  }

  private func read() {
    guard !isEnded, !isDriving, !machine.isPaused, link.isWritable else { return }
    if unread.readableBytes > 0 {
      machine.receive(unread, nowSeconds: server.steadySeconds)
      unread = ByteBuffer()
    }
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
    write(answers)
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
      if case .rest = action {
        guard machine.holdsBlocks, link.isWritable else { return }
        // What the last block brought is handed over and written first: how much waits is then known.
        endTurn()
        if link.isWritable, !isEnded { carryOut(machine.expand()) } else { return }
      } else {
        carryOut(action)
      }
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

  func writeReplies() {
    guard replies.readableBytes > 0 else { return }
    let bytes = replies
    replies = ByteBuffer()
    write(bytes)
  }

  func write(_ bytes: ByteBuffer) {
    writeAsIs(deflates ? server.deflated(bytes) : bytes)
  }

  /// Writes what is blocks already, or comes before them.
  func writeAsIs(_ bytes: ByteBuffer) {
    link.serverSends(bytes)
    machine.sent(nowSeconds: server.steadySeconds)
    world.figures.mostWaitingBytes = max(world.figures.mostWaitingBytes, link.waitingBytes)
  }

  func carryOut(_ action: ConnectionAction) {
    switch action {
    case .rest: break
    case .reply(let message): message.write(to: &replies)
    case .submit(let act): acts.append(act)
    case .tellTime(let tag, _): ServerMessage.ok(tag, Words([ExactString("now=\(server.now)")])).write(to: &replies)
    case .authenticate(let tag, let replica, let secret, _, _): authenticate(tag, replica, secret)
    case .open(let tag, _, let cursor): open(tag, cursor)
    case .deflate(let tag): deflate(tag)
    case .resume(let tag, let request): resume(tag, request)
    case .issueReplica(let tag): issueReplica(tag)
    case .closeWhenSent:
      endsWhenSent = true
      writeReplies()
      sendNews()
    case .close(let message):
      message.write(to: &replies)
      writeReplies()
      close()
    case .quarantine, .enrol, .readHistory, .readStatus, .issueCertificate, .listSnapshots:
      world.fail("a client asked for what none asks for: \(action)")
    }
  }

  func close() {
    end()
    server.connections[link.number] = nil
    server.process?.machine.holds.forget(ConnectionNumber(link.number))
    link.serverCloses(isOrderly: true)
  }
}
