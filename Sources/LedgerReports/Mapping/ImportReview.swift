package import EditModel
package import LedgerRules

/// What a report has of a ledger that was filled before, beside what the ledger has: for the person to see what an
/// import changes, what it leaves, and whether the report's problems still stand where the ledger's do.
///
/// A problem's identity is its position in the whole document. When a problem was left out or put in between, every
/// later one has another position, and an import would write its texts and measures to its neighbour.
package struct ImportReview: Hashable, Sendable {
  /// A problem of the report that is another one of the ledger's: by its printed number, or by its wording.
  package struct Shift: Hashable, Sendable {
    /// The ledger's problem at the report's position.
    package let entity: EntityID
    /// The number that the ledger has there, as it was printed.
    package let present: String
    /// The number that the report prints there, or that the ledger has for this wording.
    package let reported: String
  }

  /// Problems that do not stand where they stood, in the report's order.
  package let shifts: [Shift]
  /// Problems and measures that the ledger lacks.
  package let added: [EntityID]
  /// Problems and measures of which the report says something else than before.
  package let reworded: [EntityID]
  /// Problems and measures of the feedback that the report does not have; an import leaves them as they are.
  package let missing: [EntityID]

  /// What `report` has beside `state`, which holds own pending edits too.
  package init(_ report: ParsedReport, _ state: LedgerState) {
    var (shifts, added, reworded, missing): ([Shift], [EntityID], [EntityID], [EntityID]) = ([], [], [], [])
    let positions = ImportReview.positions(in: state)
    for problem in report.problems {
      let id = ImportReview.id(problem.position)
      guard state.exists(id) else {
        added.append(id)
        continue
      }
      if let shift = ImportReview.shift(problem, id, positions, state) { shifts.append(shift) }
      if ImportReview.differs(problem.source, id, state) { reworded.append(id) }
      for (index, measure) in problem.measures.enumerated() {
        let id = ImportReview.id(problem.position, index + 1)
        if !state.exists(id) {
          added.append(id)
        } else if ImportReview.differs(measure.source, id, state) {
          reworded.append(id)
        }
      }
      missing += ImportReview.measures(behind: problem, state)
    }
    let reported = Set(report.problems.map { ImportReview.id($0.position) })
    missing += state.problems().filter { DerivedName($0) != nil && !reported.contains($0) && !state.isWithdrawn($0) }
    (self.shifts, self.added, self.reworded, self.missing) = (shifts, added, reworded, missing)
  }

  private static func id(_ position: Int) -> EntityID { .derived(ExactString("p\(position)")) }
  private static func id(_ position: Int, _ measure: Int) -> EntityID {
    .derived(ExactString("p\(position).\(measure)"))
  }

  /// A heading without the number in front of it, which changes when the headings are numbered anew.
  private static func unnumbered(_ source: String) -> ExactString {
    ExactString(String(source.drop { "（）()．.、。 \u{3000}".contains($0) || $0.isNumber || "一二三四五六七八九十".contains($0) }))
  }

  /// Where the ledger has each wording; one that stands twice says nothing.
  private static func positions(in state: LedgerState) -> [ExactString: EntityID?] {
    var positions: [ExactString: EntityID?] = [:]
    for problem in state.problems() where DerivedName(problem) != nil {
      guard let text = state[problem]?.text(.sourceText).map(unnumbered) else { continue }
      positions[text] = positions.keys.contains(text) ? .some(nil) : problem
    }
    return positions
  }

  private static func shift(
    _ problem: ParsedProblem, _ id: EntityID, _ positions: [ExactString: EntityID?], _ state: LedgerState
  ) -> Shift? {
    let present = number(of: id, state)
    if let present, present != String(problem.number) {
      return Shift(entity: id, present: present, reported: String(problem.number))
    }
    guard let known = positions[unnumbered(problem.source)] ?? nil, known != id else { return nil }
    return Shift(
      entity: id, present: present ?? String(problem.number), reported: number(of: known, state) ?? known.description)
  }

  private static func number(of problem: EntityID, _ state: LedgerState) -> String? {
    FieldName("source_number").flatMap { state[problem]?.text($0) }
  }

  /// Whether the ledger's source is another text; an entity without one was made by hand, and is filled.
  private static func differs(_ source: String?, _ id: EntityID, _ state: LedgerState) -> Bool {
    guard let present = state[id]?.text(.sourceText) else { return false }
    return source.flatMap { EntityDraft.cleaned($0, for: .sourceText, of: state[id]?.kind ?? .problem) }
      != ExactString(present)
  }

  /// Measures of the plan that `problem` no longer has.
  private static func measures(behind problem: ParsedProblem, _ state: LedgerState) -> [EntityID] {
    var (found, position): ([EntityID], Int) = ([], problem.measures.count + 1)
    while state.exists(id(problem.position, position)) {
      let measure = id(problem.position, position)
      if !state.isWithdrawn(measure) { found.append(measure) }
      position += 1
    }
    return found
  }
}
