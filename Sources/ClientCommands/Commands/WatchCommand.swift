import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import LedgerStore

/// `taizhang watch`
struct WatchCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "watch", abstract: Help.watch)
  }

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    var view = try replica.view()
    var state = view.shown
    var known = Set(view.clashes.map(\.id))
    var watched = WatchedLines(newest: view.isFetched ? try replica.newestReceipt() ?? .zero : nil)
    var renumbered: [RenumberedProblem] = []
    let progress = ProgressLine(context)
    for await event in replica.watch() {
      progress.clear()
      switch event {
      case .edits(let lines):
        view = try replica.view()
        state = view.shown
        for line in watched.news(of: lines, isFetched: view.isFetched)
        where view.info.reader.reads(line.edit, in: state) { say(line, state, context) }
        if view.isFetched { watched.begin(at: try replica.newestReceipt() ?? .zero) }
        tellClashes(of: view, beside: &known, context)
      case .own:
        let wasFetched = view.isFetched
        view = try replica.view()
        state = view.shown
        if view.isFetched, !wasFetched {
          // The clashes of the first fetch are nothing new; those that came to be before a later one are.
          if watched.hasBegun { tellClashes(of: view, beside: &known, context) }
          known = Set(view.clashes.map(\.id))
          watched.begin(at: try replica.newestReceipt() ?? .zero)
        }
      case .online: say(context.words.online, event: "online", context)
      case .offline(.serverStopped("removed")) where !context.isJSON:
        // Why and what to do comes with the next attempt, at which what is unsent is handed over.
        break
      case .offline(let reason):
        say(context.words.sentence(reason), event: "offline", context)
        if reason.endsWatch { throw QuietExit(status: .offline) }
        if !context.isJSON { context.say(context.paint.dim("  " + context.words.triesByItself)) }
      case .comesBack(let delay):
        if context.isJSON {
          say(context.words.comesBack(after: delay), event: "retry", context)
        } else {
          progress.show(context.words.comesBack(after: delay))
        }
      case .connecting: progress.show(.connecting)
      case .notice(let notice):
        say(context.words.notice(notice), event: "notice", context)
        if case .historyWentBack = notice { watched.wentBack(to: try replica.newestReceipt() ?? .zero) }
      }
      // Said and not told: who watches may be looking elsewhere.
      let changes = try replica.renumbered()
      context.sayRenumbered(changes.filter { !renumbered.contains($0) }, in: state)
      renumbered = changes
      if Output.isGone { return }
    }
  }

  /// Tells the clashes that are not among `known`, which are all that there are then. While everything is fetched anew no clash
  /// is known here: those that were told are not told again.
  private func tellClashes(of view: ReplicaView, beside known: inout Set<EditID>, _ context: CommandContext) {
    for clash in ShownClashes(view).all where !known.contains(clash.id) && view.isTold(of: clash) {
      say(context.words.clashMet(clash, in: view.shown), event: "clash", context)
    }
    if view.isFetched { known = Set(view.clashes.map(\.id)) }
  }

  private func say(_ sentence: String, event: String, _ context: CommandContext) {
    if context.isJSON {
      context.print(
        .object([JSONMember("event", .string(event)), JSONMember("message", .string(sentence))]))
    } else {
      context.say(context.paint.dim("· " + sentence))
    }
  }

  private func say(_ accepted: AcceptedEdit, _ state: LedgerState, _ context: CommandContext) {
    let edit = accepted.edit
    let kind = state[edit.entity]?.kind ?? .problem
    let reference = context.words.name(of: edit.entity, in: state)
    guard !context.isJSON else {
      context.print(
        .object([
          JSONMember("event", "edit"), JSONMember("seq", .number(Int64(clamping: accepted.seq))),
          JSONMember("receipt", .string(accepted.receipt.description)),
          JSONMember("seat", .string(accepted.seat.description)),
          JSONMember("reference", .string(reference)),
          JSONMember("entity", .string(edit.entity.description)),
          JSONMember("field", .string(edit.field.description)),
          JSONMember("value", .optional(edit.value.text)),
        ]))
      return
    }
    let value =
      (context.words.settledNow(accepted, in: state)
      ?? context.words.value(edit, Vocabulary.field(edit.field, of: kind), in: state)).onOneLine
    context.say(
      "\(context.paint.dim("\(ChinaTime(accepted.receipt)) \(accepted.seat)"))  \(reference) "
        + context.words.labelled(context.words.fieldLabel(edit.field, of: kind), value))
  }
}

extension ReplicaView {
  /// Whether the seat is told of `clash` when it comes to be.
  func isTold(of clash: Clash) -> Bool { info.facts.map { shown.concerns(clash, $0) } ?? false }
}

extension OfflineReason {
  /// Whether nothing will come any more until somebody does something: whether another server is the right one nobody at
  /// this machine can know, and a device that was shut out is let in by an administrator only.
  fileprivate var endsWatch: Bool {
    switch self {
    case .otherServer, .removed: true
    default: false
    }
  }
}
