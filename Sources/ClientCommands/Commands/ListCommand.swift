import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import TerminalKit

/// `taizhang list`
struct ListCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "list", abstract: Help.list)
  }

  @Option(help: Help.listStage) var stage: String?
  @Option(help: Help.listVillage) var village: String?
  @Option(help: Help.listOffice) var office: String?
  @Flag(help: Help.listOverdue) var overdue = false
  @Flag(help: Help.listMine) var mine = false
  @Option(help: Help.listSearch) var search: String?
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    // A search looks into every text; a list has none of the long ones.
    let replica = try context.replica()
    let view = try search == nil ? replica.view(leavingOut: ListCommand.unlisted) : replica.view()
    context.tellIfPart(view)
    let question = NumbersQuestion(today: try context.today(of: replica))
    let filter = try ListFilter(self, view, context)
    let all = view.shown.problems().map { ProblemProgress(of: $0, in: view.shown, asked: question) }
      .filter { filter.wantsWithdrawn || !view.shown.wasTakenBack($0.id) }
    let chosen = all.filter(filter.holds)
    let marks = ProblemMarks(view)
    if context.isJSON {
      let document = LedgerDocument(of: view.shown, for: view.info.reader, asked: question)
      context.print(
        .object([JSONMember("problems", .array(chosen.map { row($0, view, document, marks) }))]))
      return
    }
    try context.tellRenumbered(replica, in: view.shown)
    guard !chosen.isEmpty else {
      guard view.isFetched || !all.isEmpty else { return }
      context.say(nothingListed(of: all.count, view, context.words))
      if let unknown = filter.unknownVillage { context.say(context.words.unknownVillage(unknown, filter.villages)) }
      return
    }
    context.say(table(chosen, view.shown, marks, context))
    context.say(context.paint.dim(context.words.listFoot(shown: chosen.count, of: all.count)))
    if !marks.isEmpty { context.say(context.paint.dim(context.words.markLegend)) }
  }

  /// Fields that no row, order or filter of a list is made from. Only what is named here is left out, so that a field that
  /// comes later is never missed.
  static let unlisted: [FieldName] = [
    "progress", "effect", "unfinished_reason", "next_step", "closing_standard", "goal", "leader", "owner", "phone",
  ].compactMap { FieldName($0) }

  /// Why no problem is listed, where `count` could have been.
  private func nothingListed(of count: Int, _ view: ReplicaView, _ words: Words) -> String {
    guard count == 0 else { return words.noneFits(count) }
    let withdrawn = view.shown.problems().count
    return withdrawn == 0 ? words.emptyLedger(view.info.role) : words.allWithdrawn(withdrawn)
  }

  private func row(
    _ progress: ProblemProgress, _ view: ReplicaView, _ document: LedgerDocument,
    _ marks: ProblemMarks
  ) -> JSONValue {
    .object(
      [
        JSONMember("id", .string(progress.id.description)),
        JSONMember("reference", .string(ReferenceText.text(for: progress.id, in: view.shown))),
        JSONMember("text", .optional(view.shown.wording(of: progress.id))),
      ] + document.progress(progress.id) + [
        JSONMember("pending", .bool(marks.pending.contains(progress.id))),
        JSONMember("shelved", .bool(marks.shelved.contains(progress.id))),
        JSONMember("clashes", .count(marks.clashes[progress.id] ?? 0)),
      ])
  }

  private func table(
    _ chosen: [ProblemProgress], _ state: LedgerState, _ marks: ProblemMarks,
    _ context: CommandContext
  ) -> TextTable {
    let words = context.words
    return TextTable(
      columns: [
        .init(words.columnNumber, alignment: .right), .init(" "),
        .init(words.columnProblem, maximumWidth: 44),
        .init(words.columnLead, maximumWidth: 20), .init(words.columnDeadline),
        .init(words.columnStage),
      ],
      rows: chosen.map { progress in
        [
          .init(ReferenceText.text(for: progress.id, in: state)),
          .init(marks.text(of: progress.id)),
          .init((state.wording(of: progress.id) ?? "").onOneLine),
          .init(progress.leadUnit?.string ?? ""),
          .init(words.deadline(progress)), .init(words.stage(progress)),
        ]
      })
  }
}

/// Which problems have own edits that are pending or refused, or clashes, on themselves or on what stands under them.
struct ProblemMarks {
  private(set) var pending: Set<EntityID> = []
  private(set) var shelved: Set<EntityID> = []
  private(set) var clashes: [EntityID: Int] = [:]

  init(_ view: ReplicaView) {
    for own in view.pending { pending.formUnion(ProblemMarks.problems(of: own.edit, view.shown)) }
    for edit in view.shelf.flatMap(\.act.edits) {
      shelved.formUnion(ProblemMarks.problems(of: edit, view.shown))
    }
    for clash in ShownClashes(view).all {
      for problem in Set(ProblemMarks.problems(of: clash.beaten.edit, view.shown)) { clashes[problem, default: 0] += 1 }
    }
  }

  var isEmpty: Bool { pending.isEmpty && shelved.isEmpty && clashes.isEmpty }

  /// `*` for pending, `!` for refused, `~` for clashes.
  func text(of problem: EntityID) -> String {
    (pending.contains(problem) ? "*" : "") + (shelved.contains(problem) ? "!" : "")
      + (clashes[problem] == nil ? "" : "~")
  }

  private static func problems(of edit: Edit, _ state: LedgerState) -> [EntityID] {
    var problems: [EntityID] = []
    for start in [edit.entity, .created(edit.id)] {
      var next: EntityID? = start
      while let id = next, id != .root {
        if state[id]?.kind == .problem { problems.append(id) }
        next = state[id]?.parent
      }
    }
    return problems
  }
}

/// Where a problem stands: at a stage, or, adopted and not yet moved, in place of one.
private enum ProblemPlace: Equatable {
  case stage(Stage)
  case adopted(Standing)

  /// The stage or the adopted outcome with this key or label.
  init?(typed text: String) {
    if let stage = Stage(typed: text) {
      self = .stage(stage)
    } else if let standing = Standing(typed: text), standing.isAdopted {
      self = .adopted(standing)
    } else {
      return nil
    }
  }

  /// Whether a problem stands there, or a pending transition of it leads there.
  func holds(_ progress: ProblemProgress) -> Bool {
    switch self {
    case .stage(let stage):
      progress.pendingStage == stage || !progress.standing.isAdopted && progress.countedStage == stage
    case .adopted(let standing): progress.standing == standing
    }
  }
}

/// What `list` was asked for.
private struct ListFilter {
  private let view: ReplicaView
  private let place: ProblemPlace?
  private let village: Set<ExactString>?
  private let offices: Set<ExactString>
  private let office: Set<ExactString>?
  /// What the seat's place is called.
  private let places: Set<ExactString>
  private let overdue: Bool
  private let mine: Bool
  private let search: String?

  init(_ command: ListCommand, _ view: ReplicaView, _ context: CommandContext) throws {
    self.view = view
    self.village = command.village.map { [ExactString($0), ExactString($0 + "村")] }
    // Looked for where they matter only: it takes a look at every measure.
    self.offices = command.village == nil ? [] : view.shown.offices()
    self.office = command.office.map { OfficeNames.spellings(of: ExactString($0)) }
    self.places = view.info.place.map { OfficeNames.spellings(of: $0) } ?? []
    self.overdue = command.overdue
    self.mine = command.mine
    self.search = command.search?.lowercased()
    self.place = try command.stage.map { text in
      guard let place = ProblemPlace(typed: text) else {
        throw CommandFailure(.usage, "stage", context.words.unknownStage(text, withAdopted: true))
      }
      return place
    }
    if mine, view.info.facts == nil {
      throw CommandFailure(.offline, "no-seat", context.words.seatNotKnown)
    }
  }

  func holds(_ progress: ProblemProgress) -> Bool {
    if let place, !place.holds(progress) { return false }
    if let village, village.isDisjoint(with: villages(of: progress.id)) { return false }
    if let office, !view.shown.concerns(progress.id, office: office) { return false }
    if overdue, !progress.isOverdue { return false }
    if mine, let seat = view.info.facts, !view.shown.waits(progress, for: seat, spelled: places) { return false }
    if let search, !texts(of: progress.id).contains(where: { $0.lowercased().contains(search) }) {
      return false
    }
    return true
  }

  /// Whether self-found problems that were taken back are asked for.
  var wantsWithdrawn: Bool { place == .stage(.withdrawn) }

  /// The village that was asked for, when no problem concerns one of that name.
  var unknownVillage: String? {
    guard let village, let typed = village.min(by: { $0.string.count < $1.string.count }) else { return nil }
    return village.isDisjoint(with: villages) ? typed.string : nil
  }

  /// Every village that a problem concerns, in the order of the names' bytes.
  var villages: [ExactString] { Set(view.shown.problems().flatMap(villages)).sorted() }

  private func villages(of problem: EntityID) -> [ExactString] {
    view.shown.villages(of: problem).filter { !offices.contains($0) }
  }

  /// Every text of a problem and of what stands under it and still counts.
  private func texts(of id: EntityID) -> [String] {
    guard let entity = view.shown[id], let kind = entity.kind else { return [] }
    let own = Set(entity.cells.all.keys).union(entity.pending.keys).filter { view.info.reader.reads($0, of: kind) }
      .compactMap { entity.text($0) }
    let names = entity.cells.all.keys.compactMap { entity.isYes($0) ? $0.member?.string : nil }
    let below = entity.children.values.joined().filter { !view.shown.isWithdrawn($0) }.flatMap(texts)
    return own + names + [entity.creationText].compactMap(\.self) + below
  }
}
