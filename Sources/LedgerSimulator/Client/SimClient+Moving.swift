import EditModel
import LedgerRules
import LedgerStore

/// Transitions: mostly those that the person may make, sometimes others.
extension SimClient {
  func move(_ shown: LedgerState, _ problems: [EntityID], _ process: Process) throws(StoreError) -> Bool {
    func steps(_ problem: EntityID) -> [StageLaw.Step] {
      let stage = shown.pendingStage(of: problem) ?? shown.stage(of: problem).stage
      return StageLaw.steps.filter {
        $0.from.contains(stage.rawValue) && $0.roles.contains(seat.role.rawValue) && $0.to != "withdrawn"
      }
    }
    guard let problem = world.random.pick(problems.filter { !steps($0).isEmpty }) ?? world.random.pick(problems) else {
      return false
    }
    var target = world.random.pick(steps(problem))?.to
    if world.random.chance(6) { target = world.random.pick(Stage.allCases.map(\.rawValue)) }
    guard let target else { return false }
    let words = "理由\(world.token())"
    try record(process) { act in
      let made = EntityID.created(act.edit(1))
      return [
        Change(entity: problem, field: .stage, value: .text(ExactString(target))),
        Change(entity: made, field: .reason, value: .text(ExactString(words))),
        Change(entity: made, field: .opinion, value: .text(ExactString(words))),
        Change(entity: made, field: .outcome, value: .text("done")),
      ]
    }
    return true
  }

  /// Enters what was fed back, so that there is something to work on.
  func enterFeedback() {
    guard let process else { return }
    do throws(StoreError) {
      for number in 1...5 { try enter(number, process) }
    } catch {
      fails(error)
    }
  }

  private func enter(_ number: Int, _ process: Process) throws(StoreError) {
    let problem = EntityID.derived(ExactString("p\(number)"))
    let measure = EntityID.derived(ExactString("p\(number).1"))
    let village = Town.villages[number % Town.villages.count]
    let office = Town.offices[number % Town.offices.count]
    func change(_ entity: EntityID, _ field: String, _ value: String) -> Change {
      Change(entity: entity, field: Town.field(field), value: .text(ExactString(value)))
    }
    let text = "问题\(world.token())"
    let isAssigned = number < 5
    let changes =
      [
        change(problem, "problem", "\(number)"), change(problem, "text", text), change(measure, "measure", "1"),
        change(measure, "state", "done"), change(problem, "deadline", "2026-12-31"),
        change(problem, "closing_standard", "整改到位"), change(problem, "effect", "初步见效"),
        change(problem, "village/\(village)", "yes"),
      ] + (isAssigned ? [change(problem, "lead_unit", office), change(problem, "leader", Town.leader)] : [])
    try record(process) { _ in changes }
  }
}
