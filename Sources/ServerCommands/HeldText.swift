import EditModel
import LedgerAdmin
import LedgerRules
import LedgerStore

/// What waits for a decision, in words.
enum HeldText {
  /// One held act on a line, without its contents.
  static func line(_ item: HeldWork.Item, in work: HeldWork) -> String {
    let made = item.made.map(ChinaClock.full) ?? "-"
    let about = item.problem.flatMap { problem in
      work.state(of: item).map { ReferenceText.text(for: problem, in: $0) }
    }
    return "held\t\(name(item.act))\t\(item.ledger?.string ?? "-")\t\(item.seat?.description ?? "-")\tmade \(made)\t"
      + "problem \(about ?? "-")\t\(cause(item.act.cause))\t\(state(item.act.decision))"
  }

  /// Each value of it and what the ledger has now.
  static func contents(_ item: HeldWork.Item, in work: HeldWork) -> [String] {
    guard !item.edits.isEmpty else { return ["  not readable by this version (本版本读不出来)"] }
    let state = work.state(of: item)
    return item.edits.flatMap { edit -> [String] in
      let name = state.map { ReferenceText.text(for: edit.entity, in: $0) } ?? edit.entity.description
      let title = "  \(name)\t\(label(edit, in: state))"
      guard Vocabulary.creation(by: edit) == nil else { return ["\(title)\tnew (新增): \(shown(edit.value))"] }
      guard let entity = state?[edit.entity] else { return ["\(title)\theld (待定): \(shown(edit.value))"] }
      return [
        "\(title)\theld (待定): \(shown(edit.value))",
        "  \(name)\t\(label(edit, in: state))\tnow (现值): \(entity.text(edit.field).map { "“\($0)”" } ?? "-")",
      ]
    }
  }

  /// What came of a decision.
  static func outcome(_ act: HeldAct) -> String { "\(name(act))\t\(state(act.decision))" }

  /// The devices of `items`, for the audit log.
  static func devices(_ items: [HeldWork.Item]) -> [String] {
    Dictionary(grouping: items, by: \.act.id.replica).map { "\($0.key):\($0.value.count)" }.sorted()
  }

  private static func name(_ act: HeldAct) -> String { "\(act.id.replica).\(act.id.n)" }

  private static func label(_ edit: Edit, in state: LedgerState?) -> String {
    if let made = Vocabulary.creation(by: edit) { return made.kind.label.chinese }
    let kind = state?[edit.entity]?.kind ?? .problem
    return Vocabulary.field(edit.field, of: kind)?.label.chinese ?? edit.field.description
  }

  private static func shown(_ value: EditValue) -> String { value.text.map { "“\($0)”" } ?? "cleared (清空)" }

  private static func cause(_ cause: HeldAct.Cause) -> String {
    switch cause {
    case .device: "its device is shut out or not known (设备停用或不认识)"
    case .restore: "made before a restore (恢复之前写的)"
    }
  }

  private static func state(_ decision: HeldAct.Decision?) -> String {
    guard let decision else { return "waits (待定)" }
    let verdict = decision.accepts ? "accepted (采用)" : "refused (不采用)"
    guard let answer = decision.answer else { return "\(verdict) by \(decision.decider), not done yet (尚未生效)" }
    let ruled = "\(verdict) by \(decision.decider)"
    if answer.hasPrefix("ok ") { return "\(ruled), line \(answer.dropFirst(3)) of \(decision.ledger)" }
    if answer.hasPrefix("shelve declined") { return ruled }
    return "\(ruled), but the ledger did not take it (台账没有收): \(answer)"
  }
}
