import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import LedgerStore

/// `taizhang history NO [FIELD]`
struct HistoryCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "history", abstract: Help.history)
  }

  @Argument(help: Help.number) var number: String
  @Argument(help: Help.historyField) var field: String?
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    let view = try replica.view()
    let (id, name) = try asked(of: replica, in: view, context)
    context.tellIfPart(view)
    var entries = try replica.history(of: id, field: name)
    if name == nil {
      entries += try withdrawals(under: id, of: replica, in: view)
      entries += try laterVersions(under: id, of: replica, in: view)
    }
    entries.removeAll { !view.info.reader.reads($0.edit, in: view.shown) }
    let past = FieldPast(entries.inOrder, of: id, in: view)
    if context.isJSON {
      context.print(
        .object([
          JSONMember("entity", .string(id.description)),
          JSONMember("edits", .array(past.entries.map { json($0, past) })),
        ]))
      return
    }
    let reference = ReferenceText.text(for: id, in: view.shown)
    guard !past.entries.isEmpty else {
      return context.say(nothing(of: name, reference, view.shown[id]?.kind ?? .problem, context.words))
    }
    context.say(context.paint.bold(context.words.historyOf(reference)))
    let shelf = ShelvedText(view, try replica.status(), context.words)
    var begun: Set<ActID> = []
    for entry in past.entries {
      say(entry, of: id, past, shelf, view, context, isFirstOfAct: begun.insert(entry.edit.id.act).inserted)
    }
    let below = name == nil ? view.shown.measures(of: id) + view.shown.parts(of: id) : []
    if !below.isEmpty {
      let references = below.map { ReferenceText.text(for: $0, in: view.shown) }
      context.say(context.paint.dim(context.words.historiesBelow(references)))
    }
  }

  /// What was withdrawn of the things that stand under `id`, or taken up again.
  private func withdrawals(
    under id: EntityID, of replica: Replica, in view: ReplicaView
  ) throws -> [HistoryEntry] {
    let below = view.shown[id]?.children.values.joined().filter { child in
      let entity = view.shown[child]
      return entity?.cells[.withdrawn] != nil || entity?.pending[.withdrawn] != nil
    }
    return try (below ?? []).flatMap { try replica.history(of: $0, field: .withdrawn) }
  }

  /// What no field of this version stands for, of the notes and transitions of `id`: they have no number to ask for by.
  private func laterVersions(
    under id: EntityID, of replica: Replica, in view: ReplicaView
  ) throws -> [HistoryEntry] {
    var entries: [HistoryEntry] = []
    for child in (view.shown[id]?.children.values.joined()).map(Array.init) ?? [] {
      guard view.shown[child]?.kind?.isAppendOnly == true else { continue }
      for name in view.shown.laterFields(of: child) {
        entries += try replica.history(of: child, field: name)
      }
    }
    return entries
  }

  /// For a village's seat a problem's number means its part where the field is one that parts have, as in `set`.
  private func asked(
    of replica: Replica, in view: ReplicaView, _ context: CommandContext
  ) throws -> (
    EntityID, FieldName?
  ) {
    guard let field else { return (try context.entity(number, in: view), nil) }
    if field == FieldName.stage.description || field == "阶段" {
      return (try context.entity(number, in: view), .stage)
    }
    if let ofPart = FieldText(field, of: .part) {
      let target = try Target(number, field: ofPart.name, in: view, context)
      if target.kind == .part, let id = target.present { return (id, ofPart.name) }
    }
    let id = try context.entity(number, in: view)
    let kind = view.shown[id]?.kind ?? .problem
    if let known = FieldText(field, of: kind)?.name { return (id, known) }
    // A field that a later version knows has a past here all the same.
    if let name = FieldName(field), !(try replica.history(of: id, field: name)).isEmpty { return (id, name) }
    throw CommandFailure(
      .usage, "field", context.words.unknownField(field, of: kind, isEdit: false))
  }

  private func nothing(
    of name: FieldName?, _ reference: String, _ kind: Kind, _ words: Words
  ) -> String {
    guard let name else { return words.noHistory(reference) }
    let partsToo = kind == .problem && Vocabulary.field(name, of: .part) != nil
    return words.noHistory(reference, of: words.fieldLabel(name, of: kind), partsToo: partsToo)
  }

  private func say(
    _ entry: HistoryEntry, of id: EntityID, _ past: FieldPast, _ shelf: ShelvedText, _ view: ReplicaView,
    _ context: CommandContext, isFirstOfAct: Bool
  ) {
    let words = context.words
    let edit = entry.edit
    let kind = view.shown[edit.entity]?.kind ?? .problem
    let rule = Vocabulary.field(edit.field, of: kind)
    let isBelow = edit.entity != id && .created(edit.id) != id
    let below = !isBelow ? "" : words.nameWithText(of: edit.entity, in: view.shown) + " "
    let label = below + words.fieldLabel(edit.field, of: kind)
    let value = [words.value(edit, rule, in: view.shown), words.transitionText(of: edit, in: view.shown)]
      .filter { !$0.isEmpty }.joined(separator: "  ")
    let seat = entry.accepted?.seat.description ?? view.info.seat?.description ?? words.thisDevice
    let head = "  \(context.paint.dim("\(ChinaTime(edit.stamp).precise)")) \(seat)  \(words.label(label))"
    context.say(HangingText(head: head, body: value))
    context.say("      " + context.paint.dim(words.standing(past.standing(of: entry))))
    if isFirstOfAct, let refused = past.refused(entry) {
      let label = words.label(words.shelfReason)
      context.say(HangingText(head: "      " + label, body: shelf.reason(refused)), style: context.paint.dim)
    }
    if past.clashes.contains(edit.id) { context.say("      " + context.paint.yellow(words.openClash)) }
    if let decision = past.decision(of: entry) {
      context.say("      " + context.paint.dim(words.clashDecided(decision)))
    }
    if let moved = words.shift(edit.shift, stamp: edit.stamp) {
      context.say("      " + context.paint.dim(moved))
    }
    if let arrived = entry.accepted.flatMap(words.arrival) { context.say("      " + context.paint.dim(arrived)) }
  }

  private func json(_ entry: HistoryEntry, _ past: FieldPast) -> JSONValue {
    let edit = entry.edit
    let standing = past.standing(of: entry)
    return .object([
      JSONMember("edit", .string(edit.id.description)),
      JSONMember("stamp", .string(edit.stamp.description)),
      JSONMember("shift", .string(edit.shift.description)),
      JSONMember("base", .optional(edit.base?.description)),
      JSONMember("seat", .optional(entry.accepted?.seat.description)),
      JSONMember("seq", .optional(entry.accepted.map { Int(clamping: $0.seq) })),
      JSONMember("receipt", .optional(entry.accepted?.receipt.description)),
      JSONMember("entity", .string(edit.entity.description)),
      JSONMember("field", .string(edit.field.description)),
      JSONMember("value", .optional(edit.value.text)),
      JSONMember("standing", .string(standing.code)),
      JSONMember("clash", .bool(past.clashes.contains(edit.id))),
      JSONMember("won_by", .optional(standing.winner?.edit.id.description)),
      JSONMember("settled_by", .optional(past.decision(of: entry)?.edit.id.description)),
    ])
  }
}

extension [HistoryEntry] {
  /// The confirmed as they were made, whenever they came to the town; then the own that are not, in theirs: their times are
  /// this device's own until the server's are known.
  fileprivate var inOrder: [HistoryEntry] {
    let confirmed = compactMap { entry in entry.accepted.map { (entry, $0) } }
    return confirmed.sorted { ($0.1.edit.stamp, $0.1.seq) < ($1.1.edit.stamp, $1.1.seq) }.map(\.0)
      + filter { $0.accepted == nil }.sorted { ($0.edit.id.n, $0.edit.id.i) < ($1.edit.id.n, $1.edit.id.i) }
  }
}

/// How one edit of a field stands today.
enum EditStanding {
  /// It created something, and stays.
  case added
  /// Its value is the field's.
  case won
  /// Somebody who had seen it set the field anew.
  case replaced(by: AcceptedEdit)
  /// Neither author had seen the other's edit: the later stamp won, or of a stage the later in the server's order.
  case lost(to: AcceptedEdit)
  case pending(OwnActPhase)
  case shelved
  /// It was refused, and its author gave it up.
  case discarded
  /// It was refused, and its author made its changes anew.
  case retried

  var code: String {
    switch self {
    case .added: "added"
    case .won: "won"
    case .replaced: "replaced"
    case .lost: "lost"
    case .pending: "pending"
    case .shelved: "shelved"
    case .discarded: "discarded"
    case .retried: "retried"
    }
  }

  var winner: AcceptedEdit? {
    switch self {
    case .replaced(let winner), .lost(let winner): winner
    case .added, .won, .pending, .shelved, .discarded, .retried: nil
    }
  }
}

/// The edits of an entity, and how each stands.
struct FieldPast {
  let entries: [HistoryEntry]
  /// The beaten edits that nobody has decided about.
  let clashes: Set<EditID>
  private let view: ReplicaView
  private let basis: [EditID: EditID]
  /// The accepted edits whose author had seen the key, in the server's order.
  private let successors: [EditID: [AcceptedEdit]]

  init(_ entries: [HistoryEntry], of id: EntityID, in view: ReplicaView) {
    self.entries = entries
    self.view = view
    self.clashes = Set(view.clashes.map(\.id))
    self.basis = Dictionary(
      entries.compactMap { entry in entry.edit.base.map { (entry.edit.id, $0) } },
      uniquingKeysWith: { first, _ in first })
    self.successors = entries.compactMap(\.accepted).reduce(into: [:]) { successors, accepted in
      if let base = accepted.edit.base { successors[base, default: []].append(accepted) }
    }
  }

  func standing(of entry: HistoryEntry) -> EditStanding {
    let edit = entry.edit
    guard entry.accepted != nil else {
      switch entry.phase {
      case .shelved: return .shelved
      case .discarded: return .discarded
      case .retried: return .retried
      case let phase: return .pending(phase ?? .pending)
      }
    }
    guard let winner = view.confirmed[edit.entity]?.cells[edit.field]?.winner else { return .added }
    if winner.edit.id == edit.id { return .won }
    return successor(of: edit.id, towards: winner).map { .replaced(by: $0) } ?? .lost(to: winner)
  }

  /// The refused act that `entry` is of, on the shelf or no more on it; nil of any other.
  func refused(_ entry: HistoryEntry) -> ShelvedAct? {
    guard entry.accepted == nil else { return nil }
    return (view.shelf + view.offShelf).first { $0.act.id == entry.edit.id.act }
  }

  /// That somebody decided about the clash in which `entry` was beaten; nil where there is none, where it is open again, and
  /// where a restore has taken away what beat it.
  func decision(of entry: HistoryEntry) -> Decision? {
    guard standing(of: entry).code != EditStanding.won.code, let accepted = entry.accepted,
      let mark = Settlement(of: accepted.edit).mark,
      let entity = view.shown[accepted.edit.entity], entity.isYes(mark)
    else { return nil }
    if let own = entity.pending[mark] { return Decision(edit: own, accepted: nil) }
    return (entity.cells[mark]?.winner).map { Decision(edit: $0.edit, accepted: $0) }
  }

  /// Who decided about a clash.
  struct Decision {
    let edit: Edit
    /// The server's line; nil of what is this device's own and not there yet.
    let accepted: AcceptedEdit?
  }

  /// The edit whose author had seen `id` and set the field anew: the one that led to the winner, else the first.
  private func successor(of id: EditID, towards winner: AcceptedEdit) -> AcceptedEdit? {
    guard let later = successors[id], later.count > 1 else { return successors[id]?.first }
    var way: Set<EditID> = []
    var next: EditID? = winner.edit.id
    while let step = next, way.insert(step).inserted { next = basis[step] }
    return later.first { way.contains($0.edit.id) } ?? later.first
  }
}
