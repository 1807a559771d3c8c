/// # ReplicaKeeping
///
/// A device's machine and its replica's file together: what the sync machine says of the file is done there, and an undo is
/// planned from what stands in it. It owns no socket, no timer and no thread, reads no certificate, and words nothing for
/// people; `LedgerClient` does.

package import EditModel
package import LedgerStore
package import LineProtocol
package import SyncRules

/// Carries out what the sync machine says about the replica's file: every action that is neither socket nor timer.
///
/// Without a loop, a socket or a timer of its own, so that whoever drives a sync keeps the order of file and socket: each
/// call is durable when it returns. Owned by that driver.
package struct SyncFile {
  /// The replica's file.
  package let store: ReplicaStore
  /// The greatest `n` that the machine was told of.
  package private(set) var counter: UInt64
  /// What this sync was last told of the server's time, and what the clocks showed then.
  package private(set) var anchor: ClockAnchor?
  /// When the questions for the server's time left that have no answer yet, by the boot clock, oldest first.
  private var asked: [UInt64] = []
  /// What the server was told of the device on this connection.
  private var told = DeviceReport()
  private let device: Device
  private let certificates: any CertificateReader

  /// What followed from an action.
  package struct Effect: Sendable {
    /// What the machine is to be told, in order.
    package var events: [SyncEvent] = []
    /// So many new lines are in the file; nil when the stream brought nothing.
    package var applied: Int?
    /// The server went back: so many own acts are to be sent again; nil when it did not.
    package var again: Int?
  }

  /// The replica's file at `path`, which must be there; `certificates` reads those that the server issues.
  package init(path: String, device: Device, certificates: any CertificateReader) throws(StoreError) {
    self.device = device
    self.certificates = certificates
    self.store = try ReplicaStore.open(path: path)
    self.counter = try store.header().counter
  }

  /// What the machine begins with.
  package func facts() throws(StoreError) -> SyncFacts {
    SyncFacts(try store.header(), welcome: try store.welcome(), certificates: certificates)
  }

  /// The undecided acts, when another process has recorded something since the machine was last told.
  package mutating func look() throws(StoreError) -> SyncEvent? {
    guard try store.header().counter != counter else { return nil }
    return try outbox()
  }

  /// The undecided acts as the machine is told of them. Once this sync has been told the server's time, what was never
  /// sent is put at its place on the server's time line first.
  package mutating func outbox() throws(StoreError) -> SyncEvent {
    if let anchor {
      let present = device.reading()
      try store.place(.unsent) { acts, above in
        StampCorrection.placed(acts, by: anchor, at: present, above: above, keepsGood: true)
      }
    }
    let outbox = try store.outbox()
    counter = outbox.counter
    return .outbox(outbox.acts.compactMap(OutboxAct.init), counter: outbox.counter)
  }

  /// Does what `action` says about the file; nil when it says nothing of it.
  package mutating func perform(_ action: SyncAction) throws(StoreError) -> Effect? {
    var effect = Effect()
    switch action {
    case .connect:
      asked = []
      return nil
    case .disconnect, .send, .wake, .report: return nil
    case .noteTime(let now): try noteTime(now, &effect)
    case .noteSeat(let seat, let role, let place, let holder):
      try store.noteSeat(seat: seat, role: role, place: place, holder: holder)
    case .noteWelcome(let mark): try keep(welcome: mark)
    case .noteRemoved(let count):
      try store.keep(welcome: nil)
      try store.noteRemoved(handedOver: count)
    case .keepCertificate(let text): try keep(certificate: text)
    case .noteMoving(let address): try note(movingTo: address)
    case .markSent(let numbers): try store.markSent(numbers)
    case .apply(let lines, let reached): try apply(lines, reached: reached, &effect)
    case .withdraw(let entity): try store.withdraw(entity)
    case .acknowledge(let acts): try store.acknowledge(acts.map { ($0.n, $0.firstSeq) })
    case .shelve(let n, let answer): try store.shelve(n, answer: answer)
    case .markForked(let n): try store.markForked(n)
    case .restamp(let n, let now): try restamp(from: n, now: now, &effect)
    case .begin(let epoch): try store.begin(epoch)
    case .rewind(let seq, let epoch):
      try goingBack(&effect) { store throws(StoreError) in try store.rewind(to: seq, epoch: epoch) }
    case .restart(let epoch, let keepsOthers):
      try goingBack(&effect) { store throws(StoreError) in try store.restart(epoch: epoch, keepsOthers: keepsOthers) }
    case .needNewID: try store.needNewID()
    case .adopt(let replica, let secret): try adopt(replica, secret, &effect)
    }
    return effect
  }

  /// The line, and for `auth` what the device says of itself: its software, and how its clock is, which the greeting has
  /// just shown; for `resume` what of that the server was not told yet.
  package mutating func reporting(_ line: ClientLine) throws(StoreError) -> ClientLine {
    switch line.request {
    case .auth(let replica, let secret, let unsent, _):
      told = try report()
      return ClientLine(
        tag: line.tag, request: .auth(replica: replica, secret: secret, unsent: unsent, report: told))
    case .resume(let request):
      let before = try store.welcome()?.offsetMilliseconds
      told = try report()
      let isNews = SyncFile.isOff(told.offsetMilliseconds, otherThan: before)
      let report = DeviceReport(offsetMilliseconds: isNews ? told.offsetMilliseconds : nil)
      if !isNews { told = DeviceReport(version: told.version, offsetMilliseconds: before) }
      return ClientLine(tag: line.tag, request: .resume(request.reporting(report)))
    case .ping:
      asked.append(device.reading().bootMilliseconds)
      return line
    default: return line
    }
  }

  /// Whether a clock that is off by `now` milliseconds is worth telling of, when `before` was told last: what a link's delay
  /// makes is not.
  private static func isOff(_ now: Int64?, otherThan before: Int64?) -> Bool {
    guard let now, let before else { return now != before }
    return abs(now - before) > Int64(StampCorrection.toleranceMilliseconds)
  }

  private func report() throws(StoreError) -> DeviceReport {
    let offset = try store.header().offsetMilliseconds.map { -$0 }
    return DeviceReport(
      version: Device.software, offsetMilliseconds: offset.map { max(-Device.offsetLimit, min(Device.offsetLimit, $0)) }
    )
  }

  private func keep(welcome mark: ExactString?) throws(StoreError) {
    let welcome = mark.map {
      ReplicaWelcome(
        mark: $0.string, software: Device.software.string, offsetMilliseconds: told.offsetMilliseconds)
    }
    try store.keep(welcome: welcome)
  }

  private mutating func goingBack(
    _ effect: inout Effect, _ body: (ReplicaStore) throws(StoreError) -> Void
  ) throws(StoreError) {
    let before = try store.counts().unsent
    try body(store)
    effect.again = try store.counts().unsent - before
    effect.events.append(try outbox())
  }

  private func apply(_ lines: [AcceptedEdit], reached: Reached?, _ effect: inout Effect) throws(StoreError) {
    let applied = try store.apply(lines, reached: reached.map { ($0.seq, $0.cursor) })
    if applied.foundStranger { effect.events.append(.foundStranger) }
    if !applied.fresh.isEmpty || reached != nil { effect.applied = applied.fresh.count }
  }

  /// Notes where the server says that it has moved. A replica that has nothing to know a server by stays where it is.
  private func note(movingTo text: String?) throws(StoreError) {
    guard let text else { return try store.note(movingTo: nil) }
    guard let address = HostPort(text), try store.header().trust != nil else { return }
    try store.note(movingTo: address.description)
  }

  /// Keeps a certificate that is one for the own key; another is passed over.
  private func keep(certificate text: String) throws(StoreError) {
    guard let der = Base64URL.bytes(text), certificates.isForOwnKey(der) else { return }
    try store.keep(certificate: der)
  }

  private mutating func noteTime(_ now: Stamp, _ effect: inout Effect) throws(StoreError) {
    let reading = device.reading()
    let left = asked.isEmpty ? nil : asked.removeFirst()
    // An answer that waited behind a long catch-up says what time it was then: what is known already is better, unless the
    // server's line has jumped ahead of that.
    if let left, let anchor, reading.bootMilliseconds > left &+ StampCorrection.toleranceMilliseconds,
      now.milliseconds <= anchor.milliseconds(at: reading)
    {
      return
    }
    let anchor = ClockAnchor(now: now, reading: reading)
    self.anchor = anchor
    try store.noteTime(anchor)
    effect.events.append(try outbox())
  }

  /// The server has found a stamp ahead of its time: what was known of that is wrong, however long the answer took.
  private mutating func restamp(from n: UInt64, now: Stamp, _ effect: inout Effect) throws(StoreError) {
    let anchor = ClockAnchor(now: now, reading: device.reading())
    self.anchor = anchor
    try store.noteTime(anchor)
    try store.place(.from(n)) { acts, above in
      StampCorrection.placed(acts, by: anchor, at: anchor.reading, above: above, keepsGood: false)
    }
    effect.events.append(try outbox())
  }

  private mutating func adopt(
    _ replica: ReplicaID, _ secret: Secret, _ effect: inout Effect
  ) throws(StoreError) {
    try store.adopt(replica, secret: secret) { Reissue.acts($0, to: replica) }
    effect.events.append(.renewed(try facts()))
    effect.events.append(try outbox())
  }
}
