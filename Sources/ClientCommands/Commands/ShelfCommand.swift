import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerStore

/// `taizhang shelf`, `taizhang shelf retry|discard ID…`
struct ShelfCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "shelf", abstract: Help.shelf)
  }

  @Argument(help: Help.shelfArguments) var arguments: [String] = []
  @Flag(help: Help.shelfAll) var all = false
  @OptionGroup var global: GlobalOptions

  private enum Decision: String {
    case retry
    case discard
  }

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    let view = try replica.view()
    let status = try replica.status()
    let shelf = ShelvedText(view, status, context.words)
    guard let word = arguments.first else { return list(shelf, view, status.damaged, context) }
    guard let decision = Decision(rawValue: word), !all else {
      throw CommandFailure(.usage, "decision", context.words.whichShelfDecision)
    }
    var chosen: [ActID] = []
    for text in arguments.dropFirst() {
      // A damaged act is on no shelf, and goes the same way out of what is told.
      let broken = decision == .discard ? shelf.ids.damaged.first { $0.text == text } : nil
      let id = try broken ?? shelf.ids.act(text, context.words)
      if !chosen.contains(id) { chosen.append(id) }
    }
    guard !chosen.isEmpty else { throw CommandFailure(.usage, "id", context.words.whichShelved) }
    switch decision {
    case .retry: try await retry(chosen, replica, context)
    case .discard: try discard(chosen, replica, shelf, context)
    }
  }

  /// Fetches what is at the town, where it can be reached: what is tried again is judged by how things stand now, not by how
  /// they stood when this device last was in sync.
  ///
  /// Answers the shelf as it is then, and what came to be on it on that occasion.
  private func fetch(
    _ replica: Replica, _ context: CommandContext
  ) async throws -> (shelf: ShelvedText, refused: [ShelvedAct]) {
    let summary = await replica.sync(upTo: Delivery.limit).summary
    let view = try replica.view()
    let shelf = ShelvedText(view, try replica.status(), context.words)
    if !context.isJSON {
      for notice in summary.notices { context.say(context.paint.yellow(context.words.notice(notice))) }
      for act in summary.shelved {
        context.say(context.paint.yellow(context.words.earlierEdit + shelf.refused(act)))
      }
    }
    try context.tellRenumbered(replica, in: view.shown)
    return (shelf, summary.shelved)
  }

  private func list(_ shelf: ShelvedText, _ view: ReplicaView, _ damaged: [DamagedAct], _ context: CommandContext) {
    let offShelf = all ? view.offShelf : []
    guard !context.isJSON else {
      let acts = (view.shelf + offShelf).map(shelf.json)
      let broken = damaged.map { JSONValue.string($0.id.text) }
      return context.print(.object([JSONMember("shelf", .array(acts)), JSONMember("damaged", .array(broken))]))
    }
    let (words, paint) = (context.words, context.paint)
    context.say(view.shelf.isEmpty ? words.emptyShelf : paint.bold(words.shelfCount(view.shelf.count)))
    for act in view.shelf { say(act, shelf, context) }
    if !view.shelf.isEmpty { context.say(paint.dim(words.shelfAdvice)) }
    for act in damaged { context.say(paint.red(words.damaged(act, in: view.shown))) }
    if !offShelf.isEmpty { context.say(paint.bold(words.offShelfCount(offShelf.count))) }
    for act in offShelf { say(act, shelf, context) }
  }

  private func say(_ act: ShelvedAct, _ shelf: ShelvedText, _ context: CommandContext) {
    let (words, paint) = (context.words, context.paint)
    let made = act.act.edits.first.map { ChinaTime($0.stamp).precise } ?? ""
    let mark = act.phase.isOffShelf ? "  " + paint.dim(words.offShelfMark(act)) : ""
    context.say("\(paint.bold(shelf.ids.text(act.act.id)))  \(paint.dim(made))\(mark)")
    for edit in act.act.edits {
      let parts = shelf.parts(edit, of: act.act)
      context.say(HangingText(head: "  \(parts.name) \(words.label(parts.label))", body: parts.value))
      if let present = act.phase.isOffShelf ? nil : shelf.present(beside: edit, of: act.act) {
        context.say(HangingText(head: "    " + words.label(words.presentSide), body: present), style: paint.dim)
      }
    }
    context.say(HangingText(head: "    " + words.label(words.shelfReason), body: shelf.reason(act)), style: paint.red)
  }

  private func retry(_ chosen: [ActID], _ replica: Replica, _ context: CommandContext) async throws {
    let words = context.words
    let (shelf, refused) = try await fetch(replica, context)
    switch try replica.retry(chosen) {
    case .made(let made):
      if !context.isJSON {
        for act in made { context.say(words.triedAgain(shelf.ids.text(act.old.id), shelf.line(act.old), act.new.id)) }
      }
      let pairs = made.map { act in
        JSONValue.object([
          JSONMember("old", .string(act.old.id.text)), JSONMember("new", .string(act.new.id.text)),
        ])
      }
      try await Delivery(of: made.map(\.new.id), from: replica).report(
        [
          JSONMember("decision", "retry"), JSONMember("retried", .array(pairs)),
          JSONMember("shelved_meanwhile", .array(refused.map { Shelf.json($0) })),
        ], context)
    case .notOnShelf(let id): throw CommandFailure(.notFound, "absent", words.noSuchShelved(id.text))
    case .awaited(let id): throw CommandFailure(.offline, "undecided", words.dependantIsUndecided(id.text))
    case .refused(let refusal, let id):
      throw CommandFailure(
        .refused, "refused", words.stillRefused(shelf.ids.text(id), shelf.reason(refusal, for: id)))
    case .notWritable(let field, _): throw ClientError.notWritable(field)
    case .builtOnRefused(let id):
      throw CommandFailure(.refused, "refused", words.stillRefused(shelf.ids.text(id), shelf.reason(of: id)))
    }
  }

  private func discard(
    _ chosen: [ActID], _ replica: Replica, _ shelf: ShelvedText, _ context: CommandContext
  ) throws {
    switch try replica.discard(chosen) {
    case .discarded(let dependants):
      guard !context.isJSON else {
        return context.print(
          .object([
            JSONMember("decision", "discard"),
            JSONMember("discarded", .array(chosen.map { .string($0.text) })),
            JSONMember("dependants", .array(dependants.map { .string($0.text) })),
          ]))
      }
      let (words, damaged) = (context.words, shelf.ids.damaged)
      let shelved = chosen.filter { !damaged.contains($0) }
      if !shelved.isEmpty { context.say(words.tookOffShelf(shelved.map(shelf.ids.text))) }
      for id in chosen where damaged.contains(id) { context.say(words.seenToDamaged(id.text)) }
      if !dependants.isEmpty {
        context.say(context.paint.yellow(context.words.dependantsStay(dependants.map(shelf.ids.text))))
      }
    case .notOnShelf(let id): throw CommandFailure(.notFound, "absent", context.words.noSuchShelved(id.text))
    }
  }
}
