import EditModel
import LedgerClient
import LedgerRules
import ReplicaKeeping

/// Keeps what the board's figures are made from up to date; owned by the actor itself, so that every change of it has
/// one place. It counts anew only when something changed and never on the screen's thread.
///
/// A confirmed line is applied to the state held here instead of reading the whole replica again: with ten thousand
/// problems that is the difference between a moment and a second.
actor BoardFeed {
  private let replica: Replica
  private let wallMilliseconds: @Sendable () -> UInt64
  /// What the server said is a moment of its clock; the board's own is put on that.
  private var offsetMilliseconds: Int64 = 0
  private var confirmed = LedgerState()
  private var pending: [Edit] = []
  private var seat: SeatFacts?
  private var sources: BoardSources?
  private var devices: DeviceReport?
  private var since: CivilDate?
  private var countedDay: CivilDate?
  private var hasChanged = false
  private var loadedRevision: Int64?
  private var watcherTells = false
  private var stateOfConnection = BoardConnection.connecting
  private var next: NextTry?

  /// The most accepted edits that are kept for the list of what was done last.
  private static let recentLimit = 500

  init(_ replica: Replica, since: CivilDate?, wallMilliseconds: @escaping @Sendable () -> UInt64) {
    self.replica = replica
    self.since = since
    self.wallMilliseconds = wallMilliseconds
  }

  /// The time, on the server's clock where it is known.
  var now: Stamp {
    let milliseconds = Int64(clamping: wallMilliseconds()).addingReportingOverflow(
      offsetMilliseconds
    ).partialValue
    return Stamp(milliseconds: UInt64(max(0, milliseconds)))
  }

  /// How the connection stands, as far as is known.
  var connection: BoardConnection { stateOfConnection }

  /// When the next connection is tried; nil while there is one, or nothing is known of it.
  var nextTry: NextTry? {
    if case .offline = stateOfConnection { next } else { nil }
  }

  /// That the server is not the one that it was; nil while it is, or is not known.
  var otherServer: OfflineReason? {
    guard case .offline(let reason) = stateOfConnection, case .otherServer = reason else { return nil }
    return reason
  }

  /// Reads the replica anew.
  func load() throws(ClientError) {
    // Asked before the view is read: a change between the two is read twice rather than missed.
    loadedRevision = try replica.revision()
    let view = try replica.view()
    // What the server says later is nearer.
    if devices == nil { offsetMilliseconds = try replica.clockOffsetMilliseconds() ?? 0 }
    confirmed = view.confirmed
    pending = view.pending.map(\.edit)
    let recent = RecentEdits.of(confirmed, limit: BoardFeed.recentLimit)
    sources = BoardSources(
      ledger: view.info.ledger, state: view.shown, pendingEdits: pending.count, recent: recent,
      now: now)
    sources?.reader = view.info.reader
    sources?.seesEverything = view.info.role?.sight == .everything
    sources?.isToldOfDevices = view.info.role.map { Rights.reach(of: .devices, for: $0) == .all } ?? false
    seat = view.info.facts
    count(view.clashes)
    hasChanged = true
  }

  private func count(_ clashes: [Clash]) {
    guard let state = sources?.state else { return }
    sources?.clashes = clashes.count
    sources?.ownClashes = seat.map { seat in clashes.count { state.concerns($0, seat) } } ?? 0
  }

  /// Reads the replica anew once, when it changed between the first reading and the start of the watch.
  func catchUp() throws(ClientError) {
    guard let loaded = loadedRevision else { return }
    loadedRevision = nil
    if try replica.revision() != loaded { try load() }
    loadedRevision = nil
  }

  /// Takes in what a watcher told.
  func receive(_ event: WatchEvent) throws(ClientError) {
    switch event {
    case .online: connected(.online)
    case .offline(let reason): connected(.offline(reason))
    case .comesBack(let delay): next = .at(Stamp(milliseconds: now.milliseconds + delay.wholeMilliseconds))
    case .connecting: next = .trying
    case .edits(let lines):
      take(lines)
      if let state = sources?.state { count(try replica.clashes(in: state)) }
    case .own, .notice: try load()
    }
  }

  /// Takes in what the server said of its devices; nil: it could not be asked, for this reason.
  func receive(_ answer: Result<ServerStatus, ClientError>) {
    switch answer {
    case .success(let status):
      offsetMilliseconds = Int64(status.now.milliseconds) - Int64(clamping: wallMilliseconds())
      let report = DeviceReport(status)
      hasChanged = hasChanged || report.devices != devices?.devices
      devices = report
      if !watcherTells { stateOfConnection = .online }
    case .failure(.offline(let reason)):
      if !watcherTells { stateOfConnection = .offline(reason) }
      // Who was connected then may not be now.
      if let known = devices, known.devices.contains(where: \.isLive) {
        devices = known.withNobodyLive
        hasChanged = true
      }
    case .failure: break
    }
  }

  /// Counts from another day on.
  func count(since: CivilDate?) {
    self.since = since
    hasChanged = true
  }

  /// The figures, when something changed since they were last asked for, or the day has.
  func figures() -> BoardFigures? {
    guard var sources, hasChanged || countedDay != CivilDate(now) else { return nil }
    hasChanged = false
    countedDay = CivilDate(now)
    sources.now = now
    sources.since = since
    sources.devices = devices
    return BoardFigures(sources)
  }

  /// Notes how the connection stands, as one knows who has it.
  func connected(_ connection: BoardConnection) {
    watcherTells = true
    stateOfConnection = connection
  }

  private func take(_ lines: [AcceptedEdit]) {
    guard var sources else { return }
    // Let go before applying: a second reference to the state would make each change copy it.
    self.sources = nil
    let known = Set(lines.map(\.edit.id))
    pending.removeAll { known.contains($0.id) }
    sources.state = LedgerState()
    for line in lines { confirmed.apply(line) }
    sources.state = confirmed
    for edit in pending { sources.state.show(edit) }
    sources.pendingEdits = pending.count
    sources.recent = Array((sources.recent + lines).suffix(BoardFeed.recentLimit))
    self.sources = sources
    hasChanged = true
  }
}

/// The edits that were accepted last, out of those that still win something: what a replica knows at once.
enum RecentEdits {
  /// The last `limit` of `state`, in the server's order.
  static func of(_ state: LedgerState, limit: Int) -> [AcceptedEdit] {
    var kept: [AcceptedEdit] = []
    var floor: UInt64 = 0
    func offer(_ accepted: AcceptedEdit) {
      guard accepted.seq > floor else { return }
      kept.append(accepted)
      guard kept.count >= 4 * limit else { return }
      kept = newest(kept, limit)
      floor = kept.first?.seq ?? 0
    }
    for entity in state.all.values {
      if let creation = entity.creation { offer(creation) }
      // A stage that wins is its transition's creation too.
      for (field, cell) in entity.cells.all where field != .stage { offer(cell.winner) }
    }
    return newest(kept, limit)
  }

  private static func newest(_ edits: [AcceptedEdit], _ limit: Int) -> [AcceptedEdit] {
    Array(edits.sorted { $0.seq < $1.seq }.suffix(limit))
  }
}

extension DeviceReport {
  /// What a server said, in the board's words.
  init(_ status: ServerStatus) {
    self.init(
      asOf: status.now,
      devices: status.devices.map { device in
        Device(
          seat: device.seat, role: device.role, place: device.place, contact: device.contact,
          unsent: device.unsent,
          isLive: device.isLive)
      })
  }
}

extension Duration {
  /// Whole milliseconds; of less than nothing none.
  fileprivate var wholeMilliseconds: UInt64 {
    UInt64(max(0, components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000))
  }
}
