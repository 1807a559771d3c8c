import EditModel
import LedgerReports
import LedgerRules

/// Two values of one field of which neither was built on the other.
extension Words {
  var noClashes: String { either("没有冲突。", "There are no clashes.") }

  func clashCount(_ count: Int) -> String {
    either(
      "冲突 \(count) 处：两个值互不相接，各改各的，现在用的是时间较晚的一个",
      "\(counted(count, "clash", "clashes")): two values of which neither was built on the other; the later one stands now"
    )
  }

  /// The side whose value the field has.
  var presentSide: String { either("现值", "present") }
  /// The side whose value does not count.
  var beatenSide: String { either("未采用", "beaten") }

  var clashAdvice: String {
    either(
      "改用未采用的值：taizhang clashes take 标识；就用现值：taizhang clashes keep 标识",
      "To use the beaten value: taizhang clashes take ID; to leave the present one: taizhang clashes keep ID")
  }

  /// Behind a clash that is not for this seat to decide.
  func decidedBy(_ right: Right) -> String {
    either("由\(holders(of: right))定夺", "for \(holders(of: right)) to decide")
  }

  /// What a clash is of: `进展情况`.
  func clashField(_ clash: Clash, in state: LedgerState) -> String {
    fieldLabel(clash.field, of: state[clash.entity]?.kind ?? .problem)
  }

  func clashValue(_ edit: Edit, in state: LedgerState) -> String {
    value(edit, Vocabulary.field(edit.field, of: state[edit.entity]?.kind ?? .problem), in: state)
  }

  func tookBeaten(_ clash: Clash, in state: LedgerState) -> String {
    let value = clashValue(clash.beaten.edit, in: state).onOneLine
    return either(
      "\(place(of: clash, in: state))改用：\(value)（\(clash.beaten.seat) 所填）",
      "\(place(of: clash, in: state)) now is: \(value) (written by \(clash.beaten.seat))")
  }

  func keptWinner(_ clash: Clash, in state: LedgerState) -> String {
    let value = clashValue(clash.winner.edit, in: state).onOneLine
    return either(
      "\(place(of: clash, in: state))保留：\(value)（\(clash.origin.seat) 所填）",
      "\(place(of: clash, in: state)) stays: \(value) (written by \(clash.origin.seat))")
  }

  /// One line of a clash where it is met: at the field, in a watch, after a sync.
  func clashMet(_ clash: Clash, in state: LedgerState) -> String {
    let beaten = clashValue(clash.beaten.edit, in: state).onOneLine
    let winner = clashValue(clash.winner.edit, in: state).onOneLine
    return either(
      "冲突 \(place(of: clash, in: state))：\(clash.origin.seat) 填“\(winner)”（现值），\(clash.beaten.seat) 填“\(beaten)”（未采用）。"
        + "处理：taizhang clashes",
      "Clash at \(place(of: clash, in: state)): \(clash.origin.seat) wrote \"\(winner)\" (present), "
        + "\(clash.beaten.seat) wrote \"\(beaten)\" (beaten). To decide: taizhang clashes")
  }

  /// What stands in the field whose clash `accepted` settles; nil for any other edit, for one that takes a decision back, and
  /// where something else was written since.
  func settledNow(_ accepted: AcceptedEdit, in state: LedgerState) -> String? {
    let edit = accepted.edit
    guard let settlement = Settlement(edit.field), edit.value.text != nil,
      let winner = state[edit.entity]?.cells[settlement.field]?.winner, winner.seq < accepted.seq
    else { return nil }
    let value = clashValue(winner.edit, in: state).onOneLine
    // Who takes the beaten value writes it anew, in the same act.
    if winner.edit.id.act == edit.id.act { return either("改用 \(value)", "it now is \(value)") }
    return either("现值 \(value)（\(winner.seat) 所填）", "it stays \(value) (written by \(winner.seat))")
  }

  /// Behind a beaten value in the list of edits.
  var openClash: String { either("冲突未处理：taizhang clashes", "an open clash: taizhang clashes") }

  /// Behind a beaten value about which somebody decided: who and when.
  func clashDecided(_ decision: FieldPast.Decision) -> String {
    let time = ChinaTime(decision.edit.stamp).precise
    guard let accepted = decision.accepted else {
      return either("冲突已在本机处理，未到镇里", "the clash was decided on this device; not at the town yet")
    }
    return either("冲突已由 \(accepted.seat) 于 \(time) 处理", "the clash was decided by \(accepted.seat) at \(time)")
  }

  var whichClash: String {
    either(
      "没有写明是哪一处冲突，什么也没有改。标识见 taizhang clashes。",
      "Which clash is not said; nothing was changed. taizhang clashes lists their IDs.")
  }

  var whichDecision: String {
    either(
      "看不懂：写 taizhang clashes、taizhang clashes 编号、taizhang clashes take 标识 或 taizhang clashes keep 标识。",
      "Not understood: write taizhang clashes, taizhang clashes NO, taizhang clashes take ID or taizhang clashes keep ID."
    )
  }

  func noSuchClash(_ text: String) -> String {
    either(
      "没有“\(text)”这处冲突，也许已经处理过。现有的见 taizhang clashes。",
      "There is no clash \(text); perhaps it was settled. taizhang clashes lists what there is.")
  }

  func severalClashes(_ text: String, _ ids: [String]) -> String {
    either(
      "“\(text)”有 \(ids.count) 处冲突，请写明标识：\(list(ids))。",
      "\(text) has \(ids.count) clashes; say which: \(list(ids)).")
  }

  func place(of clash: Clash, in state: LedgerState) -> String {
    let name = name(of: clash.entity, in: state)
    return either("\(name) 的“\(clashField(clash, in: state))”", "\"\(clashField(clash, in: state))\" of \(name)")
  }
}
