import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import LedgerStore

/// `taizhang sync`
struct SyncCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "sync", abstract: Help.sync)
  }

  /// How long a first fetch may take by itself.
  static let firstLimit = Duration.seconds(60)

  @Option(help: Help.seconds) var seconds: Int = 60
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (1...86_400).contains(seconds) else { throw ValidationError("--seconds 1…86400") }
  }

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    // The whole ledger is read only where something has to be said of it: it may be large, and mostly nothing has changed.
    let unnumbered = try replica.unsentCount() == 0 ? [] : SyncCommand.unnumbered(in: replica.view())
    let progress = ProgressLine(context)
    let interrupted = InterruptedWords(context.words.syncInterrupted)
    let outcome = await replica.sync(upTo: .seconds(seconds), comesBack: true, progress: progress.show)
    interrupted.release()
    progress.clear()
    let renumbered = try replica.renumbered()
    let damaged = try replica.damagedActs()
    if context.isJSON {
      context.print(json(outcome, renumbered, try replica.status()))
    } else if unnumbered.isEmpty, renumbered.isEmpty, outcome.summary.shelved.isEmpty, damaged.isEmpty {
      say(outcome, context)
    } else {
      let view = try replica.view()
      let shelf = ShelvedText(view, try replica.status(), context.words)
      say(outcome, refused: outcome.summary.shelved.map(shelf.refused), context)
      for act in damaged { context.say(context.paint.red(context.words.damaged(act, in: view.shown))) }
      let ids = outcome.summary.notices.compactMap { notice in
        if case .folderCopied(_, let new) = notice { new } else { nil }
      }
      for line in SyncCommand.numbers(of: unnumbered, under: ids, in: view, context.words) { context.say(line) }
      try context.tellRenumbered(replica, in: view.shown)
    }
    let today = try context.today(of: replica)
    if !context.isJSON, try replica.mayHaveNews(on: today) {
      let news = try replica.news(on: today, spellings: OfficeNames.spellings)
      if let line = context.words.newsLine(news) { context.say(line) }
    }
    if outcome.offlineReason != nil { throw QuietExit(status: .offline) }
    if !outcome.summary.shelved.isEmpty { throw QuietExit(status: .refused) }
  }

  /// What this device made that has no number before the town has it.
  private static func unnumbered(in view: ReplicaView) -> [Unnumbered] {
    view.shown.all.keys.compactMap { id in
      guard let entity = view.shown[id], entity.creation == nil, entity.pendingCreation != nil else { return nil }
      guard ReferenceText.text(for: id, in: view.shown) == id.description, let kind = entity.kind, !kind.isAppendOnly
      else { return nil }
      return Unnumbered(id: id, kind: kind, text: entity.creationText ?? "")
    }
  }

  /// How those of `made` that have a number now are called; `ids` are those that the device took meanwhile, under which it may
  /// have made them anew.
  private static func numbers(
    of made: [Unnumbered], under ids: [ReplicaID], in view: ReplicaView, _ words: Words
  ) -> [String] {
    Dictionary(grouping: made) { [$0.kind.rawValue, $0.text] }.values.flatMap { (alike: [Unnumbered]) -> [String] in
      let alike = alike.sorted { Unnumbered.isEarlier($0.id, $1.id) }
      return zip(alike, Unnumbered.present(alike, in: view.shown, under: ids)).compactMap { made, id in
        guard let id else { return nil }
        let reference = ReferenceText.text(for: id, in: view.shown)
        return reference == id.description ? nil : words.numbered(words.quoted(made.kind.label, made.text), reference)
      }
    }.sorted()
  }

  /// Something that was made here and has no number yet.
  private struct Unnumbered {
    let id: EntityID
    let kind: Kind
    let text: String

    /// What each of `alike`, of one kind and text and in the device's order, is now. What was not decided yet when the device
    /// took a new id was made anew in that order; what the town has under the former id is older.
    static func present(_ alike: [Unnumbered], in shown: LedgerState, under ids: [ReplicaID]) -> [EntityID?] {
      guard let first = alike.first else { return [] }
      func isAlike(_ id: EntityID) -> Bool {
        shown[id]?.kind == first.kind && shown[id]?.creationText ?? "" == first.text
      }
      let anew =
        ids.isEmpty
        ? []
        : shown.all.keys.filter { id in
          guard case .created(let maker) = id else { return false }
          return ids.contains(maker.replica) && isAlike(id)
        }.sorted(by: isEarlier).suffix(alike.count)
      let former = alike.dropLast(anew.count).map { isAlike($0.id) ? $0.id : nil }
      return former + anew
    }

    /// Whether a device made `left` before `right`.
    static func isEarlier(_ left: EntityID, _ right: EntityID) -> Bool {
      guard case .created(let first) = left, case .created(let second) = right else { return left < right }
      return (first.n, first.i) < (second.n, second.i)
    }
  }

  private func say(_ outcome: SyncOutcome, refused: [String] = [], _ context: CommandContext) {
    let words = context.words
    for notice in outcome.summary.notices {
      context.say(context.paint.yellow(words.notice(notice)))
    }
    for line in refused { context.say(context.paint.red(line)) }
    switch outcome {
    case .atTown(let summary):
      context.say(context.paint.green(words.synced(summary)))
      if summary.held > 0 { context.say(context.paint.yellow(words.heldBack(summary.held))) }
    case .savedHere(let unsent, let reason, _):
      context.say(context.paint.yellow(words.notSynced(unsent: unsent, reason)))
    }
  }

  private func json(_ outcome: SyncOutcome, _ renumbered: [RenumberedProblem], _ status: ReplicaStatus) -> JSONValue {
    let summary = outcome.summary
    return .object([
      JSONMember("state", outcome.offlineReason == nil ? "at_town" : "saved_here"),
      JSONMember("reason", .optional(outcome.offlineReason?.code)),
      JSONMember("received", .count(summary.received)), JSONMember("sent", .count(summary.sent)),
      JSONMember("unsent", .count(status.unsent)), JSONMember("held", .count(summary.held)),
      JSONMember("shelved", .array(summary.shelved.map { Shelf.json($0) })),
      JSONMember("renumbered", .array(renumbered.map { JSONValue($0) })),
      JSONMember("damaged", .array(status.damaged.map { .string($0.id.text) })),
      JSONMember("seq", .number(Int64(clamping: status.reachedSeq))),
      JSONMember("state_hash", .string(status.stateHash)),
    ])
  }
}

/// Refused acts as programs see them.
enum Shelf {
  static func json(_ shelved: ShelvedAct) -> JSONValue {
    let edits = shelved.act.edits.map { edit in
      JSONValue.object([
        JSONMember("entity", .string(edit.entity.description)),
        JSONMember("field", .string(edit.field.description)),
        JSONMember("value", .optional(edit.value.text)),
      ])
    }
    return .object([
      JSONMember("act", .string("\(shelved.act.id.replica).\(shelved.act.id.n)")),
      JSONMember("code", .string(shelved.code)),
      JSONMember("arguments", .array(shelved.arguments.map { .string($0) })),
      JSONMember("edits", .array(edits)),
    ])
  }
}
