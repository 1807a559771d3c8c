import EditModel
import LedgerKeeping
import LedgerRules
import LedgerStore
import LineProtocol
import NIOCore
import SessionRules

/// What the lines of a client ask, answered in the order in which the production connection does.
extension SimConnection {
  /// Answered after everything that was handed over before, so that `last` counts it.
  func authenticate(_ tag: Tag, _ replica: ReplicaID, _ secret: Secret) {
    guard let (device, last) = letIn(tag, replica, secret) else { return }
    ServerMessage.ok(tag, device.welcome(last: last, moved: nil)).write(to: &replies)
  }

  /// The device and the greatest n of its that is decided; nil when it is not let in.
  private func letIn(_ tag: Tag, _ replica: ReplicaID, _ secret: Secret) -> (AuthenticatedDevice, last: UInt64)? {
    server.commit()
    guard !isEnded, let process = server.process else { return nil }
    guard let known = server.devices[replica], known.secret.digits == secret.digits else {
      carryOut(machine.close(with: .failed(tag, WireError(.denied))))
      return nil
    }
    let device = AuthenticatedDevice(replica: replica, seat: known.seat, ledger: Town.ledger)
    self.device = device
    machine.authenticated(tag, as: device)
    return (device, process.machine.lastDecided(of: replica))
  }

  func deflate(_ tag: Tag) {
    guard let device else { return }
    beginBlocks(tag, saying: Words([]), of: device.replica)
  }

  /// Says `ok` with `words`, and from then on everything in blocks; the peer too.
  private func beginBlocks(_ tag: Tag, saying words: Words, of replica: ReplicaID) {
    ServerMessage.ok(tag, words).write(to: &replies)
    writeReplies()
    deflates = true
    machine.deflated(
      tag, with: server.decoder, ending: BlockDictionary.ending(of: replica, greeted: greeted))
  }

  func resume(_ tag: Tag, _ request: ResumeRequest) {
    guard let (device, last) = letIn(tag, request.replica, request.secret), let process = server.process else { return }
    let resumption = Resumption(
      to: request, of: device, last: last, moved: nil, history: process.history, lastSeq: process.tail.lastSeq,
      filter: server.filter(for: device.seat))
    if resumption.words[0] == "same" { world.figures.resumed += 1 }
    beginBlocks(tag, saying: resumption.words, of: device.replica)
    machine.opened(tag)
    view = resumption.view
    sendNews()
  }

  func open(_ tag: Tag, _ cursor: ExactString?) {
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

  func issueReplica(_ tag: Tag) {
    guard let device else { return }
    let replica = ReplicaID(random: world.random.next() & (1 << 40 - 1))
    let issued = EnrolledDevice(seat: device.seat, random: &world.random)
    server.devices[replica] = issued
    let words = ["replica=\(replica)", "secret=\(issued.secret.digits)", "last=0"].map { ExactString($0) }
    answerSecretly(tag, .ok(tag, Words(words)))
  }

  /// Answers with a secret: in a block of its own that is stored.
  private func answerSecretly(_ tag: Tag, _ message: ServerMessage) {
    machine.answered(tag)
    guard deflates else { return message.write(to: &replies) }
    writeReplies()
    var line = ByteBuffer()
    message.write(to: &line)
    writeAsIs(server.stored(line))
  }
}
