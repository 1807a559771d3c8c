import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import LedgerStore

/// What was edited when and by whom, and how the device stands with the town.
extension Words {
  func historyOf(_ reference: String) -> String {
    either("\(reference) 的修改经过", "History of \(reference)")
  }

  /// That what stands under a problem has a history of its own.
  func historiesBelow(_ references: [String]) -> String {
    either(
      "措施和分件另有修改经过：taizhang history \(list(references))",
      "Measures and parts have their own: taizhang history \(list(references))")
  }

  func noHistory(_ reference: String) -> String {
    either("\(reference) 还没有修改记录。", "\(reference) was never edited.")
  }

  /// That a field was never edited; `partsToo` where the parts below have one of the same name.
  func noHistory(_ reference: String, of label: String, partsToo: Bool) -> String {
    let hint =
      partsToo
      ? either(
        "分件另有这个字段：taizhang history \(reference)/村名 \(label)。",
        " Parts have their own: taizhang history \(reference)/VILLAGE \"\(label)\".") : ""
    return either(
      "\(reference) 的“\(label)”还没有修改记录。\(hint)", "\(label) of \(reference) was never edited.\(hint)")
  }

  func fieldLabel(_ name: FieldName, of kind: Kind) -> String {
    if let settlement = Settlement(name) {
      let label = fieldLabel(settlement.field, of: kind)
      return either("\(Vocabulary.settled.label.chinese)（\(label)）", "\(Vocabulary.settled.label.english) (\(label))")
    }
    if let rule = Vocabulary.field(name, of: kind) {
      return text(rule.label) + (name.member.map { "/\($0)" } ?? "")
    }
    if name == .stage { return either("阶段", "stage") }
    return Kind.allCases.first { $0.creatingField == name }.map { text($0.label) }
      ?? name.description
  }

  func value(_ edit: Edit, _ rule: FieldRule?, in state: LedgerState) -> String {
    guard let value = edit.value.text else {
      return Settlement(edit.field) == nil ? cleared : either("否，重新待定", "no, open again")
    }
    if edit.field == .stage, let stage = Stage(rawValue: value) { return text(stage.label) }
    return LabelledValue.text(value, of: rule, in: state, word: text)
  }

  /// What was said with a transition: opinion, reason and outcome, as far as they are there; nothing for another edit.
  func transitionText(of edit: Edit, in state: LedgerState) -> String {
    guard edit.field == .stage else { return "" }
    return list(
      [FieldName.opinion, .reason, .outcome].compactMap { name in
        state[.created(edit.id)]?.text(name).map {
          LabelledValue.text($0, of: Vocabulary.field(name, of: .transition), in: state, word: text)
        }
      })
  }

  func standing(_ standing: EditStanding) -> String {
    switch standing {
    case .added: either("已记入", "added")
    case .won: either("现值", "the present value")
    case .replaced(let next) where next.edit.field == .stage:
      either(
        "之后由 \(next.seat) 于 \(ChinaTime(next.edit.stamp).precise) 流转到“\(value(next.edit, nil, in: LedgerState()))”",
        "moved on by \(next.seat) at \(ChinaTime(next.edit.stamp).precise) to \"\(value(next.edit, nil, in: LedgerState()))\""
      )
    case .replaced(let winner):
      either(
        "已由 \(winner.seat) 于 \(ChinaTime(winner.edit.stamp).precise) 改过",
        "set anew by \(winner.seat) at \(ChinaTime(winner.edit.stamp).precise)")
    case .lost(let winner):
      either(
        "没有采用：\(winner.seat) 于 \(ChinaTime(winner.edit.stamp).precise) 的修改时间更晚（两个值各改各的，互不相接）",
        "lost to a later stamp: \(winner.seat) at \(ChinaTime(winner.edit.stamp).precise); neither value was built on the other"
      )
    case .pending: either("在本机，未到镇里", "pending: on this device, not at the town yet")
    case .shelved: either("被退回，在退件架上", "refused, on the shelf")
    case .discarded: either("被退回，已放弃", "refused; discarded since")
    case .retried: either("被退回，已重新提交", "refused; tried again since")
    }
  }

  /// That an edit's time was corrected, when by more than a minute.
  func shift(_ shift: Shift, stamp: Stamp) -> String? {
    guard shift.isUncertain || abs(shift.seconds) > 60 else { return nil }
    let amount = (shift.seconds < 0 ? "-" : "+") + span(abs(shift.seconds))
    let doubt = shift.isUncertain ? either("，不确定", ", uncertain") : ""
    return either(
      "作者的钟不准，时间已校正 \(amount)\(doubt)",
      "the author's clock was wrong: time corrected by \(amount)\(doubt)")
  }

  /// When an edit came to the town, where that was more than a minute after it was made.
  func arrival(_ accepted: AcceptedEdit) -> String? {
    let (made, came) = (accepted.edit.stamp.milliseconds, accepted.receipt.milliseconds)
    guard came > made, came - made > 60_000 else { return nil }
    return either("\(ChinaTime(accepted.receipt)) 到镇里", "came to the town at \(ChinaTime(accepted.receipt))")
  }

  func status(_ status: ReplicaStatus) -> [(String, String)] {
    let info = status.info
    let unknown = either("（首次同步后才知道）", "(known after the first sync)")
    let seat = info.seat.map { seat in
      [seat.description, info.role.map { text($0.label) }, info.place?.string].compactMap(\.self)
        .joined(separator: " ")
    }
    let never = either("从未", "never")
    let removal = status.removal.map { removal in
      (
        either("设备", "device"),
        either("自 \(ChinaTime(removal.at)) 起：", "since \(ChinaTime(removal.at)): ")
          + removed(handedOver: removal.handedOver)
      )
    }
    return [removal].compactMap(\.self) + [
      (either("台账", "ledger"), "\(info.ledger)  \(info.server)\(second(info.second))\(moving(info.movingTo))"),
      (either("岗位", "seat"), seat ?? unknown),
      (either("文件夹", "folder"), "\(info.home)  \(info.replica)"),
      (
        either("上次联系", "last contact"),
        status.lastContact.map { ChinaTime($0).description } ?? never
      ),
      (either("未送出", "unsent"), "\(status.unsent)"),
      (either("退件架", "shelf"), "\(status.shelved)"),
      (either("服务器没有的", "surplus"), "\(status.surplus.count)"),
      (either("时钟偏差", "clock offset"), clock(status.offsetMilliseconds) ?? unknown),
      (
        either("已收到", "received"),
        either(
          "\(status.confirmedLines) 条，到第 \(status.reachedSeq) 条",
          "\(counted(status.confirmedLines, "line")), up to \(status.reachedSeq)")
      ),
      (either("内容指纹", "state hash"), status.stateHash),
    ]
  }

  private func clock(_ milliseconds: Int64?) -> String? {
    guard let milliseconds else { return nil }
    if abs(milliseconds) < 1_000 { return either("不到 1 秒", "under 1 s") }
    let seconds = abs(milliseconds) / 1_000
    let amount = span(seconds)
    let wrong =
      milliseconds > 0
      ? either("本机慢 \(amount)", "this device is \(amount) behind")
      : either("本机快 \(amount)", "this device is \(amount) ahead")
    return seconds < 60 ? wrong : wrong + either("，已按服务器时间修正", "; edits are put right by the server's time")
  }

  /// A length of time in its largest unit that fits.
  private func span(_ seconds: Int64) -> String {
    switch seconds {
    case ..<120: either("\(seconds) 秒", "\(seconds) s")
    case ..<7_200: either("\(seconds / 60) 分钟", "\(seconds / 60) min")
    case ..<172_800: either("\(seconds / 3_600) 小时", "\(seconds / 3_600) h")
    case ..<63_072_000: either("\(seconds / 86_400) 天", "\(seconds / 86_400) days")
    default: either("\(seconds / 31_536_000) 年", "\(seconds / 31_536_000) years")
    }
  }

  var shelfTitle: String {
    either("退件架：被退回的修改（处理：taizhang shelf）", "Shelf: refused edits (what to do with them: taizhang shelf)")
  }
  var surplusTitle: String {
    either(
      "本机有而服务器恢复后没有的（他人的修改，以及本文件夹换编号以前写的；一直没有回来的，先问镇里有没有，没有再填）",
      "Held here and missing at the server since its restore (others' edits, and what this folder wrote before its id changed; "
        + "what nobody brings back: ask whether the town has it, and enter it anew where it has not)")
  }
}
