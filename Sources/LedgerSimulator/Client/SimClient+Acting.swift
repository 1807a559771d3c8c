import EditModel
import LedgerRules
import LedgerStore
import ReplicaKeeping

/// The person at the device.
extension SimClient {
  /// Does one thing that a person does; false when there was nothing to do it to.
  func act() -> Bool {
    guard let process, sleepsUntil <= world.now else { return false }
    do throws(StoreError) {
      let shown = try process.desk.snapshot().shown
      let problems = shown.problems()
      switch kindOfAct() {
      case .describe: return try describe(shown, problems, process)
      case .note: return try writeNote(shown, problems, process)
      case .move: return try move(shown, problems, process)
      case .report: return try report(shown, problems, process)
      case .assign: return try assign(shown, problems, process)
      case .register: return try register(process)
      case .breakDown: return try breakDown(shown, problems, process)
      case .undo: return try undo(process)
      case .decide: return try decide(process)
      }
    } catch {
      fails(error)
      return true
    }
  }

  /// What people do.
  private enum Act { case describe, note, move, report, assign, register, breakDown, undo, decide }

  /// Mostly what the seat's duty is, now and then anything.
  private func kindOfAct() -> Act {
    let all: [Act] = [.describe, .note, .move, .report, .assign, .register, .breakDown, .undo, .decide]
    guard !world.random.chance(6) else { return world.random.pick(all) ?? .note }
    let duties: [Act] =
      switch seat.role {
      case .county: [.describe, .describe, .move, .move, .undo]
      case .villageClerk: [.describe, .describe, .note, .report, .move, .breakDown, .register, .undo, .decide]
      case .discipline: [.describe, .note, .move, .move, .move, .register, .undo]
      case .townOffice:
        [.describe, .describe, .note, .note, .report, .move, .move, .move, .breakDown, .register, .undo, .decide]
      default:
        [
          .describe, .describe, .describe, .note, .note, .report, .move, .move, .move, .assign, .assign, .assign,
          .breakDown,
          .undo, .decide, .decide,
        ]
      }
    return world.random.pick(duties) ?? .note
  }

  /// Records one act; what it says is saved is a promise from then on. nil when it was not recorded.
  @discardableResult
  func record(
    _ process: Process, undoing undone: UndoneAt? = nil, repeats: Bool = false, _ draft: @escaping (ActID) -> [Change]
  ) throws(StoreError) -> ActID? {
    let repeats = repeats || undone != nil
    let noted: (ActID) -> [Change] = { id in
      self.world.promises.willRecord(id, on: self.index)
      if repeats { self.world.promises.willRepeat(id) }
      return draft(id)
    }
    let outcome = try process.desk.record([noted], at: clock.reading, undoing: undone)
    switch outcome {
    case .recorded(let acts):
      for act in acts {
        world.note("c\(index) records \(act.id.replica).\(act.id.n) \(act.edits.map { "\($0.entity) \($0.field)" })")
        world.promises.saved(act, at: clock.reading.wallMilliseconds, on: index, repeats: repeats)
        world.madeActs.made(
          act.id, at: world.server.moment, heard: heardTime, on: index, in: clock.reading.boot)
      }
      // The sync looks at the file ten times a second.
      later(world.random.below(100)) { client in client.look() }
      return acts.first?.id
    case .refused(let refusal):
      world.figures.refusedHere += 1
      world.note("c\(index) is refused here: \(refusal)")
    case .notWritable(let field): world.fail("client \(index): a value of \(field?.description ?? "-") is not writable")
    case .overtaken: break
    }
    return nil
  }

  private func look() {
    guard let process else { return }
    do throws(StoreError) {
      if let event = try process.file.look() { run(event) }
    } catch {
      fails(error)
    }
  }

  private func describe(_ shown: LedgerState, _ problems: [EntityID], _ process: Process) throws(StoreError) -> Bool {
    guard let problem = world.random.pick(problems) else { return false }
    let parts = shown.parts(of: problem)
    var entity = problem
    var fields = ["progress", "progress", "progress", "effect", "root_cause", "next_step", "zz_unknown"]
    switch seat.role {
    case .county: fields = ["text", "number"]
    case .roundOwner, .secretary: fields += ["text", "goal", "closing_standard", "owner"]
    default: if world.random.chance(4) { fields = ["text", "goal"] }
    }
    if !parts.isEmpty, seat.role == .villageClerk || world.random.chance(15) {
      entity =
        world.random.pick(parts.filter { shown.place(of: $0) == seat.place }) ?? world.random.pick(parts) ?? problem
      fields = ["progress", "unfinished_reason"]
    }
    guard let field = world.random.pick(fields) else { return false }
    let value: EditValue = world.random.chance(6) ? .cleared : .text(ExactString("说明\(world.token())"))
    try record(process) { _ in [Change(entity: entity, field: Town.field(field), value: value)] }
    return true
  }

  private func writeNote(_ shown: LedgerState, _ problems: [EntityID], _ process: Process) throws(StoreError) -> Bool {
    guard let problem = world.random.pick(problems) else { return false }
    let below = shown.parts(of: problem) + shown.measures(of: problem)
    let notes = shown.notes(of: problem)
    if world.random.chance(10), let note = world.random.pick(notes) {
      try record(process) { _ in [Change(entity: note, field: .withdrawn, value: .text("yes"))] }
      return true
    }
    let own = below.filter { shown.place(of: $0) == seat.place }
    let isClerk = seat.role == .villageClerk
    let entity =
      isClerk ? own.first ?? problem : world.random.chance(30) ? world.random.pick(below) ?? problem : problem
    let text = ExactString("进展\(world.token())")
    try record(process) { _ in [Change(entity: entity, field: Town.field("note"), value: .text(text))] }
    return true
  }

  private func report(_ shown: LedgerState, _ problems: [EntityID], _ process: Process) throws(StoreError) -> Bool {
    guard let problem = world.random.pick(problems) else { return false }
    let entities = shown.measures(of: problem) + shown.parts(of: problem)
    let own = seat.role == .villageClerk ? entities.filter { shown.place(of: $0) == seat.place } : entities
    guard let entity = world.random.pick(own.isEmpty ? entities : own) else { return false }
    let state = world.random.pick(["under_way", "done", "done", "long_term"]) ?? "done"
    let isPart = shown.parts(of: problem).contains(entity)
    try record(process) { _ in
      [Change(entity: entity, field: .state, value: .text(ExactString(state)))]
        + (isPart ? [Change(entity: entity, field: .reported, value: .text("yes"))] : [])
    }
    return true
  }

  private func assign(_ shown: LedgerState, _ problems: [EntityID], _ process: Process) throws(StoreError) -> Bool {
    guard let problem = world.random.pick(problems) else { return false }
    var change: Change
    switch world.random.below(6) {
    case 0...1:
      change = Change(
        entity: problem, field: .leadUnit, value: .text(ExactString(world.random.pick(Town.offices) ?? "")))
    case 2:
      let leader = world.random.chance(60) ? Town.leader : "另一位领导"
      change = Change(entity: problem, field: .leader, value: .text(ExactString(leader)))
    case 3:
      let unit = world.random.pick(Town.offices) ?? ""
      change = Change(
        entity: world.random.pick(shown.measures(of: problem)) ?? problem, field: .unit, value: .text(ExactString(unit))
      )
      if change.entity == problem {
        change = Change(entity: problem, field: Town.field("co_unit/\(unit)"), value: .text("yes"))
      }
    default:
      let village = world.random.pick(Town.villages) ?? ""
      let value: EditValue = world.random.chance(50) ? .text("yes") : world.random.chance(50) ? .cleared : .text("no")
      change = Change(entity: problem, field: Town.field("village/\(village)"), value: value)
    }
    try record(process) { _ in [change] }
    return true
  }

  private func register(_ process: Process) throws(StoreError) -> Bool {
    try registered(process)
    return true
  }

  /// Registers a problem; the thing that it made, nil when it was not recorded.
  @discardableResult
  private func registered(_ process: Process) throws(StoreError) -> EntityID? {
    let text = ExactString("自查\(world.token())")
    let seat = seat
    let act = try record(process) { act in
      let problem = EntityID.created(act.edit(1))
      return [Change(entity: .root, field: Town.field("problem"), value: .text(text))]
        + [seat.namingItself(in: problem)].compactMap(\.self)
    }
    return act.map { EntityID.created($0.edit(1)) }
  }

  /// Registers a problem and says so many things of it, one act each.
  func registerAndSay(_ count: Int) {
    guard let process, sleepsUntil <= world.now else { return }
    do throws(StoreError) {
      guard let problem = try registered(process) else { return }
      for _ in 0..<count {
        let value = EditValue.text(ExactString("说明\(world.token())"))
        try record(process) { _ in [Change(entity: problem, field: Town.field("progress"), value: value)] }
      }
    } catch {
      fails(error)
    }
  }

  private func breakDown(_ shown: LedgerState, _ problems: [EntityID], _ process: Process) throws(StoreError) -> Bool {
    guard let problem = world.random.pick(problems) else { return false }
    let isClerk = seat.role == .villageClerk
    let place = isClerk ? seat.place?.string ?? "" : world.random.pick(Town.villages) ?? ""
    if world.random.chance(isClerk ? 95 : 40) {
      let isDerived = DerivedName(problem) != nil
      try record(process) { _ in
        let entity = isDerived ? EntityID.derived(ExactString("\(problem).\(place)")) : problem
        return [Change(entity: entity, field: Town.field("part"), value: .text(ExactString(place)))]
      }
      return true
    }
    let text = ExactString("措施\(world.token())")
    try record(process) { act in
      [
        Change(entity: problem, field: Town.field("measure"), value: .text(text)),
        Change(entity: .created(act.edit(1)), field: .state, value: .text("done")),
      ]
    }
    return true
  }

  private func undo(_ process: Process) throws(StoreError) -> Bool {
    guard let plan = try UndoPlan(process.desk), plan.stuck == nil else { return false }
    guard !plan.changes.isEmpty else { return try process.desk.dismissUndo(of: plan.undone) }
    let changes = plan.changes
    try record(process, undoing: plan.undone) { _ in changes }
    return true
  }
  /// Decides about a clash that the device shows.
  private func decide(_ process: Process) throws(StoreError) -> Bool {
    let shown = try process.desk.snapshot().shown
    let open = try process.desk.clashes().filter { !shown.isSettled($0) }
    guard let clash = world.random.pick(open) else { return false }
    let takes = world.random.chance(50)
    guard let changes = takes ? clash.taking(of: []) : clash.keeping() else { return false }
    world.figures.decided += 1
    try record(process, repeats: takes) { _ in changes }
    return true
  }
}
