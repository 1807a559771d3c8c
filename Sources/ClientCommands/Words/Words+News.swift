import EditModel
import LedgerClient
import LedgerReports
import LedgerRules

/// What came back to a seat since its holder last looked.
extension Words {
  func newsTitle(since day: CivilDate?) -> String {
    guard let day else { return either("和我有关的事", "What concerns this seat") }
    return either("上次查看（\(day)）以后和我有关的事", "What concerns this seat since the last look (\(day))")
  }

  func noNews(since day: CivilDate?, onShelf count: Int) -> String {
    let since = day.map { either("上次查看（\($0)）以后", " since the last look (\($0))") } ?? ""
    let shelf = count > 0 ? stillOnShelf(count) : ""
    return either("\(since)没有新的事。", "Nothing new\(since).") + (shelf.isEmpty ? "" : either("", " ") + shelf)
  }

  func stillOnShelf(_ count: Int) -> String {
    either(
      "退件架上另有 \(count) 件早先退回的：taizhang shelf",
      "\(counted(count, "act")) refused earlier \(count == 1 ? "is" : "are") still on the shelf: taizhang shelf")
  }

  func newsOffline(_ reason: OfflineReason) -> String {
    either("以下只是本机已有的内容：", "What follows is what this device has: ") + within(sentence(reason))
  }

  func newsHead(_ title: String, _ count: Int) -> String { either("【\(title)】\(count)", "\(title): \(count)") }

  var newsAssigned: String { either("交给我的", "handed to me") }
  var newsReturned: String { either("退回重办的", "sent back") }
  var newsBeaten: String { either("我填的没有采用", "my value was beaten") }
  var newsDisputed: String { either("还没有定夺的冲突", "clashes not decided yet") }
  var newsDecided: String { either("冲突已经定夺", "clashes that were decided") }
  var newsCovered: String { either("随撤回看不见的", "out of sight by a withdrawal") }
  var newsRefused: String { either("被退件的", "refused") }
  var newsDue: String { either("时限临近或已超期", "deadline near or past") }

  /// What made a problem the seat's, or sent it back: `牵头单位：农经站`, `待审定`.
  func newsOf(_ accepted: AcceptedEdit, in state: LedgerState) -> String {
    let edit = accepted.edit
    let kind = state[edit.entity]?.kind ?? .problem
    if edit.field == .stage {
      let said = transitionText(of: edit, in: state)
      return "→ " + value(edit, nil, in: state) + (said.isEmpty ? "" : either("（\(said)）", " (\(said))"))
    }
    return labelled(fieldLabel(edit.field, of: kind), value(edit, Vocabulary.field(edit.field, of: kind), in: state))
  }

  /// What somebody decided about a clash; what stands there by now may be something else.
  func newsOf(_ decision: Decision, in state: LedgerState) -> String {
    let (beaten, winner) = (decision.clash.beaten, decision.clash.origin)
    let value = clashValue(beaten.edit, in: state).onOneLine
    let place = place(of: decision.clash, in: state)
    guard decision.isTaken else {
      return either(
        "\(place)：照旧，没有采用 \(beaten.seat) 填的“\(value)”",
        "\(place): left as it was; \"\(value)\", written by \(beaten.seat), is not used")
    }
    let other = clashValue(winner.edit, in: state).onOneLine
    return either(
      "\(place)：定为“\(value)”（\(beaten.seat) 所填），不用“\(other)”（\(winner.seat) 所填）",
      "\(place): \"\(value)\", written by \(beaten.seat), instead of \"\(other)\", written by \(winner.seat)")
  }

  /// What was withdrawn with whose work in it; `isForSeat`: it can make that count again; `isOwn`: it withdrew it itself.
  func newsOf(_ work: CoveredWork, in state: LedgerState, isForSeat: Bool, isOwn: Bool) -> String {
    let content = newsOf(work.content, in: state).onOneLine
    let said = either(
      "已撤回，里面有 \(work.content.seat) 填的 \(content)。内容都还在。",
      "was withdrawn, with what \(work.content.seat) wrote in it: \(content). Nothing is lost.")
    guard isForSeat else {
      if isOwn { return said }
      return said
        + either("要它重新计入，请找 \(work.withdrawal.seat)。", " To make it count again ask \(work.withdrawal.seat).")
    }
    let command = "taizhang set \(ReferenceText.text(for: work.entity, in: state)) withdrawn --clear"
    return said + either("要它重新计入：\(command)", " To make it count again: \(command)")
  }

  /// The one line after a sync; nil when there is nothing to tell.
  func newsLine(_ news: ReplicaNews) -> String? {
    guard news.count > 0 else { return nil }
    let ledger = news.ledger
    let counts: [(String, Int)] = [
      (newsAssigned, ledger?.assigned.count ?? 0), (newsReturned, ledger?.returned.count ?? 0),
      (newsBeaten, ledger?.beaten.count ?? 0), (newsDisputed, ledger?.disputed.count ?? 0),
      (newsDecided, ledger?.decided.count ?? 0), (newsCovered, ledger?.covered.count ?? 0),
      (newsRefused, news.refused.count), (newsDue, ledger?.due.count ?? 0),
    ]
    let parts = counts.filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }
    return either("新的事：\(list(parts))。详见 taizhang news", "News: \(list(parts)). See taizhang news")
  }
}
