import EditModel
import LedgerIdentity
import LedgerRules
import LedgerStore
import LineProtocol
import Logging
import SessionRules
import Synchronization

/// What became of a device that asked to be let in.
enum Admission: Sendable {
  /// It may come in; `last` is the greatest n that is decided for its replica, `moved` where the server is to be found.
  case welcome(AuthenticatedDevice, LedgerHost, last: UInt64, moved: HostPort?)
  /// It is shut out, or not known and has a certificate: it may only hand acts over.
  case held(HeldReplica, last: UInt64)
  /// There is no such device with this secret.
  case denied
  /// The device is known, and what it has shown over TLS is not enough.
  case certificate(CertificateProblem)
  /// The seats or the ledger cannot be read now.
  case failed
}

/// Who may come in, who is here, and when each was last heard from.
///
/// Reads the seats' file for every question, so that what `taizhangd device add` writes beside a running server counts
/// at once. Its own thread waits for that file; who is here is kept in memory and written now and then.
final class SeatDesk: Sendable {
  let store: SeatStore
  let thread: JobThread
  let ledgers: LedgerShelf
  let logger: Logger
  /// How long wrong proofs of codes wait.
  let throttle = Mutex(EnrolmentThrottle())
  /// What of the file was seen last.
  let seen = Mutex(SeenSeats())
  /// The time line, which is kept beside the seats.
  let time: ServerTime
  /// What is known of it.
  let clockWatch = Mutex(ClockWatch())
  /// Whether a look at the file is under way.
  let isLooking = Atomic(false)
  private let presence = Mutex<[ReplicaID: Presence]>([:])

  /// What is known of a device beyond the file.
  private struct Presence: Sendable {
    var connections = 0
    var contact: Stamp?
    var unsent: UInt64?
    var report = DeviceReport()
    var isUnwritten = false
  }

  init(store: SeatStore, thread: JobThread, ledgers: LedgerShelf, time: ServerTime, logger: Logger) {
    self.time = time
    self.store = store
    self.thread = thread
    self.ledgers = ledgers
    self.logger = logger
  }

  // MARK: Coming in

  /// Answers whether a device may come in. `answer` is called on another thread.
  func admit(
    _ credentials: Credentials, _ peer: ConnectionPeer, at now: Stamp, answer: @escaping @Sendable (Admission) -> Void
  ) {
    thread.run { [self] in
      do throws(StoreError) {
        guard let facts = try store.authenticate(credentials.replica, credentials.secret) else {
          return answer(try stranger(credentials.replica, peer, at: now))
        }
        if let problem = SeatDesk.problem(of: peer, for: facts, at: now) { return answer(.certificate(problem)) }
        guard let ledger = ledgers.host(of: facts.ledger, store: store) else { return answer(.failed) }
        heard(credentials.replica, unsent: credentials.unsent, report: credentials.report, at: now)
        // An administrator who has just let it in looks at the list to see whether it has arrived.
        if facts.contact == nil { writeContacts() }
        if facts.revoked != nil {
          let held = HeldReplica(replica: facts.replica, ledger: facts.ledger)
          return ledger.shared.mailbox.post(.lastDecided(facts.replica) { answer(.held(held, last: $0)) })
        }
        let device = AuthenticatedDevice(replica: facts.replica, seat: facts.seat, ledger: facts.ledger)
        // What the file says now goes before what was seen of it: it may just have been let in again.
        seen.withLock { seen in
          seen.shutOut.remove(facts.replica)
          if seen.change != nil { seen.seats[device.ledgerSeat] = device.seat }
        }
        let moved = try store.addresses().moved
        ledger.shared.mailbox.post(
          .lastDecided(facts.replica) { answer(.welcome(device, ledger, last: $0, moved: moved)) })
      } catch {
        note(error, "a device could not be let in, because the seats cannot be read")
        answer(.failed)
      }
    }
  }

  /// What a replica may do whose secret is not one that is known: nothing, unless the seats do not know it at all, as after
  /// a restore, and it has a certificate of the organisation that names it.
  private func stranger(_ replica: ReplicaID, _ peer: ConnectionPeer, at now: Stamp) throws(StoreError) -> Admission {
    guard case .device(let shown) = peer, shown.name == replica.description, shown.ends >= now,
      try store.device(replica) == nil
    else { return .denied }
    return .held(HeldReplica(replica: replica, ledger: nil), last: 0)
  }

  /// Why what `peer` has shown is not enough for the device; nil when it is.
  private static func problem(of peer: ConnectionPeer, for device: DeviceFacts, at now: Stamp) -> CertificateProblem? {
    switch peer {
    // A device without a key comes from this machine, one with a key never without it.
    case .plain: return device.key == nil ? nil : .missing
    case .unnamed: return .missing
    case .stranger: return .other
    case .device(let shown):
      // The name that the certificate gives does not count: a device that was given a new id keeps its key.
      guard shown.key.digest == device.key else { return .other }
      return shown.ends < now ? .expired : nil
    }
  }

  /// Gives the seat of `replica` one replica more. `answer` is called on another thread.
  func issue(
    for replica: ReplicaID, at now: Stamp, answer: @escaping @Sendable (Result<DeviceGrant, StoreError>) -> Void
  ) {
    thread.run { [self] in
      let draw = SeatDesk.draw()
      let grant = Result { () throws(StoreError) in try store.newReplica(for: replica, draw: draw, at: now) }
      // What it has unsent it will say, and send, under the new id.
      if case .success = grant { heard(replica, unsent: 0, at: now) }
      answer(grant)
    }
  }

  /// The random bits of a device.
  static func draw() -> DeviceDraw {
    var generator = SystemRandomNumberGenerator()
    return DeviceDraw(using: &generator)
  }

  // MARK: Being here

  /// A device's connection is let in.
  func connected(_ replica: ReplicaID) {
    presence.withLock { $0[replica, default: Presence()].connections += 1 }
  }

  /// A device's connection is gone.
  func disconnected(_ replica: ReplicaID) {
    presence.withLock { presence in
      let count = presence[replica]?.connections ?? 0
      presence[replica]?.connections = max(0, count - 1)
    }
  }

  /// A device was heard from at `now`; `unsent` is what it says of its outbox, when it says so, and `report` of itself.
  func heard(_ replica: ReplicaID, unsent: UInt64?, report: DeviceReport? = nil, at now: Stamp) {
    presence.withLock { presence in
      presence[replica, default: Presence()].contact = now
      if let unsent { presence[replica]?.unsent = unsent }
      if let report { presence[replica]?.report.update(with: report) }
      presence[replica]?.isUnwritten = true
    }
  }

  /// The devices of `ledger` as `stat` shows them. `answer` is called on another thread.
  func status(
    of ledger: ExactString, answer: @escaping @Sendable (Result<[DeviceLine], StoreError>) -> Void
  ) {
    thread.run { [self] in
      let devices = Result { () throws(StoreError) in try store.devices(of: ledger) }
      answer(devices.map { $0.map(line) })
    }
  }

  private func line(_ facts: DeviceFacts) -> DeviceLine {
    let here = presence.withLock { $0[facts.replica] }
    return DeviceLine(
      facts: facts, contact: here?.contact ?? facts.contact, unsent: here?.unsent ?? facts.unsent,
      isLive: (here?.connections ?? 0) > 0)
  }

  // MARK: Now and then

  /// Writes who was heard from, and reads which ledgers are archived. Runs on the desk's thread.
  func keepUp() {
    thread.run { [self] in
      writeContacts()
      keepClock()
      ledgers.refresh(store: store)
    }
  }

  /// Writes what is left, closes the file and ends the thread. Waits for that.
  func stop() {
    thread.run { [self] in
      writeContacts()
      writeClock()
      do throws(StoreError) {
        try store.close()
      } catch {
        note(error, "closing the seats failed")
      }
    }
    thread.stop()
  }

  private func writeContacts() {
    let contacts = presence.withLock { presence in
      var contacts: [DeviceContact] = []
      for (replica, one) in presence where one.isUnwritten {
        if let at = one.contact {
          contacts.append(
            DeviceContact(
              replica: replica, at: at, unsent: one.unsent, version: one.report.version,
              clockOffset: one.report.offsetMilliseconds))
        }
        presence[replica]?.isUnwritten = false
      }
      return contacts
    }
    do throws(StoreError) {
      try store.note(contacts)
    } catch {
      note(error, "when devices were last heard from could not be written; it is tried again")
      presence.withLock { presence in
        for contact in contacts { presence[contact.replica]?.isUnwritten = true }
      }
    }
  }

  func note(_ error: StoreError, _ what: Logger.Message) {
    logger.error(what, metadata: [LogKey.error: "\(error)"])
  }
}

/// A device as a row of `stat`.
struct DeviceLine: Sendable {
  let facts: DeviceFacts
  let contact: Stamp?
  let unsent: UInt64
  let isLive: Bool

  /// The words of the row.
  var text: String {
    var text = "device=\(facts.replica) seat=\(facts.seat.seat) role=\(facts.seat.role.rawValue)"
    text += " contact=\(contact?.description ?? "-") unsent=\(unsent) live=\(isLive ? 1 : 0)"
    if let place = facts.seat.place { text += " place=\(place)" }
    return text
  }
}
