package import EditModel
package import LedgerRules

/// One accepted act in words that need no codes: who did what, to what, when.
package struct LatestAct: Hashable, Sendable {
  /// The seq of its first edit that is known here.
  package let seq: UInt64
  /// When the server received it.
  package let receipt: Stamp
  /// Who did it.
  package let seat: SeatID
  /// The first edit that is known of it, for programs.
  package let edit: Edit
  /// How people refer to what it was done to; empty for the ledger itself.
  package let subject: String
  /// What was done: the name of a field, or that something was added.
  package let what: Label
  /// What was written, on one line; a choice in its words.
  package let value: Label
  /// How many more edits the act has.
  package let moreEdits: Int

  /// The acts that `edits` (in the server's order) belong to, the newest first.
  static func newest(of edits: [AcceptedEdit], limit: Int, in state: LedgerState) -> [LatestAct] {
    var acts: [LatestAct] = []
    var seen: Set<ActID> = []
    for accepted in edits.reversed() {
      guard acts.count < limit else { break }
      guard seen.insert(accepted.edit.id.act).inserted else { continue }
      acts.append(LatestAct(of: first(of: accepted.edit.id.act, in: edits) ?? accepted, in: state))
    }
    return acts
  }

  /// The first edit of `act` that is among `edits`: it says what the act is about, the others give details.
  private static func first(of act: ActID, in edits: [AcceptedEdit]) -> AcceptedEdit? {
    edits.lazy.filter { $0.edit.id.act == act }.min { $0.edit.id.i < $1.edit.id.i }
  }

  private init(of accepted: AcceptedEdit, in state: LedgerState) {
    let edit = accepted.edit
    let made = Vocabulary.creation(by: edit)
    let subject = LatestAct.subject(
      of: made.map { $0.kind == .problem ? $0.entity : edit.entity } ?? edit.entity, state)
    self.edit = edit
    self.seq = accepted.seq
    self.receipt = accepted.receipt
    self.seat = accepted.seat
    self.subject = LatestAct.reference(subject, in: state)
    self.moreEdits = Int(edit.actSize) - 1
    if let made {
      self.what = LatestAct.words(creating: made.kind)
      self.value = LatestAct.value(
        edit.value, creating: made.kind, wording: state.wording(of: made.entity))
    } else {
      let rule = (state[edit.entity]?.kind).flatMap { Vocabulary.field(edit.field, of: $0) }
      let settlement = Settlement(edit.field)
      let words =
        settlement.map { LatestAct.words(settling: $0.field, of: state[edit.entity]?.kind) }
        ?? LatestAct.words(setting: edit.field, rule)
      // Of a note it is the note that is withdrawn, not what it stands under.
      let kind = state[edit.entity]?.kind.flatMap { $0.isAppendOnly ? $0.label : nil }
      let named = kind.map { Label("\($0.chinese) \(words.chinese)", "\($0.english) \(words.english)") } ?? words
      self.what =
        LatestAct.isBeaten(accepted, in: state) ? Label(named.chinese + "（未采用）", named.english + " (beaten)") : named
      self.value =
        settlement.flatMap { LatestAct.value(accepted, settling: $0.field, in: state) }
        ?? LatestAct.value(edit.value, rule)
    }
  }

  /// Whether a later stamp stood in the field already when `accepted` came.
  private static func isBeaten(_ accepted: AcceptedEdit, in state: LedgerState) -> Bool {
    guard let winner = state[accepted.edit.entity]?.cells[accepted.edit.field]?.winner else { return false }
    return winner.seq < accepted.seq && winner.edit.value != accepted.edit.value
  }

  /// What people call `entity`; the ledger, its aspects and categories have no numbers that anybody uses.
  private static func reference(_ entity: EntityID, in state: LedgerState) -> String {
    switch state[entity]?.kind {
    case .ledger, .aspect, .category: ""
    default: ReferenceText.text(for: entity, in: state)
    }
  }

  /// A note or a transition is spoken of as what it stands under.
  private static func subject(of entity: EntityID, _ state: LedgerState) -> EntityID {
    guard let known = state[entity], known.kind?.isAppendOnly ?? false, let parent = known.parent
    else { return entity }
    return parent
  }

  private static func words(creating kind: Kind) -> Label {
    switch kind {
    case .transition: Label("流转至", "moved to")
    case .note: Label("进展", "note")
    case .ledger, .aspect, .category, .problem, .measure, .part:
      Label("新增\(kind.label.chinese)", "new \(kind.label.english)")
    }
  }

  private static func words(setting field: FieldName, _ rule: FieldRule?) -> Label {
    let label = rule?.label ?? Label(field.description, field.description)
    guard rule?.cardinality == .member, let member = field.member else { return label }
    return Label("\(label.chinese)/\(member)", "\(label.english)/\(member)")
  }

  private static func words(settling field: FieldName, of kind: Kind?) -> Label {
    let (done, what) = (
      Vocabulary.settled.label, words(setting: field, kind.flatMap { Vocabulary.field(field, of: $0) })
    )
    return Label("\(done.chinese)（\(what.chinese)）", "\(done.english) (\(what.english))")
  }

  /// What stands in the field whose clash `accepted` settles; nil where that is not known, or something else was written
  /// since.
  private static func value(_ accepted: AcceptedEdit, settling field: FieldName, in state: LedgerState) -> Label? {
    let edit = accepted.edit
    guard edit.value.text != nil else { return Label("否，重新待定", "no, open again") }
    guard let entity = state[edit.entity], let winner = entity.cells[field]?.winner, winner.seq < accepted.seq else {
      return nil
    }
    let value = value(winner.edit.value, entity.kind.flatMap { Vocabulary.field(field, of: $0) })
    return Label("现值 \(value.chinese)（\(winner.seat) 所填）", "it stays \(value.english) (written by \(winner.seat))")
  }

  private static func value(_ value: EditValue, creating kind: Kind, wording: String?) -> Label {
    let text = value.text ?? ""
    if kind == .transition, let stage = Stage(rawValue: text) { return stage.label }
    let shown = (kind == .note || kind == .part ? text : wording ?? text).onOneLine
    return Label(shown, shown)
  }

  private static func value(_ value: EditValue, _ rule: FieldRule?) -> Label {
    guard let text = value.text else { return Label("（清空）", "(cleared)") }
    switch rule?.type {
    case .choice(let choices)?:
      if let choice = choices.first(where: { $0.key == ExactString(text) }) { return choice.label }
    case .yesNo?: return text == "yes" ? Label("是", "yes") : Label("否", "no")
    default: break
    }
    return Label(text.onOneLine, text.onOneLine)
  }
}
