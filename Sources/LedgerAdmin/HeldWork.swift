package import EditModel
package import LedgerRules
package import LedgerStore
import LineProtocol

/// What waits in the quarantine, as whoever decides about it sees it: beside the ledgers that it is for.
package struct HeldWork {
  /// What waits, or has waited, in the order of devices and their numbers.
  package let items: [Item]
  private let states: [ExactString: LedgerState]

  /// One held act.
  package struct Item: Hashable, Sendable {
    /// The act as it is kept.
    package let act: HeldAct
    /// Its edits; none where this version cannot read it.
    package let edits: [Edit]
    /// The ledger of its device's seat; nil when the server does not know the device and nobody has said.
    package let ledger: ExactString?
    /// Its device's seat; nil when the server does not know the device.
    package let seat: SeatID?
    /// The problem that it is about; nil where that cannot be told.
    package let problem: EntityID?

    /// Whether nobody has decided about it for good.
    package var isWaiting: Bool { !(act.decision?.isFinal ?? false) }
  }

  /// Which held acts are meant: those that every part lets pass.
  package struct Choice: Hashable, Sendable {
    /// Of these devices; empty: of all.
    package var replicas: Set<ReplicaID> = []
    /// These acts; empty: all of the devices.
    package var acts: Set<ActID> = []
    /// For this ledger; nil: for all.
    package var ledger: ExactString?
    /// About this problem, as people call it; nil: about all.
    package var problem: ReferenceText?
    /// Made not before this; nil: from the first.
    package var since: Stamp?
    /// Made not after this; nil: to the last.
    package var until: Stamp?

    /// All.
    package init() {}

    private func names(_ act: ActID) -> Bool {
      replicas.isEmpty && acts.isEmpty || replicas.contains(act.replica) || acts.contains(act)
    }

    fileprivate func holds(_ item: Item, in work: HeldWork) -> Bool {
      guard names(item.act.id), ledger == nil || item.ledger == ledger else { return false }
      let made = item.made ?? item.act.at
      guard since.map({ made >= $0 }) ?? true, until.map({ made <= $0 }) ?? true else { return false }
      guard let problem else { return true }
      guard let ledger = item.ledger, let state = work.states[ledger] else { return false }
      return problem.entity(in: state).map { $0 == item.problem } ?? false
    }
  }

  /// Reads the quarantine of `folder` and the ledgers that it is for; nothing where there is no quarantine. May look beside a
  /// running server. A ledger that cannot be read has no problems to be told apart by.
  package init(reading folder: DataFolder) throws(AdminError) {
    guard Disk.exists(folder.quarantine) else {
      (items, states) = ([], [:])
      return
    }
    let held = try storing { () throws(StoreError) in
      let store = try QuarantineStore(path: folder.quarantine)
      let held = try store.all()
      try store.close()
      return held
    }
    let devices = try HeldWork.devices(folder)
    let ledgers = Set(held.compactMap { devices[$0.id.replica]?.ledger ?? $0.decision?.ledger ?? $0.ledger })
    var states: [ExactString: LedgerState] = [:]
    // One that is damaged keeps nobody from deciding about the others.
    for ledger in ledgers { states[ledger] = try? HeldWork.state(of: ledger, in: folder) }
    let shown = HeldWork.shown(held, devices, states)
    self.states = states
    items = held.map { act in
      let edits = act.lines.compactMap { EditLine.edit($0) }
      let device = devices[act.id.replica]
      let ledger = device?.ledger ?? act.decision?.ledger ?? act.ledger
      let problem = ledger.flatMap { shown[$0] }.flatMap { state in edits.first.flatMap { state.problem(of: $0) } }
      return Item(
        act: act, edits: edits.count == act.lines.count ? edits : [], ledger: ledger, seat: device?.seat,
        problem: problem)
    }
  }

  /// Those that `choice` means.
  package func chosen(_ choice: Choice) -> [Item] { items.filter { choice.holds($0, in: self) } }

  /// The ledger's state as it stands; nil where it cannot be read.
  package func state(of item: Item) -> LedgerState? { item.ledger.flatMap { states[$0] } }

  /// Whose a device is.
  private struct Owner {
    let ledger: ExactString
    let seat: SeatID
  }

  private static func devices(_ folder: DataFolder) throws(AdminError) -> [ReplicaID: Owner] {
    try storing { () throws(StoreError) in
      let seats = try SeatStore(path: folder.seats)
      let devices = try seats.devices().map { ($0.replica, Owner(ledger: $0.ledger, seat: $0.seat.seat)) }
      try seats.close()
      return Dictionary(devices) { first, _ in first }
    }
  }

  private static func state(of ledger: ExactString, in folder: DataFolder) throws(AdminError) -> LedgerState {
    try storing { () throws(StoreError) in
      let reader = try HistoryReader(path: folder.ledger(ledger))
      let state = try reader.state(through: try reader.lastSeq())
      try reader.close()
      return state
    }
  }

  /// The ledgers with what is held laid over them: what is about a thing that is held itself is found by it.
  private static func shown(
    _ held: [HeldAct], _ devices: [ReplicaID: Owner], _ states: [ExactString: LedgerState]
  ) -> [ExactString: LedgerState] {
    var shown = states
    for act in held {
      guard let ledger = devices[act.id.replica]?.ledger ?? act.decision?.ledger ?? act.ledger else { continue }
      for line in act.lines { EditLine.edit(line).map { shown[ledger]?.show($0) } }
    }
    return shown
  }
}

extension HeldWork.Item {
  /// When it was made, on the server's time line; nil where it cannot be read.
  package var made: Stamp? { edits.first?.stamp }
}

extension LedgerState {
  /// The problem that `edit` makes or is under; nil where that cannot be told.
  fileprivate func problem(of edit: Edit) -> EntityID? {
    var next = Vocabulary.creation(by: edit)?.entity ?? edit.entity
    // As deep as anything can stand under another.
    for _ in 0..<8 {
      guard let entity = self[next] else { return nil }
      if entity.kind == .problem { return next }
      guard let parent = entity.parent else { return nil }
      next = parent
    }
    return nil
  }
}
