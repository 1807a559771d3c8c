import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules

/// `taizhang undo`
struct UndoCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "undo", abstract: Help.undo)
  }

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    let undone = try replica.undo()
    let state = try replica.view().shown
    if !context.isJSON {
      context.say(context.words.undone(undone))
      for edit in undone.kept {
        context.say(
          context.words.keptByOthers(context.words.name(of: edit.entity, in: state), edit.field))
      }
    }
    let kept = undone.kept.map { edit in
      JSONValue.object([
        JSONMember("entity", .string(edit.entity.description)),
        JSONMember("field", .string(edit.field.description)),
      ])
    }
    try await Delivery(of: [undone.act], from: replica).report(
      [
        JSONMember("undone", .string("\(undone.undone.replica).\(undone.undone.n)")),
        JSONMember("kept", .array(kept)),
      ], context)
  }
}
