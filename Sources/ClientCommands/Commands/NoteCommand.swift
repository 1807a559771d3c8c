import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules

/// `taizhang note NO TEXT`
struct NoteCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "note", abstract: Help.note)
  }

  @Argument(help: Help.number) var number: String
  @Argument(help: Help.noteText) var text: String?
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    guard let field = Kind.note.creatingField else { return }
    let view = try replica.view()
    try context.checkNumber(number, of: replica, in: view)
    let target = try Target(number, field: field, in: view, context)
    guard Kind.note.parents.contains(target.kind) else {
      throw CommandFailure(.usage, "parent", context.words.sentence(.forbidden(.parent)))
    }
    let value = try context.checked(try written(context), for: .note)
    let act = try replica.record { act in target.changes(of: act, setting: field, to: value) }
    if !context.isJSON {
      context.say(context.words.noted(target.reference))
      context.sayWhereabouts(of: target)
    }
    try await Delivery(of: [act], from: replica).report(
      [JSONMember("reference", .string(target.reference))], context)
  }

  private func written(_ context: CommandContext) throws -> EditValue {
    if let text { return try context.text(text) }
    try Confinement.forbid("VISUAL/EDITOR", context.words)
    let environment = Surroundings.environment
    let editor = [environment["VISUAL"], environment["EDITOR"]].compactMap(\.self).first {
      !$0.isEmpty
    }
    guard let editor else { throw CommandFailure(.usage, "editor", context.words.noEditor) }
    let text: String
    do throws(TextSource.Flaw) {
      text = try TextSource.edited(with: editor, folder: context.home)
    } catch {
      throw CommandFailure(.storage, "editor", context.words.sentence(error, path: context.home))
    }
    guard !text.trimmed.isEmpty else {
      throw CommandFailure(.usage, "empty", context.words.emptyText())
    }
    return .text(ExactString(text))
  }
}
