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
    let before = try replica.view().shown
    let undone = try replica.undo()
    if !context.isJSON {
      for line in context.words.undone(undone, in: before) { context.say(line) }
    }
    let members = [
      JSONMember("undone", .string("\(undone.undone.replica).\(undone.undone.n)")),
      JSONMember("was_refused", .bool(undone.wasRefused)),
      JSONMember("changes", .array(undone.changes.map { JSONValue(change: $0) })),
      JSONMember("kept", .array(undone.kept.map { JSONValue(place: $0.change) })),
    ]
    guard let act = undone.act else {
      if context.isJSON { context.print(.object(members)) }
      return
    }
    try await Delivery(of: [act], from: replica).report(members, context)
  }
}

extension JSONValue {
  /// Where a change is made.
  fileprivate init(place change: Change) {
    self = .object([
      JSONMember("entity", .string(change.entity.description)), JSONMember("field", .string(change.field.description)),
    ])
  }

  /// A change with its value; null where the field is cleared.
  fileprivate init(change: Change) {
    self = .object([
      JSONMember("entity", .string(change.entity.description)), JSONMember("field", .string(change.field.description)),
      JSONMember("value", change.value.text.map { .string($0) } ?? .null),
    ])
  }
}
