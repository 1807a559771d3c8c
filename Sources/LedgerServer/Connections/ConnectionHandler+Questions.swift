import CoreMetrics
import EditModel
import LedgerKeeping
import LedgerRules
import LedgerStore
import LineProtocol
import NIOCore
import SessionRules

/// What a device says to be let in.
struct Credentials: Sendable {
  let replica: ReplicaID
  let secret: Secret
  let unsent: UInt64
  let report: DeviceReport
}

/// How far the answer to `history` has come. It is sent in pieces, each when the peer has taken the one before.
struct HistoryAnswer: Sendable {
  let tag: Tag
  let entity: EntityID
  let field: FieldName?
  /// The ledger's last line when the question was asked.
  let through: UInt64
  /// Everything up to this line was sent.
  private(set) var after: UInt64 = 0
  /// How many rows were sent.
  private(set) var count = 0

  init(tag: Tag, entity: EntityID, field: FieldName?, through: UInt64) {
    self.tag = tag
    self.entity = entity
    self.field = field
    self.through = through
  }

  /// The answer once `count` rows were sent, the last of them not behind `seq`.
  func goingOn(after seq: UInt64, count: Int) -> HistoryAnswer {
    var answer = self
    answer.after = seq
    answer.count = count
    return answer
  }
}

/// The questions that a client's lines ask: each is answered at once, or by another thread while nothing more is read.
extension ConnectionHandler {
  func tellTime(_ tag: Tag, unsent: UInt64?) {
    if let device { server.seats.heard(device.replica, unsent: unsent, at: server.time.now) }
    say(.ok(tag, Words([.pair("now", server.time.now)])))
  }

  func authenticate(_ tag: Tag, _ credentials: Credentials) {
    server.seats.admit(credentials, peer, at: server.time.now) { admission in
      self.onLoop { $0.admitted(tag, admission) }
    }
  }

  func admitted(_ tag: Tag, _ admission: Admission) {
    switch admission {
    case .denied:
      ServerMetrics.denied.increment()
      refuse(.failed(tag, WireError(.denied)))
    case .certificate(let problem):
      ServerMetrics.denied.increment()
      refuse(.failed(tag, problem.error))
    case .failed:
      answer(tag, .failed(tag, WireError(.storage)))
    case .held(let replica, let last):
      becomes(replica, tag)
      answer(tag, .ok(tag, Words([.pair("held", 1), .pair("last", last)])))
    case .welcome(let device, let ledger, let last, let moved):
      guard letIn(device, of: ledger, tag) else { return }
      answer(tag, .ok(tag, device.welcome(last: last, moved: moved)))
    }
  }

  /// The device comes in, unless that ended between the question and its answer: then it is told so and comes back.
  func letIn(_ device: AuthenticatedDevice, of ledger: LedgerHost, _ tag: Tag) -> Bool {
    if server.seats.isShutOut(device.replica) {
      refuse(.notice(WireError(.removed)))
      return false
    }
    if server.seats.isSeatOther(device) {
      refuse(.notice(WireError(.seatChanged)))
      return false
    }
    becomes(device, of: ledger, tag)
    server.seats.connected(device.replica)
    return true
  }

  func open(_ tag: Tag, _ cursor: ExactString?) {
    guard let ledger, let device else { return answer(tag, .failed(tag, WireError(.unauthenticated))) }
    let filter = ledger.shared.filter(for: device.seat)
    let lastSeq = ledger.shared.tail.lastSeq
    let opening = ledger.history.opening(from: cursor, lastSeq: lastSeq, mark: filter.mark)
    let view = View(opening, epoch: ledger.history.epoch, lastSeq: lastSeq, filter: filter)
    say(.ok(tag, ledger.history.words(for: opening, lastSeq: lastSeq)))
    writeReplies()
    opened(tag, view)
  }

  func readHistory(_ tag: Tag, _ entity: EntityID, _ field: FieldName?) {
    guard let ledger else { return answer(tag, .failed(tag, WireError(.unauthenticated))) }
    readPage(HistoryAnswer(tag: tag, entity: entity, field: field, through: ledger.shared.tail.lastSeq), of: ledger)
  }

  /// Goes on with an answer that waited for the peer to take what it had been sent of it.
  func sendHistory() {
    guard let ledger, let answer = waitingHistory, isWritable else { return }
    waitingHistory = nil
    readPage(answer, of: ledger)
  }

  private func readPage(_ answer: HistoryAnswer, of ledger: LedgerHost) {
    let limit = server.turnBytes
    ledger.read { reader in
      let page = Result { () throws(StoreError) in
        try reader.history(
          of: answer.entity, field: answer.field, after: answer.after, through: answer.through, limitBytes: limit)
      }
      self.onLoop { $0.gotPage(answer, page) }
    }
  }

  private func gotPage(_ begun: HistoryAnswer, _ page: Result<HistoryPage, StoreError>) {
    switch page {
    case .failure(let error): fail(error)
    case .success(let page):
      guard let ledger, let device else { return }
      let filter = ledger.shared.filter(for: device.seat)
      let rows = page.rows.filter { filter.passes(line: $0.line) }
      for row in rows { say(.row(begun.tag, ExactString(String(buffer: row.line)))) }
      let count = begun.count + rows.count
      guard let next = page.next else {
        return answer(begun.tag, .ok(begun.tag, Words([ExactString(String(count))])))
      }
      waitingHistory = begun.goingOn(after: next, count: count)
      endTurn()
      sendHistory()
    }
  }

  func readStatus(_ tag: Tag) {
    guard let ledger, let device else { return answer(tag, .failed(tag, WireError(.unauthenticated))) }
    server.seats.status(of: ledger.history.ledger) { result in
      self.onLoop { $0.gotStatus(tag, ledger, result.map(device.seat.listed)) }
    }
  }

  private func gotStatus(_ tag: Tag, _ ledger: LedgerHost, _ result: Result<[DeviceLine], StoreError>) {
    switch result {
    case .failure: answer(tag, .failed(tag, WireError(.storage)))
    case .success(let devices):
      var messages = devices.filter(isShown).map { ServerMessage.row(tag, ExactString($0.text)) }
      let snapshot = server.snapshots.newest(of: ledger.history.ledger)?.at.description ?? "-"
      messages.append(
        .ok(
          tag,
          Words([
            .pair("last", ledger.shared.tail.lastSeq), .pair("now", server.time.now), .pair("snapshot", snapshot),
          ])))
      answer(tag, messages)
    }
  }

  /// A seat sees how its own devices stand, and those of all only by right.
  private func isShown(_ line: DeviceLine) -> Bool {
    guard let seat = device?.seat else { return false }
    return line.facts.seat.seat == seat.seat || Rights.reach(of: .devices, for: seat.role) == .all
  }

  func issueReplica(_ tag: Tag) {
    guard let device else { return answer(tag, .failed(tag, WireError(.unauthenticated))) }
    server.seats.issue(for: device.replica, at: server.time.now) { result in
      self.onLoop { handler in
        switch result {
        case .failure: handler.answer(tag, .failed(tag, WireError(.storage)))
        case .success(let grant):
          let words: [ExactString] = [
            .pair("replica", grant.replica), .pair("secret", grant.secret.digits), .pair("last", 0),
          ]
          handler.answerSecretly(tag, .ok(tag, Words(words)))
        }
      }
    }
  }

  func issueCertificate(_ tag: Tag) {
    guard let device else { return answer(tag, .failed(tag, WireError(.unauthenticated))) }
    guard case .device(let shown) = peer else { return refuse(.failed(tag, CertificateProblem.missing.error)) }
    let name = device.replica.description
    guard let der = server.tls?.deviceCertificate(for: shown.key, name: name, at: server.time.now) else {
      return answer(tag, .failed(tag, WireError(.storage)))
    }
    answer(tag, .ok(tag, Words([.pair("certificate", Base64URL.text(der))])))
  }

  func listSnapshots(_ tag: Tag) {
    guard let ledger else { return answer(tag, .failed(tag, WireError(.unauthenticated))) }
    let sets = server.snapshots.all(of: ledger.history.ledger)
    var messages = sets.map { ServerMessage.row(tag, ExactString($0.text)) }
    messages.append(.ok(tag, Words([ExactString(String(sets.count))])))
    answer(tag, messages)
  }
}

extension SeatFacts {
  /// Those of `devices` that the seat is shown: all where it sees the whole ledger or keeps the machine, else its own.
  fileprivate func listed(_ devices: [DeviceLine]) -> [DeviceLine] {
    role.sight == .assigned ? devices.filter { $0.facts.seat.seat == seat } : devices
  }
}
