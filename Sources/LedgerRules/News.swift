package import EditModel

/// Since when, and on what day, the news is asked for.
package struct NewsQuestion: Hashable, Sendable {
  /// What the server accepted later than this is new; nil: everything is.
  package let since: Stamp?
  /// The day of the last look, in China; nil: there was none.
  package let lastDay: CivilDate?
  /// Today in China.
  package let today: CivilDate
  /// When lights come on.
  package let lights: LightRule
  /// How the seat's place is spelled.
  package let spellings: Set<ExactString>

  /// A question from its parts.
  package init(
    since: Stamp?, lastDay: CivilDate?, today: CivilDate, lights: LightRule = LightRule(),
    spellings: Set<ExactString> = []
  ) {
    self.since = since
    self.lastDay = lastDay
    self.today = today
    self.lights = lights
    self.spellings = spellings
  }
}

/// What concerns a seat and happened since its holder last looked, as far as it still stands. What came back to the device's
/// shelf is not among it: that is no part of the ledger.
///
/// A function of the confirmed state, so that it costs nothing to keep; what the seat itself did is no news to it.
package struct News: Hashable, Sendable {
  /// A problem that came to the seat.
  package struct Assignment: Hashable, Sendable {
    /// Which problem.
    package let problem: EntityID
    /// What made it the seat's: the newest of the edits that name it, or the transition that waits for it now.
    package let edit: AcceptedEdit
  }

  /// Problems that were assigned to the seat or wait for its review, in the order of the server.
  package let assigned: [Assignment]
  /// Transitions that sent the seat's work back, in the order of the server.
  package let returned: [AcceptedEdit]
  /// Own values that another's later one stands against.
  package let beaten: [Clash]
  /// Other clashes that the seat is told of: its own value won, or it wrote both, or its office leads the problem.
  package let disputed: [Clash]
  /// Decisions of others about clashes that the seat was told of, in the order of the server.
  package let decided: [Decision]
  /// The seat's work that another withdrew, and others' work of late in what the seat withdrew, in the order of the server.
  package let covered: [CoveredWork]
  /// Problems whose light has come on or changed for the worse, the nearest deadline first.
  package let due: [ProblemProgress]

  /// The news for `seat` in `state`; `clashes` are the open ones of it that the holder has not been shown, `decisions` what
  /// `settlements` decided.
  /// Of clashes, decisions and covered work, what `reader` is not given is no news.
  package init(
    of state: LedgerState, clashes: [Clash], decisions: [Decision], for seat: SeatFacts, reader: Reader,
    asked question: NewsQuestion
  ) {
    let finder = NewsFinder(state: state, seat: seat, question: question)
    let problems = state.problems().filter { !state.wasTakenBack($0) }
    assigned = problems.compactMap(finder.assignment).sorted { $0.edit.seq < $1.edit.seq }
    returned = problems.compactMap(finder.sentBack).sorted { $0.seq < $1.seq }
    func isRead(_ edit: AcceptedEdit) -> Bool { reader.reads(edit.edit, in: state) }
    let fresh = clashes.filter { state.concerns($0, seat) && isRead($0.beaten) }
    // A seat that wrote both sides was beaten by nobody.
    func isBeaten(_ clash: Clash) -> Bool { clash.beaten.seat == seat.seat && clash.origin.seat != seat.seat }
    beaten = fresh.filter(isBeaten)
    disputed = fresh.filter { !isBeaten($0) }
    decided = decisions.filter {
      (state.concerns($0.clash, seat) || $0.others.contains(seat.seat)) && isRead($0.clash.beaten)
        && News.isNews($0.settling, to: seat, since: question.since)
    }.sorted { $0.settling.seq < $1.settling.seq }
    covered = state.all.keys.flatMap(finder.covered).filter { isRead($0.content) }
      .sorted { $0.content.seq < $1.content.seq }
    due = problems.compactMap(finder.pressing).sorted { ($0.daysLeft ?? 0) < ($1.daysLeft ?? 0) }
  }
}

extension News {
  /// The settlements of clashes about which there may be a decision that is news to `seat`: they are of others since
  /// it last looked, or the value that their field has is.
  package static func settlements(
    in state: LedgerState, for seat: SeatFacts, since: Stamp?
  ) -> [AcceptedEdit] {
    state.settlements().filter { settling in
      let field = Settlement(settling.edit.field)?.field
      let value = field.flatMap { state[settling.edit.entity]?.cells[$0]?.winner }
      return [settling, value].compactMap(\.self).contains { isNews($0, to: seat, since: since) }
    }
  }

  /// Whether `edit` is of another than `seat`, and since it last looked.
  private static func isNews(_ edit: AcceptedEdit, to seat: SeatFacts, since: Stamp?) -> Bool {
    edit.seat != seat.seat && since.map { edit.receipt > $0 } ?? true
  }
}

/// Finds the news of one problem. A value on the stack of `News.init`.
private struct NewsFinder {
  let state: LedgerState
  let seat: SeatFacts
  let question: NewsQuestion

  func isNew(_ receipt: Stamp) -> Bool { question.since.map { receipt > $0 } ?? true }

  func assignment(_ problem: EntityID) -> News.Assignment? {
    let progress = progress(problem)
    guard progress.standing != .withdrawn else { return nil }
    var edits = naming(problem)
    if let step = state[problem]?.cells[.stage]?.winner, !isSentBack(step),
      state.waits(progress, for: seat, spelled: question.spellings)
    {
      edits.append(step)
    }
    let new = edits.filter { $0.seat != seat.seat && isNew($0.receipt) }.max { $0.seq < $1.seq }
    return new.map { News.Assignment(problem: problem, edit: $0) }
  }

  /// The winning edits that make `problem` the seat's by naming it.
  private func naming(_ problem: EntityID) -> [AcceptedEdit] {
    guard let entity = state[problem] else { return [] }
    var edits: [AcceptedEdit] = []
    if let leader = entity.cells[.leader]?.winner, state.audience(of: problem).isInLine(of: seat) {
      edits.append(leader)
    }
    guard let place = seat.place else { return edits }
    if let lead = entity.cells[.leadUnit]?.winner, lead.edit.value == .text(place) { edits.append(lead) }
    for family in [FieldName.coUnit, FieldName.village] {
      guard let field = family.member(place.string), let named = entity.cells[field]?.winner else { continue }
      if named.edit.value == .text("yes") { edits.append(named) }
    }
    for measure in state.children(of: problem, .measure) {
      guard let unit = state[measure]?.cells[.unit]?.winner, unit.edit.value == .text(place) else { continue }
      edits.append(unit)
    }
    if let part = state.part(of: problem, at: place), let creation = state[part]?.creation { edits.append(creation) }
    return edits
  }

  func sentBack(_ problem: EntityID) -> AcceptedEdit? {
    guard let step = state[problem]?.cells[.stage]?.winner, isSentBack(step), step.seat != seat.seat,
      isNew(step.receipt),
      isOwn(progress(problem))
    else { return nil }
    return step
  }

  private func isSentBack(_ step: AcceptedEdit) -> Bool {
    [Stage.returned, .reopened].contains { step.edit.value == .text(ExactString($0.rawValue)) }
  }

  func covered(_ entity: EntityID) -> [CoveredWork] {
    state.coveredWork(in: entity).filter { work in
      // What the seat wrote may have been accepted behind the withdrawal, and after it was looked at.
      work.content.seat == seat.seat
        ? isNew(max(work.withdrawal.receipt, work.content.receipt))
        : work.withdrawal.seat == seat.seat && isNew(work.content.receipt)
    }
  }

  func pressing(_ problem: EntityID) -> ProblemProgress? {
    let progress = progress(problem)
    guard let light = progress.light, light != .blue, isOwn(progress) else { return nil }
    // What was not the seat's, or had another deadline, at the last look was not told then, whatever day that was.
    guard let day = question.lastDay, !isOfLate(problem) else { return light == .green ? nil : progress }
    let before = progress.deadline.flatMap {
      question.lights.light(standing: progress.standing, daysLeft: day.days(until: $0))
    }
    return light == before ? nil : progress
  }

  /// Whether the deadline of `problem`, or that it names the seat, is of another's since the last look.
  private func isOfLate(_ problem: EntityID) -> Bool {
    let deadline = state[problem]?.cells[.deadline]?.winner
    return ([deadline].compactMap(\.self) + naming(problem)).contains { $0.seat != seat.seat && isNew($0.receipt) }
  }

  /// Whether the problem is the seat's to work on: it names the seat, or the seat has moved it or is to move it now.
  private func isOwn(_ progress: ProblemProgress) -> Bool {
    if seat.role.sight == .assigned { return state.audience(of: progress.id).names(seat) }
    return state.transitions(of: progress.id).contains { $0.seat == seat.seat }
      || state.waits(progress, for: seat, spelled: question.spellings)
  }

  private func progress(_ problem: EntityID) -> ProblemProgress {
    ProblemProgress(
      of: problem, in: state, asked: NumbersQuestion(today: question.today, lights: question.lights))
  }
}
