import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import LedgerStore

/// `taizhang repair`
struct RepairCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "repair", abstract: Help.repair)
  }

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    try context.checkFolder()
    let words = context.words
    switch try Replica.repair(home: context.home) {
    case .whole:
      guard !context.isJSON else { return context.print(.object([JSONMember("state", "whole")])) }
      context.say(context.paint.green(words.nothingToRepair))
    case .busy: throw CommandFailure(.storage, "busy", words.repairMustWait)
    case .noIdentity(let acts):
      // What can still be read goes to where people read it: to enter it anew is all that is left.
      if !context.isJSON { say(acts, context) }
      throw CommandFailure(.storage, "no-identity", words.noIdentityLeft(acts.count))
    case .repaired(let repair, let kept):
      guard !context.isJSON else { return context.print(json(repair, kept)) }
      context.say(context.paint.green(words.repaired(kept: kept)))
      for line in words.rescued(repair) { context.say(line) }
      for act in repair.damaged { context.say(context.paint.red(words.damaged(act, in: LedgerState()))) }
      if !repair.missing.isEmpty { context.say(context.paint.yellow(words.missingNumbers(repair.missing))) }
      context.say(words.syncAfterRepair)
    }
  }

  private func say(_ acts: [OwnAct], _ context: CommandContext) {
    for own in acts where !own.phase.isOffShelf {
      let names = SurplusNames(own.act.edits, LedgerState())
      for edit in own.act.edits { context.say(names.line(edit, context.words)) }
    }
  }

  private func json(_ repair: ReplicaRepair, _ kept: String) -> JSONValue {
    let missing = repair.missing.map { range in
      JSONValue.array([.number(Int64(clamping: range.lowerBound)), .number(Int64(clamping: range.upperBound))])
    }
    return .object([
      JSONMember("state", "repaired"), JSONMember("kept", .string(kept)),
      JSONMember("unsent", .count(repair.saved.count(where: \.phase.isUndecided))),
      JSONMember("shelved", .count(repair.saved.count { $0.phase == .shelved })),
      JSONMember("damaged", .array(repair.damaged.map { .string($0.id.text) })),
      JSONMember("missing", .array(missing)),
    ])
  }
}
