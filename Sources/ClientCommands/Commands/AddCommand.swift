import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules

/// `taizhang add problem|measure|part`
struct AddCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "add", abstract: Help.add,
      subcommands: [AddProblemCommand.self, AddMeasureCommand.self, AddPartCommand.self])
  }
}

/// `taizhang add problem TEXT`: a problem that the town found itself.
struct AddProblemCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "problem", abstract: Help.addProblem)
  }

  @Argument(help: Help.text) var text: String
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    let value = try context.checked(try context.text(text), for: .problem)
    guard let field = Kind.problem.creatingField else { return }
    let facts = try replica.view().info.facts
    let act = try replica.record { act in
      [Change(entity: .root, field: field, value: value)] + AddProblemCommand.origin(of: act)
        + AddProblemCommand.finder(facts, of: act)
    }
    try await context.deliverNew(.created(act.edit(1)), by: act, from: replica)
  }

  /// 自查: where the problem comes from, in the same act.
  private static func origin(of act: ActID) -> [Change] {
    guard let field = FieldName("origin") else { return [] }
    return [Change(entity: .created(act.edit(1)), field: field, value: .text("self_check"))]
  }

  /// A seat that is not everywhere's names itself, so that the problem is its own when others are named too.
  private static func finder(_ facts: SeatFacts?, of act: ActID) -> [Change] {
    facts?.namingItself(in: .created(act.edit(1))).map { [$0] } ?? []
  }
}

/// `taizhang add measure NO TEXT`
struct AddMeasureCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "measure", abstract: Help.addMeasure)
  }

  @Argument(help: Help.number) var number: String
  @Argument(help: Help.text) var text: String
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    let view = try replica.view()
    try context.checkNumber(number, of: replica, in: view)
    let problem = try context.openProblem(number, in: view)
    let value = try context.checked(try context.text(text), for: .measure)
    guard let field = Kind.measure.creatingField else { return }
    let act = try replica.record([Change(entity: problem, field: field, value: value)])
    try await context.deliverNew(.created(act.edit(1)), by: act, from: replica)
  }
}

/// `taizhang add part NO PLACE`
struct AddPartCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "part", abstract: Help.addPart)
  }

  @Argument(help: Help.number) var number: String
  @Argument(help: Help.village) var village: String
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    let view = try replica.view()
    try context.checkNumber(number, of: replica, in: view)
    let problem = try context.openProblem(number, in: view)
    guard Name.isValid(village) else {
      throw CommandFailure(.usage, "name", context.words.notAName(village))
    }
    if view.shown.part(of: problem, at: ExactString(village)) != nil {
      throw CommandFailure(.refused, "exists", context.words.partExists(number, village))
    }
    let withdrawn = Target.withdrawnPart(of: problem, at: village, in: view.shown)
    let change = withdrawn.map(Target.bringingBack) ?? Target.part(of: problem, at: village)
    let act = try replica.record([change])
    let made: EntityID = change.entity == problem ? .created(act.edit(1)) : change.entity
    try await context.deliverNew(made, by: act, from: replica)
  }
}

extension CommandContext {
  /// A text given on the command line; `-` is the standard input.
  func text(_ text: String, canClear: Bool = false) throws -> EditValue {
    let read: String
    if text == "-" {
      do throws(TextSource.Flaw) {
        read = try TextSource.standardInput()
      } catch {
        throw CommandFailure(.storage, "input", words.sentence(error, path: "-"))
      }
    } else {
      read = text
    }
    guard !read.trimmed.isEmpty else { throw CommandFailure(.usage, "empty", words.emptyText(canClear: canClear)) }
    return .text(ExactString(read))
  }

  /// `value` when it may make a thing of `kind`.
  func checked(_ value: EditValue, for kind: Kind) throws -> EditValue {
    guard let rule = Vocabulary.creationRule(of: kind), let text = value.text else { return value }
    guard text.utf8.count <= rule.limitBytes else {
      throw CommandFailure(.usage, "value", words.badValue(rule, text))
    }
    return value
  }

  /// Brings the act that made `entity` on its way and says what the entity is called now.
  func deliverNew(_ entity: EntityID, by act: ActID, from replica: Replica) async throws {
    let delivery = try await Delivery(of: [act], from: replica)
    let reference = ReferenceText.text(for: entity, in: try replica.view().shown)
    if !isJSON, delivery.refused.isEmpty {
      say(reference == entity.description ? words.addedUnnumbered(reference) : words.added(reference))
    }
    try delivery.report(
      [
        JSONMember("entity", .string(entity.description)),
        JSONMember("reference", .string(reference)),
      ], self)
  }
}
