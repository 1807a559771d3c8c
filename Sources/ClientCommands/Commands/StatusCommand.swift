import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import LedgerStore

/// `taizhang status`
struct StatusCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "status", abstract: Help.status)
  }

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    let status = try replica.status()
    let view = try replica.view()
    context.tellIfPart(view)
    if context.isJSON {
      context.print(json(status, view))
    } else {
      for (label, value) in context.words.status(status) {
        context.say(context.words.labelled(label, value))
      }
      lists(status, view, context)
      if !Output.isGone { try replica.noticesWereSeen(in: status) }
    }
  }

  private func lists(_ status: ReplicaStatus, _ view: ReplicaView, _ context: CommandContext) {
    let words = context.words
    for notice in status.notices {
      let end = status.isSettled ? words.settledNotice(shelved: status.shelved) : ""
      context.say(context.paint.yellow("· " + words.notice(notice) + end))
    }
    for act in status.damaged { context.say(context.paint.red(words.damaged(act, in: view.shown))) }
    let surplus = SurplusNames(status.surplus.map(\.edit), view.shown)
    if !view.shelf.isEmpty { context.say(context.paint.bold(words.shelfTitle)) }
    let shelf = ShelvedText(view, status, words)
    for act in view.shelf {
      for edit in act.act.edits { context.say("  " + shelf.line(edit, of: act.act)) }
      context.say("    " + context.paint.red(shelf.reason(act)))
    }
    if !status.surplus.isEmpty { context.say(context.paint.bold(words.surplusTitle)) }
    for accepted in status.surplus {
      let line = surplus.line(accepted.edit, words)
      context.say("  \(ChinaTime(accepted.receipt)) \(accepted.seat)  \(line)")
    }
  }

  private func json(_ status: ReplicaStatus, _ view: ReplicaView) -> JSONValue {
    let info = status.info
    return .object([
      JSONMember("home", .string(info.home)), JSONMember("server", .string(info.server)),
      JSONMember("second", .optional(info.second)),
      JSONMember("ledger", .string(info.ledger.string)),
      JSONMember("replica", .string(info.replica.description)),
      JSONMember("seat", .optional(info.seat?.description)),
      JSONMember("role", .optional(info.role?.rawValue)),
      JSONMember("place", .optional(info.place?.string)),
      JSONMember("unsent", .count(status.unsent)),
      JSONMember("acknowledged", .count(status.acknowledged)),
      JSONMember("removed", .bool(status.removal != nil)),
      JSONMember("handed_over", .count(status.removal?.handedOver ?? 0)),
      JSONMember("shelf", .array(view.shelf.map(Shelf.json))),
      JSONMember("damaged", .array(status.damaged.map { .string($0.id.text) })),
      JSONMember("surplus", .array(status.surplus.map(surplus))),
      JSONMember("last_contact", .optional(status.lastContact?.description)),
      JSONMember("offset_milliseconds", status.offsetMilliseconds.map { .number($0) } ?? .null),
      JSONMember("epoch", .optional(status.epoch)),
      JSONMember("seq", .number(Int64(clamping: status.reachedSeq))),
      JSONMember("lines", .count(status.confirmedLines)),
      JSONMember("syncing", .bool(status.isBeingSynced)),
      JSONMember("notices", .array(status.notices.map { .string(code(of: $0)) })),
      JSONMember("state_hash", .string(status.stateHash)),
    ])
  }

  private func surplus(_ accepted: AcceptedEdit) -> JSONValue {
    .object([
      JSONMember("edit", .string(accepted.edit.id.description)),
      JSONMember("seat", .string(accepted.seat.description)),
      JSONMember("entity", .string(accepted.edit.entity.description)),
      JSONMember("field", .string(accepted.edit.field.description)),
      JSONMember("value", .optional(accepted.edit.value.text)),
    ])
  }

  private func code(of notice: ReplicaNotice) -> String {
    switch notice {
    case .folderCopied: "folder-copied"
    case .historyWentBack: "history-went-back"
    case .historyReplaced: "history-replaced"
    case .takenAway: "taken-away"
    }
  }
}
