import EditModel
package import LedgerRules

/// The ledger as one table with a row per problem: what is printed, mailed and opened in a spreadsheet.
package enum ProblemTable {
  /// The table of `state` with what `reader` may read, worded in the language that `word` picks.
  package static func table(
    of state: LedgerState, for reader: Reader, asked question: NumbersQuestion, word: (Label) -> String
  ) -> CSVTable {
    let offices = state.offices()
    let rows = state.problems().map { problem in
      ProblemRow(
        problem: problem, state: state, reader: reader, offices: offices,
        progress: ProblemProgress(of: problem, in: state, asked: question))
    }
    var columns = columns.filter { $0.isRead(by: reader) }
    // Of use only where a newer program wrote something.
    if rows.contains(where: { !$0.text(of: .laterFields, word: word).isEmpty }) { columns.append(.laterFields) }
    var table = CSVTable(heading: columns.map { word($0.label) })
    for row in rows { table.append(columns.map { row.text(of: $0, word: word) }) }
    return table
  }

  private static let columns: [ProblemColumn] =
    [.number, .aspect, .category, .wording, .stage] + fields(["origin", "kind", "goal"]) + [
      .measures
    ]
    + fields(["lead_unit"]) + members(["co_unit"])
    + fields(["leader", "owner", "phone", "deadline"]) + [.overdue]
    + [.villages]
    + fields(["closing_standard", "progress", "effect", "unfinished_reason", "next_step"])
    + fields(["adopted_source"]) + [.parts]
    // Behind those that were there before, so that these keep their places.
    + [.notes, .outcome, .closedOn, .transitions] + fields(["adopted", "amount", "root_cause"]) + [.standing]

  private static func fields(_ names: [String]) -> [ProblemColumn] {
    names.compactMap { FieldName($0) }.compactMap { Vocabulary.field($0, of: .problem) }.map(
      ProblemColumn.field)
  }

  private static func members(_ names: [String]) -> [ProblemColumn] {
    let rules = Vocabulary.fields(of: .problem)
    return names.compactMap { name in rules.first { $0.name.description == name } }.map(
      ProblemColumn.members)
  }
}

/// A column: a field of problems, or something made of several.
private enum ProblemColumn {
  case number
  case aspect
  case category
  case wording
  case stage
  case measures
  case overdue
  case villages
  case parts
  case notes
  case outcome
  case closedOn
  case transitions
  case standing
  /// What no field of this version stands for.
  case laterFields
  case field(FieldRule)
  case members(FieldRule)

  var label: Label {
    switch self {
    case .number: Label("编号", "number")
    case .aspect: Label("方面", "aspect")
    case .category: Label("类别", "category")
    case .wording: Label("具体问题", "problem")
    case .stage: Label("阶段", "stage")
    case .measures: Label("整改措施", "measures")
    case .overdue: Label("是否超期", "overdue")
    case .villages: Label("涉及村", "villages")
    case .parts: Label("分件", "parts")
    case .notes: Label("进展记录", "notes")
    case .outcome: Label("整改结果", "outcome")
    case .closedOn: Label("销号时间", "closed on")
    case .transitions: Label("流转经过", "transitions")
    case .standing: Label("办理情况", "standing")
    case .laterFields: Label("新版程序填写的内容", "written by a later version")
    case .field(let rule), .members(let rule): rule.label
    }
  }
}

extension ProblemColumn {
  /// Whether the column is for `reader`; what is made of several things is for who may read all of them.
  func isRead(by reader: Reader) -> Bool {
    switch self {
    // Each of the later fields is asked for by itself.
    case .number, .aspect, .category, .wording, .measures, .villages, .standing, .laterFields: true
    case .stage, .outcome, .closedOn, .transitions: reader.reads(.transition)
    case .overdue: reader.reads(.deadline, of: .problem)
    case .parts: reader.reads(.state, of: .part)
    case .notes: reader.reads(.note)
    case .field(let rule), .members(let rule): reader.reads(rule.name, of: rule.kind)
    }
  }
}

/// One problem, on its way into the table.
private struct ProblemRow {
  let problem: EntityID
  let state: LedgerState
  let reader: Reader
  let offices: Set<ExactString>
  let progress: ProblemProgress

  func text(of column: ProblemColumn, word: (Label) -> String) -> String {
    switch column {
    case .number: ReferenceText.text(for: problem, in: state)
    case .aspect: progress.aspect.flatMap { state.wording(of: $0) } ?? ""
    case .category: progress.category.flatMap { state.wording(of: $0) } ?? ""
    case .wording: state.wording(of: problem) ?? ""
    case .stage:
      word(progress.standing.isAdopted ? progress.standing.label : progress.countedStage.label)
    case .measures: measures(word: word)
    case .overdue: progress.isOverdue ? word(Label("是", "yes")) : ""
    case .villages:
      state.villages(of: problem).filter { !offices.contains($0) }.map(\.string).joined(
        separator: word(Label("、", ", ")))
    case .parts: parts(word: word)
    case .notes: notes()
    case .outcome: outcome(word: word)
    case .closedOn: closing.map { CivilDate($0.receipt).description } ?? ""
    case .transitions: transitions(word: word)
    case .standing: word(progress.standing.label)
    case .laterFields: laterFields(word: word)
    case .field(let rule):
      state[problem]?.text(rule.name).map {
        LabelledValue.text($0, of: rule, in: state, word: word)
      } ?? ""
    case .members(let rule):
      (state[problem]?.members(of: rule.name.text) ?? []).map(\.string).joined(
        separator: word(Label("、", ", ")))
    }
  }

  /// A note a line: the day, who, what.
  private func notes() -> String {
    state.notes(of: problem).map { note in
      let creation = state[note]?.creation
      let day = creation.map { "\(CivilDate($0.receipt)) \($0.seat) " } ?? ""
      return day + (state[note]?.creationText ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }.joined(separator: "\n")
  }

  /// The closing that stands; nil while the problem is not closed, or again not.
  private var closing: AcceptedEdit? {
    guard progress.stage.isClosed else { return nil }
    return state.transitions(of: problem).last { $0.edit.value.text == Stage.closed.rawValue }
  }

  private func outcome(word: (Label) -> String) -> String {
    guard closing != nil, let outcome = state.outcome(of: problem) else { return "" }
    return LabelledValue.text(
      outcome.rawValue, of: Vocabulary.field(.outcome, of: .transition), in: state, word: word)
  }

  /// A transition a line: the day, who, where to, what was said with it.
  private func transitions(word: (Label) -> String) -> String {
    state.transitions(of: problem).map { transition in
      let stage = transition.edit.value.text.flatMap(Stage.init(rawValue:)).map { word($0.label) } ?? ""
      let said = [FieldName.opinion, .reason].compactMap { state[.created(transition.edit.id)]?.text($0) }
        .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
      return (["\(CivilDate(transition.receipt)) \(transition.seat) → \(stage)"] + said)
        .joined(separator: word(Label("；", "; ")))
    }.joined(separator: "\n")
  }

  /// A part a line: whose it is and how far, then what else is known of it, each on the line too.
  private func parts(word: (Label) -> String) -> String {
    let rules = Vocabulary.fields(of: .part).filter {
      $0.name != .state && $0.name != .withdrawn && reader.reads($0.name, of: .part)
    }
    return state.parts(of: problem).map { part in
      let place = state.place(of: part)?.string ?? ""
      let facts = rules.compactMap { rule -> String? in
        guard let value = state[part]?.text(rule.name) else { return nil }
        let said = LabelledValue.text(value, of: rule, in: state, word: word)
        return word(rule.label) + word(Label("：", ": "))
          + said.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      }
      let head = "\(place)（\(word(state.workState(of: part).label))）"
      return ([head] + facts).joined(separator: word(Label("；", "; ")))
    }.joined(separator: "\n")
  }

  /// A field a line, raw: those of the problem by their names, those of what belongs to it behind its number, or, where it has
  /// none, its id.
  private func laterFields(word: (Label) -> String) -> String {
    let below = state.measures(of: problem) + state.parts(of: problem)
    let notes = ([problem] + below).flatMap { state.notes(of: $0) }
    let transitions = state.transitions(of: problem).map { EntityID.created($0.edit.id) }
    return ([problem] + below + notes + transitions).flatMap { id -> [String] in
      guard let entity = state[id], let kind = entity.kind else { return [] }
      return state.laterFields(of: id).compactMap { name in
        guard reader.reads(name, of: kind), let text = entity.text(name) else { return nil }
        return (id == problem ? "" : ReferenceText.text(for: id, in: state) + " ") + "\(name)" + word(Label("：", ": "))
          + text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      }
    }.joined(separator: "\n")
  }

  /// A measure a line, its number and how far it is.
  private func measures(word: (Label) -> String) -> String {
    state.measures(of: problem).map { measure in
      let state = word(self.state.workState(of: measure).label)
      return
        "\(ReferenceText.text(for: measure, in: self.state)) \(self.state.wording(of: measure) ?? "")（\(state)）"
    }.joined(separator: "\n")
  }
}
