import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import LedgerStore

/// `taizhang news`
struct NewsCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "news", abstract: Help.news)
  }

  @Flag(name: .long, help: Help.newsPeek) var peek = false
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    // Who asks what is new wants to know what the town has now, when it can be had.
    let outcome = await replica.sync(upTo: Delivery.limit)
    let news = try replica.news(on: context.today(of: replica), spellings: OfficeNames.spellings)
    context.tellIfPart(news.view)
    if context.isJSON {
      context.print(json(news, try replica.renumbered(), outcome.offlineReason))
    } else {
      let shelf = ShelvedText(news.view, try replica.status(), context.words)
      for notice in outcome.summary.notices { context.say(context.paint.yellow(context.words.notice(notice))) }
      try context.tellRenumbered(replica, in: news.view.shown)
      NewsPage(news: news, shelf: shelf, context: context).print(outcome.offlineReason)
    }
    // What nobody could read was not seen.
    if !peek, !Output.isGone { try replica.wasSeen(news) }
  }

  private func json(
    _ news: ReplicaNews, _ renumbered: [RenumberedProblem], _ reason: OfflineReason?
  ) -> JSONValue {
    let clashes = ShownClashes(news.view)
    let ledger = news.ledger
    return .object([
      JSONMember("state", reason == nil ? "at_town" : "saved_here"), JSONMember("reason", .optional(reason?.code)),
      JSONMember("last_look", .optional(news.lastDay?.description)),
      JSONMember("renumbered", .array(renumbered.map { JSONValue($0) })),
      JSONMember("assigned", .array((ledger?.assigned ?? []).map { json($0.edit, of: $0.problem, news.view) })),
      JSONMember("returned", .array((ledger?.returned ?? []).map { json($0, of: $0.edit.entity, news.view) })),
      JSONMember("beaten", .array((ledger?.beaten ?? []).map { clashes.json($0, in: news.view) })),
      JSONMember("disputed", .array((ledger?.disputed ?? []).map { clashes.json($0, in: news.view) })),
      JSONMember("decided", .array((ledger?.decided ?? []).map { json($0, clashes, news.view) })),
      JSONMember("covered", .array((ledger?.covered ?? []).map { json($0, news.view) })),
      JSONMember("refused", .array(news.refused.map(Shelf.json))),
      JSONMember("refused_before", .count(news.refusedBefore)),
      JSONMember("due", .array((ledger?.due ?? []).map { json($0, news.view) })),
    ])
  }

  private func json(_ edit: AcceptedEdit, of problem: EntityID, _ view: ReplicaView) -> JSONValue {
    .object([
      JSONMember("reference", .string(ReferenceText.text(for: problem, in: view.shown))),
      JSONMember("entity", .string(problem.description)), JSONMember("edit", .string(edit.edit.id.description)),
      JSONMember("seat", .string(edit.seat.description)), JSONMember("receipt", .string(edit.receipt.description)),
      JSONMember("field", .string(edit.edit.field.description)), JSONMember("value", .optional(edit.edit.value.text)),
    ])
  }

  private func json(_ decision: Decision, _ clashes: ShownClashes, _ view: ReplicaView) -> JSONValue {
    .object([
      JSONMember("clash", clashes.json(decision.clash, in: view)),
      JSONMember("decision", .string(decision.isTaken ? "taken" : "kept")),
      JSONMember("seat", .string(decision.settling.seat.description)),
      JSONMember("receipt", .string(decision.settling.receipt.description)),
    ])
  }

  private func json(_ work: CoveredWork, _ view: ReplicaView) -> JSONValue {
    .object([
      JSONMember("withdrawal", json(work.withdrawal, of: work.entity, view)),
      JSONMember("content", json(work.content, of: work.content.edit.entity, view)),
    ])
  }

  private func json(_ due: ProblemProgress, _ view: ReplicaView) -> JSONValue {
    .object([
      JSONMember("reference", .string(ReferenceText.text(for: due.id, in: view.shown))),
      JSONMember("entity", .string(due.id.description)),
      JSONMember("deadline", .optional(due.deadline?.description)), JSONMember("days_left", .optional(due.daysLeft)),
      JSONMember("light", .optional(due.light?.rawValue)),
    ])
  }
}

/// The news as text, a heading for each kind that has some.
private struct NewsPage {
  let news: ReplicaNews
  let shelf: ShelvedText
  let context: CommandContext

  private var words: Words { context.words }
  private var state: LedgerState { news.view.shown }

  func print(_ reason: OfflineReason?) {
    if let reason { context.say(context.paint.yellow(words.newsOffline(reason))) }
    guard news.ledger != nil else { return context.say(words.seatNotKnown) }
    guard news.count > 0 else { return context.say(words.noNews(since: news.lastDay, onShelf: news.refusedBefore)) }
    context.say(context.paint.bold(words.newsTitle(since: news.lastDay)))
    if let ledger = news.ledger {
      section(words.newsAssigned, ledger.assigned.map { line($0.problem, words.newsOf($0.edit, in: state), $0.edit) })
      section(words.newsReturned, ledger.returned.map { line($0.edit.entity, words.newsOf($0, in: state), $0) })
      section(words.newsBeaten, clashes(ledger.beaten))
      section(words.newsDisputed, clashes(ledger.disputed))
      section(words.newsDecided, decisions(ledger.decided))
      section(words.newsCovered, ledger.covered.map(covered))
    }
    section(words.newsRefused, news.refused.map(refused))
    if let ledger = news.ledger {
      section(words.newsDue, ledger.due.map { line($0.id, "\(words.deadline($0))  \(wording($0.id))") })
    }
    if news.refusedBefore > 0 { context.say(context.paint.dim(words.stillOnShelf(news.refusedBefore))) }
  }

  /// What a refused act was to write, and why it was refused.
  private func refused(_ act: ShelvedAct) -> HangingText {
    HangingText(head: "  \(shelf.subject(act.act))  ", body: words.refused(because: shelf.reason(act)))
  }

  private func section(_ title: String, _ lines: [HangingText]) {
    guard !lines.isEmpty else { return }
    context.say(context.paint.bold(words.newsHead(title, lines.count)))
    for line in lines { context.say(line) }
  }

  private func clashes(_ clashes: [Clash]) -> [HangingText] {
    clashes.map { HangingText(head: "  ", body: words.clashMet($0, in: state)) }
  }

  private func decisions(_ decisions: [Decision]) -> [HangingText] {
    decisions.map { HangingText(head: "  \(head(of: $0.settling))", body: words.newsOf($0, in: state)) }
  }

  private func covered(_ work: CoveredWork) -> HangingText {
    let reference = ReferenceText.text(for: work.entity, in: state)
    return HangingText(
      head: "  \(head(of: work.withdrawal))\(reference)  ",
      body: words.newsOf(
        work, in: state, isForSeat: isForSeat(work), isOwn: work.withdrawal.seat == news.view.info.facts?.seat))
  }

  /// Whether the command that makes withdrawn work count again means that very thing for this seat, and is its to give.
  private func isForSeat(_ work: CoveredWork) -> Bool {
    guard let facts = news.view.info.facts, let kind = state[work.entity]?.kind,
      let reference = ReferenceText(ReferenceText.text(for: work.entity, in: state)),
      reference.resolve(in: state, for: facts, field: .withdrawn) == .found(work.entity)
    else { return false }
    let right = Vocabulary.right(Vocabulary.field(.withdrawn, of: kind), of: .withdrawn, kind)
    return work.withdrawal.seat == facts.seat || state.allows(right, on: work.entity, to: facts)
  }

  /// When and by whom.
  private func head(of edit: AcceptedEdit) -> String {
    context.paint.dim("\(ChinaTime(edit.receipt)) \(edit.seat)  ")
  }

  private func line(_ problem: EntityID, _ said: String, _ edit: AcceptedEdit) -> HangingText {
    line(problem, "\(said)  \(wording(problem))", time: head(of: edit))
  }

  private func line(_ problem: EntityID, _ said: String, time: String = "") -> HangingText {
    let reference = ReferenceText.text(for: problem, in: state)
    return HangingText(head: "  \(time)\(reference)  ", body: said)
  }

  /// The beginning of a problem's wording, so that it is known without looking it up.
  private func wording(_ problem: EntityID) -> String {
    let line = (state.wording(of: problem) ?? "").onOneLine
    return line.count > 40 ? line.prefix(40) + "…" : line
  }
}
