import EditModel
import LedgerClient
import LedgerRules
import LedgerStore

/// The shelf: what the server refused, and what a person does with it.
extension Words {
  /// Why an act was refused that speaks of what went out of the seat's sight.
  func isGone(_ name: String) -> String {
    either(
      "\(name)不再分派给本岗位；重新分派以后可以再交（taizhang shelf retry）。",
      "\(name) is no longer assigned to this seat; once it is, this can be tried again (taizhang shelf retry).")
  }

  /// Why an act that has left the shelf had been refused, which spoke of what was not there.
  func wasAbsent(_ name: String) -> String {
    either("那时还没有 \(name)，或者它不归本岗位看。", "\(name) was not there then, or not this seat's to see.")
  }

  var emptyShelf: String { either("退件架是空的：没有待处理的退件。", "The shelf is empty: no refused edit waits.") }

  func shelfCount(_ count: Int) -> String {
    either(
      "退件架：\(count) 次修改被镇里退回，没有生效，也没有丢",
      "Shelf: \(counted(count, "refused act")), not in force and not lost")
  }

  func offShelfCount(_ count: Int) -> String {
    either("已从退件架取下的：\(count) 次", "Off the shelf: \(counted(count, "act"))")
  }

  /// Behind the ID of an act that has left the shelf.
  func offShelfMark(_ act: ShelvedAct) -> String {
    act.phase == .retried ? either("（已重新提交）", "(tried again)") : either("（已放弃）", "(discarded)")
  }

  /// In front of why an act was refused.
  var shelfReason: String { either("退回原因", "refused") }

  /// In place of a value where a field has none.
  var nothingThere: String { either("（空）", "(nothing)") }

  var shelfAdvice: String {
    either(
      "原因消除以后按现值重新提交：taizhang shelf retry 标识；不要了：taizhang shelf discard 标识",
      "To make the same changes anew when the cause has gone: taizhang shelf retry ID; to give them up: "
        + "taizhang shelf discard ID")
  }

  func triedAgain(_ id: String, _ line: String, _ new: ActID) -> String {
    either("已重新提交 \(id)（新编为 \(new.n)）：\(line)", "Made \(id) anew (as \(new.n)): \(line)")
  }

  func stillRefused(_ id: String, _ reason: String) -> String {
    either(
      "\(id) 现在重新提交仍会被退回：\(reason)什么也没有改，退件都还在退件架上。",
      "\(id) would be refused again: \(reason) Nothing was changed; all is still on the shelf.")
  }

  func dependantIsUndecided(_ id: String) -> String {
    either(
      "修改 \(id) 依赖其中的内容，镇里还没有答复。什么也没有改；请先 taizhang sync，再重新提交。",
      "Act \(id) builds on one of these and is not decided yet. Nothing was changed; run taizhang sync first, then try again."
    )
  }

  /// That an act is of a thing which an act on the shelf was to make.
  func standsOnShelved(_ name: String, _ id: String) -> String {
    either(
      "\(name) 本身还在退件架上。重新提交 \(id)（taizhang shelf retry \(id)），这一件会随它一起提交。",
      "\(name) is itself on the shelf. Try \(id) again (taizhang shelf retry \(id)), and this goes with it.")
  }

  /// That an act is of a thing which an act that has left the shelf was to make.
  func standsOnDiscarded(_ name: String) -> String {
    either(
      "\(name) 被退回，后来从退件架取下了，所以不存在。请放弃这一件（taizhang shelf discard），需要的话重新填写。",
      "\(name) was refused and has left the shelf, so it is not there. Discard this (taizhang shelf discard) and, if it is "
        + "needed, enter it anew.")
  }

  func tookOffShelf(_ ids: [String]) -> String {
    either(
      "已从退件架取下：\(list(ids))。不会再送出；内容仍保存在本机，taizhang shelf --all 可看。",
      "Off the shelf: \(list(ids)). Never sent again, and kept on this device: taizhang shelf --all shows it.")
  }

  func dependantsStay(_ ids: [String]) -> String {
    either(
      "依赖它的还在退件架上：\(list(ids))。没有它，这些提交不了：请一并放弃，或重新填写。",
      "What builds on it stays on the shelf: \(list(ids)). Without it these cannot be made anew: discard them too, or enter "
        + "them anew.")
  }

  /// That an own act cannot be read any more: what of it can, what it affects, what to do.
  func damaged(_ act: DamagedAct, in state: LedgerState) -> String {
    let names = SurplusNames(act.edits, state)
    let lines = act.edits.map { names.line($0, self) }.joined(separator: either("；", "; "))
    let left =
      lines.isEmpty
      ? either("其中的内容一点也看不清。", "Nothing of it can be read. ")
      : either("还看得清的：\(lines)。", "Of it can be read: \(lines). ")
    let sent =
      act.mayHaveBeenSent
      ? either("可能没有送到镇里", "may never have reached the town")
      : either("没有送到镇里", "never reached the town")
    let id = act.id.text
    return either(
      "本机存的修改 \(id) 已损坏，不再送出，\(sent)；其他修改照常送出。\(left)请用 taizhang show 核对，缺的重新填写，"
        + "再用 taizhang shelf discard \(id) 取下这条提示。磁盘可能要坏：请告诉管理员。",
      "Act \(id) on this device is damaged: it is sent no more and \(sent); all others are sent as ever. \(left)"
        + "Check with taizhang show, enter anew what is missing, then take this off with taizhang shelf discard \(id). "
        + "The disk may be dying: tell the administrator.")
  }

  func seenToDamaged(_ id: String) -> String {
    either(
      "不再提示 \(id)。它不会再送出；损坏的原样仍留在台账文件里。",
      "\(id) is told no more. It is never sent again; what is left of it stays in the replica's file.")
  }

  var whichShelved: String {
    either(
      "没有写明是哪一件，什么也没有改。标识见 taizhang shelf。",
      "Which act is not said; nothing was changed. taizhang shelf lists their IDs.")
  }

  var whichShelfDecision: String {
    either(
      "看不懂：写 taizhang shelf、taizhang shelf --all、taizhang shelf retry 标识 或 taizhang shelf discard 标识。",
      "Not understood: write taizhang shelf, taizhang shelf --all, taizhang shelf retry ID or taizhang shelf discard ID."
    )
  }

  func noSuchShelved(_ text: String) -> String {
    either(
      "退件架上没有“\(text)”。现有的见 taizhang shelf。",
      "There is no \(text) on the shelf. taizhang shelf lists what there is.")
  }

  func hasLeftShelf(_ text: String) -> String {
    either(
      "“\(text)”已经不在退件架上：已放弃或已重新提交（见 taizhang shelf --all）。什么也没有改。",
      "\(text) has left the shelf: it was discarded or tried again (see taizhang shelf --all). Nothing was changed.")
  }

  func severalShelved(_ text: String, _ ids: [String]) -> String {
    either(
      "退件架上有 \(ids.count) 件“\(text)”，请写全：\(list(ids))。",
      "\(ids.count) acts on the shelf are numbered \(text); say which: \(list(ids)).")
  }
}
