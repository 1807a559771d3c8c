package import EditModel
package import LedgerRules

/// What a report asks a ledger to become, as acts that are still to be made: one for the frame (facts of the round,
/// aspects, categories) and one for each problem with its measures and its villages' parts.
///
/// The rules that let a town import the same report twice, or a corrected one, over months of work:
/// - `source_…` fields say what the report says. They are written when they differ, and only they are compared.
/// - Working fields (wording, lead unit, villages …) are filled when their entity is created, never again.
/// - Facts of the round are filled where nobody has filled them.
/// - The status of a problem is never guessed; see `adopt`.
package struct ReportImport: Sendable {
  /// The acts to make, in this order; empty when the ledger already says what the report says.
  package let acts: [[Change]]
  /// Values that the vocabulary does not take. While there is one, nothing may be imported.
  package let flaws: [ImportFlaw]

  /// What `report` adds to `state`, which holds own pending edits too.
  package init(_ report: ParsedReport, into state: LedgerState) {
    var acts = [ReportImport.frame(report, state)]
    for problem in report.problems { acts.append(ReportImport.act(problem, state)) }
    self.acts = acts.filter { !$0.isEmpty }
    self.flaws = self.acts.flatMap(ImportFlaw.flaws)
  }

  /// How many changes all acts have together.
  package var changeCount: Int { acts.reduce(0) { $0 + $1.count } }

  private static func frame(_ report: ParsedReport, _ state: LedgerState) -> [Change] {
    var ledger = EntityDraft(ofLedgerIn: state)
    ledger.fill("title", report.title)
    for (field, value) in roundFacts(of: report) { ledger.fill(field, value) }
    let declared = report.declared
    for (field, number) in [
      ("declared_aspects", declared.aspects), ("declared_categories", declared.categories),
      ("declared_problems", declared.problems), ("declared_measures", declared.measures),
      ("declared_done", declared.done), ("declared_under_way", declared.underWay),
      ("declared_long_term", declared.longTerm),
    ] { ledger.fill(field, number.map(String.init)) }
    let groups =
      report.aspects.map { aspect($0, state) } + report.categories.map { category($0, state) }
    return ledger.changes + groups.flatMap(\.changes)
  }

  /// Whose round a report tells of, as the ledger's fields hold it.
  static func roundFacts(of report: ParsedReport) -> [(field: String, value: String?)] {
    [
      ("unit", report.round.organisation.map(MemberName.text)),
      ("inspected_by", report.round.inspector.map(MemberName.text)),
      ("feedback_date", report.round.feedback.flatMap(civilDate)),
    ]
  }

  private static func aspect(_ heading: ParsedHeading, _ state: LedgerState) -> EntityDraft {
    var draft = EntityDraft(creating: .aspect, key: String(heading.position), in: state)
    draft.fillNew("text", heading.text)
    draft.source("source_text", heading.source)
    return draft
  }

  private static func category(_ heading: ParsedHeading, _ state: LedgerState) -> EntityDraft {
    var draft = EntityDraft(creating: .category, key: String(heading.position), in: state)
    draft.fillNew("text", heading.text)
    draft.fillNew("aspect", heading.aspect.map { "a\($0)" })
    draft.source("source_text", heading.source)
    return draft
  }

  private static func act(_ problem: ParsedProblem, _ state: LedgerState) -> [Change] {
    var draft = EntityDraft(creating: .problem, key: String(problem.position), in: state)
    draft.fillNew("number", String(problem.number))
    draft.fillNew("text", problem.text)
    draft.fillNew("category", problem.category.map { "c\($0)" })
    draft.fillNew("origin", "feedback")
    draft.fillNew("lead_unit", lead(of: problem).map(MemberName.text))
    draft.fillNew("village_count", problem.villagesStated.map(String.init))
    draft.fillNew("owner", field(["责任人"], of: problem).map(MemberName.text))
    draft.fillNew("leader", field(["牵头领导", "责任领导"], of: problem).map(MemberName.text))
    draft.fillNew("deadline", deadline(of: problem))
    draft.fillNewMembers("village", problem.villages)
    draft.fillNewMembers("document", problem.documents)
    draft.source("source_text", problem.source)
    draft.source("source_number", String(problem.number))
    draft.source("source_category", problem.category.map { "c\($0)" })
    draft.source("source_village_count", problem.villagesStated.map(String.init))
    draft.sourceMembers("source_village", problem.villages.map { ($0, "yes") })
    draft.sourceMembers("source_unit", problem.units.map { ($0, "yes") })
    draft.sourceMembers("source_document", problem.documents.map { ($0, "yes") })
    draft.sourceMembers("source_date", problem.dates.map { ($0.value, $0.text) })
    return draft.changes + measures(of: problem, state) + parts(of: problem, state)
  }

  private static func measures(of problem: ParsedProblem, _ state: LedgerState) -> [Change] {
    let named = problem.measures.enumerated().flatMap { index, measure in
      var draft = EntityDraft(
        creating: .measure, key: String(index + 1), under: "p\(problem.position)", in: state)
      draft.fillNew("text", measure.text)
      draft.source("source_text", measure.source)
      return draft.changes
    }
    return named + measuresNoLongerNamed(in: problem, state)
  }

  /// Measures of an earlier version of the report stay, because work may hang on them; only their source is cleared.
  private static func measuresNoLongerNamed(
    in problem: ParsedProblem, _ state: LedgerState
  )
    -> [Change]
  {
    var changes: [Change] = []
    var position = problem.measures.count + 1
    while state.exists(.derived(ExactString("p\(problem.position).\(position)"))) {
      var draft = EntityDraft(
        creating: .measure, key: String(position), under: "p\(problem.position)", in: state)
      draft.source("source_text", nil)
      changes += draft.changes
      position += 1
    }
    return changes
  }

  private static func parts(of problem: ParsedProblem, _ state: LedgerState) -> [Change] {
    problem.villages.map(MemberName.text).flatMap { village in
      EntityDraft(creating: .part, key: village, under: "p\(problem.position)", in: state).changes
    }
  }

  /// The unit that a label or the measures say leads: the first one named.
  private static func lead(of problem: ParsedProblem) -> String? {
    field(["牵头单位", "责任单位"], of: problem) ?? problem.leads.first
  }

  private static func field(_ names: [String], of problem: ParsedProblem) -> String? {
    names.lazy.compactMap { name in problem.fields.first { $0.name == name }?.text }.first
  }

  /// A date under a label for time limits, when the text tells the whole of it.
  private static func deadline(of problem: ParsedProblem) -> String? {
    guard let text = field(["整改时限", "完成时限"], of: problem) else { return nil }
    return problem.dates.first { !$0.inferred && text.contains($0.text) }.flatMap(civilDate)
  }

  private static func civilDate(_ date: ReportDate) -> String? {
    guard let year = date.year, let month = date.month, let day = date.day else { return nil }
    return CivilDate(year: year, month: month, day: day)?.description
  }
}
