import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import LedgerStore

/// What commands print when all went well.
extension Words {
  // MARK: - Lists

  var columnNumber: String { either("编号", "No") }
  var columnProblem: String { either("问题", "Problem") }
  var columnLead: String { either("牵头单位", "Lead unit") }
  var columnDeadline: String { either("整改时限", "Deadline") }
  var columnStage: String { either("阶段", "Stage") }
  var measures: String { either("措施", "Measures") }
  var parts: String { either("分件", "Parts") }
  var transitions: String { either("流转", "Transitions") }
  var thisDevice: String { either("本机", "this device") }
  var pendingMark: String { either("（未到镇里）", "(not at the town yet)") }
  /// That there is nothing to list: in the ledger, or for a seat that sees only what is assigned to it.
  func emptyLedger(_ role: Role?) -> String {
    switch role?.sight {
    case .assigned:
      either(
        "还没有分派给本岗位的问题；分派以后，同步时就会取来。",
        "No problem is assigned to this seat yet; when one is, the next sync fetches it.")
    case .nothing:
      either("本岗位只管机器和岗位，不看台账内容。", "This seat keeps machines and seats and sees nothing of the ledger's content.")
    case .everything, nil: either("台账里还没有问题。", "The ledger has no problem yet.")
    }
  }

  /// In place of a list of which everything was withdrawn.
  func allWithdrawn(_ count: Int) -> String {
    either(
      "这里的 \(count) 个问题都已撤回，不再列出。要看：taizhang list --stage 合并撤回",
      "What is here was withdrawn and is not listed: \(counted(count, "problem")). To see it: "
        + "taizhang list --stage withdrawn")
  }

  var partOnly: String {
    either(
      "本机还没有取全台账，这里没有的，镇里可能有。请运行 taizhang sync。",
      "This device has not fetched the whole ledger yet: what is missing here may be at the town. Run taizhang sync.")
  }

  var markLegend: String {
    either(
      "* 有未到镇里的修改  ! 有被退回的修改  ~ 有冲突", "* edits not at the town yet  ! refused edits  ~ clashes")
  }

  func noneFits(_ all: Int) -> String {
    either("\(all) 个问题中没有符合条件的。", "None of \(counted(all, "problem")) fits.")
  }

  func unknownVillage(_ village: String, _ known: [ExactString]) -> String {
    either(
      "没有哪个问题涉及“\(village)”。涉及的村有：\(list(known.map(\.string)))。",
      "No problem concerns \"\(village)\". Villages concerned: \(list(known.map(\.string))).")
  }

  func listFoot(shown: Int, of all: Int) -> String {
    shown == all
      ? either("共 \(all) 个问题", counted(all, "problem"))
      : either("\(shown)/\(all) 个问题", "\(shown) of \(counted(all, "problem"))")
  }

  /// The deadline with its light as a word, so that it tells without colours.
  func deadline(_ progress: ProblemProgress) -> String {
    let mark = progress.light.map { light in
      either(light == .red ? "\(light.mark)（\(text(light.label))）" : light.mark, text(light.label))
    }
    guard let deadline = progress.deadline else { return mark ?? "" }
    return mark.map { "\(deadline) \($0)" } ?? deadline.description
  }

  /// The stage, an adopted outcome in its place, and the one that a pending transition asks for.
  func stage(_ progress: ProblemProgress) -> String {
    progress.stageText(text)
  }

  /// Whose move it is from `stage`.
  func nextSteps(from stage: Stage) -> String {
    let rows = StageTable.rows.filter { $0.from.contains(stage) && $0.to != .withdrawn }
    guard !rows.isEmpty else { return either("下一步：无", "Next: nothing") }
    let steps = rows.map { row -> String in
      let movers = row.movers.map { text($0.role.label) }.joined(separator: either("或", " or "))
      return either("\(row.to.label.chinese)（\(movers)）", "\(row.to.label.english) (\(movers))")
    }
    return either("下一步：", "Next: ") + steps.joined(separator: either("；", "; "))
  }

  /// A label and its value.
  func labelled(_ label: String, _ value: String) -> String { self.label(label) + value }

  /// What stands in front of a value.
  func label(_ label: String) -> String { either("\(label)：", "\(label): ") }

  /// In place of a value that was taken away.
  var cleared: String { either("（清空）", "(cleared)") }

  /// An own value that was refused, beside what the field shows.
  func refusedValue(_ value: String?) -> String {
    either("\(value ?? cleared)（被退回）", "\(value ?? cleared) (refused)")
  }

  /// The wording of an entity; of a transition the stage that it leads to.
  func wording(of id: EntityID, in state: LedgerState) -> String? {
    let wording = state.wording(of: id)
    guard state[id]?.kind == .transition, let stage = wording.flatMap(Stage.init(rawValue:)) else { return wording }
    return text(stage.label)
  }

  /// What an entity is called: by its number, a note or a transition by what it stands under.
  func name(of id: EntityID, in state: LedgerState) -> String {
    guard id != .root else { return text(Kind.ledger.label) }
    guard let entity = state[id], let kind = entity.kind, kind.isAppendOnly, let parent = entity.parent else {
      return ReferenceText.text(for: id, in: state)
    }
    return "\(ReferenceText.text(for: parent, in: state)) \(text(kind.label))"
  }

  /// The same with the beginning of what it says, where only that tells it from others of its kind: of a note.
  func nameWithText(of id: EntityID, in state: LedgerState) -> String {
    guard let entity = state[id], let kind = entity.kind else { return name(of: id, in: state) }
    guard kind.isAppendOnly else { return "\(text(kind.label)) \(ReferenceText.text(for: id, in: state))" }
    return quoted(kind.label, entity.creationText ?? "")
  }

  /// A thing that has no number, called by the beginning of what it says.
  func quoted(_ label: Label, _ said: String) -> String {
    let line = said.onOneLine
    let beginning = line.count > 20 ? line.prefix(20) + "…" : line[...]
    return either("\(label.chinese)“\(beginning)”", "\(label.english) \"\(beginning)\"")
  }

  /// A part beside another one of the same place, which has the place's reference.
  func furtherPart(at place: ExactString?) -> String {
    either("\(place?.string ?? "")（另一份）", "\(place?.string ?? "") (one more)")
  }

  /// The name of a self-found problem that is the same for everyone.
  func lastingName(_ id: EntityID) -> String { either("标识 \(id)", "id \(id)") }

  // MARK: - Enrolment and sync

  func made(_ info: ReplicaInfo) -> String {
    either(
      "已在“\(info.home)”建立台账 \(info.ledger)（服务器 \(info.server)）。",
      "Made the ledger \(info.ledger) in \"\(info.home)\" (server \(info.server)).")
  }

  func readmitted(_ info: ReplicaInfo) -> String {
    either(
      "“\(info.home)”里的台账 \(info.ledger) 已换上新的设备密钥和地址（服务器 \(info.server)），内容没有动。",
      "The ledger \(info.ledger) in \"\(info.home)\" has the new secret and address (server \(info.server)); what it holds "
        + "was left as it is.")
  }

  /// How far a sync is, on one line.
  func progress(_ progress: SyncProgress) -> String {
    switch progress {
    case .connecting: either("正在连接…", "Connecting…")
    case .connected: either("已连上，正在核对…", "Connected, comparing…")
    case .received(let lines, let all) where all > 0:
      either(
        "已收到 \(bar(lines, all)) \(lines)/\(all) 条…", "received \(bar(lines, all)) \(lines) of \(counted(all, "line"))…")
    case .received(let lines, _): either("已收到 \(lines) 条…", "\(counted(lines, "line")) received…")
    case .sent(let acts, let all): either("已送出 \(acts)/\(all) 次修改…", "\(acts) of \(counted(all, "act")) sent…")
    case .waiting(let reason): sentence(reason)
    case .comesBack(let reason, let delay): comesBack(after: delay, reason)
    }
  }

  /// A bar of twenty places, in characters that every terminal has.
  private func bar(_ done: Int, _ all: Int) -> String {
    let full = min(20, done * 20 / max(1, all))
    return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: 20 - full) + "]"
  }

  func notFetchedYet(_ reason: OfflineReason) -> String {
    either(
      "内容还没有取回：\(sentence(reason, hasUnsent: false))",
      "Nothing was fetched yet: \(within(sentence(reason, hasUnsent: false)))")
  }

  func synced(_ summary: SyncSummary) -> String {
    synced(received: summary.received, decided: summary.sent, refused: summary.shelved.count)
  }

  /// What came and went; of the acts that the server decided, those that it refused are told apart.
  func synced(received: Int, decided: Int, refused: Int) -> String {
    let sent = max(0, decided - refused)
    let back =
      refused == 0
      ? "" : either("，被退回 \(refused) 次", ", \(counted(refused, "act")) refused")
    return either(
      "已与镇里一致：收到 \(received) 条，送出 \(sent) 次修改\(back)。",
      "Level with the town: \(counted(received, "line")) received, \(counted(sent, "act")) sent\(back).")
  }

  /// After Ctrl-C.
  var syncInterrupted: String {
    either(
      "同步中断了。写过的都在本机，没送到的下次同步接着送。",
      "The sync was stopped. All that was written is on this device; what did not reach the town goes with the next sync."
    )
  }

  var deliveryInterrupted: String {
    either(
      "没有等到镇里的答复。写的已存在本机；没送到的话，下次同步接着送。",
      "The town's answer was not waited for. What you wrote is on this device; if it did not reach the town, it goes with the "
        + "next sync.")
  }

  func notSynced(unsent: Int, _ reason: OfflineReason) -> String {
    guard unsent > 0 else {
      return either(
        "没有与镇里同步（本机没有未送出的修改）：\(sentence(reason, hasUnsent: false))",
        "Not level with the town (nothing of this device waits to be sent): \(within(sentence(reason, hasUnsent: false)))"
      )
    }
    return either(
      "没有与镇里同步，本机有 \(unsent) 次修改未送出：\(sentence(reason))",
      "Not level with the town, \(counted(unsent, "act")) not sent yet: \(within(sentence(reason)))")
  }

  var online: String { either("已连上镇里。", "Connected to the town.") }

  // MARK: - Acts

  func added(_ reference: String) -> String { either("已新增 \(reference)", "Added \(reference)") }

  /// That a thing was made which gets its number from the town.
  func addedUnnumbered(_ id: String) -> String {
    either("已新增，到镇里后才编号；在那之前写作 \(id)", "Added; it is numbered at the town, until then it is \(id)")
  }

  /// That a thing of this device was numbered.
  func numbered(_ text: String, _ reference: String) -> String {
    either("\(text) 的编号是 \(reference)", "\(text) is now \(reference)")
  }

  func noted(_ reference: String) -> String {
    either("已给 \(reference) 写进展", "Noted on \(reference)")
  }

  var withdrawn: String { either("已撤回", "withdrawn") }

  /// That a withdrawn part counts again, because something was written to it.
  func cameBack(_ reference: String) -> String {
    either("\(reference) 原已撤回，现在恢复", "\(reference) had been withdrawn and counts again")
  }

  /// That what was written stands where nobody looks.
  func writtenToWithdrawn(_ reference: String, isProblem: Bool) -> String {
    guard !isProblem else {
      return either(
        "\(reference) 已合并撤回：写的内容已存，但这个问题不再计数。",
        "\(reference) was withdrawn: what you wrote is kept, but the problem no longer counts.")
    }
    return either(
      "\(reference) 已撤回：写的内容已存，但各处都不再显示它，只在 taizhang show、history \(reference) 里能看到。",
      "\(reference) was withdrawn: what you wrote is kept, but only taizhang show and history \(reference) show it.")
  }

  /// That a place which is no longer named sees the problem all the same, and what would end that.
  func stillHasPart(_ place: String, _ part: String) -> String {
    either(
      "\(place)在这个问题下有自己的一份，所以仍看得到它。要收回：taizhang set \(part) withdrawn yes",
      "\(place) has its part of the problem, and so sees it as before. To end that: taizhang set \(part) withdrawn yes")
  }

  func wasSet(
    _ reference: String, _ name: FieldName, _ rule: FieldRule, _ value: EditValue
  )
    -> String
  {
    let member = name.member.map { "/\($0)" } ?? ""
    let shown = value.text.map {
      LabelledValue.text($0, of: rule, in: LedgerState(), word: text).onOneLine
    }
    return either(
      "\(reference) \(rule.label.chinese)\(member)：\(shown ?? cleared)",
      "\(reference) \(rule.label.english)\(member): \(shown ?? cleared)")
  }

  func moved(_ reference: String, from: Stage, to: Stage) -> String {
    "\(reference) \(text(from.label)) → \(text(to.label))"
  }

  /// The outcome that stands with a transition though nobody gave one.
  func outcomeFilled(_ outcome: String) -> String {
    let rule = Vocabulary.field(.outcome, of: .transition)
    let word = LabelledValue.text(outcome, of: rule, in: LedgerState(), word: text)
    return either(
      "整改结果按台账填为“\(word)”（可用 --outcome 指定）", "Outcome, as the ledger suggests: \(word) (--outcome names another)")
  }

  func notChecked(_ requirements: [Requirement]) -> String {
    either(
      "本版本还不核对、请自行把关：\(list(requirements.map(\.label)))",
      "Not checked by this version, see to it yourself: \(list(requirements.map(\.label)))")
  }

  func adopted(_ references: [String], _ outcome: String) -> String {
    let rule = Vocabulary.field(.adopted, of: .problem)
    let word = LabelledValue.text(outcome, of: rule, in: LedgerState(), word: text)
    return either("建账前结果“\(word)”：\(list(references))", "Adopted as \(word): \(list(references))")
  }

  /// That a self-found problem is called by another number than before, or another problem by its number.
  func renumbered(_ change: RenumberedProblem, in state: LedgerState) -> String {
    guard let present = change.present else { return handedOn(change, in: state) }
    let said = quoted(Kind.problem.label, state.wording(of: change.problem) ?? "")
    return either(
      "编号有变：原来的 自\(change.before) 现在是 自\(present)：\(said)",
      "自\(change.before) is now 自\(present): \(said)")
  }

  private func handedOn(_ change: RenumberedProblem, in state: LedgerState) -> String {
    let before = (change.said ?? state.wording(of: change.problem)).map { quoted(Kind.problem.label, $0) }
    let holder = ReferenceText("自\(change.before)")?.entity(in: state)
    let now = quoted(Kind.problem.label, holder.flatMap { state.wording(of: $0) } ?? "")
    return either(
      "编号有变：自\(change.before) 现在是\(now)；原来的 自\(change.before)\(before.map { "（\($0)）" } ?? "")不再是这个编号",
      "自\(change.before) is now \(now); what was 自\(change.before)\(before.map { " (\($0))" } ?? "") is that no more")
  }

  /// Why nothing was written to what `text` refers to, under what is called otherwise now.
  func nothingWritten(_ text: String) -> String {
    either(
      "“\(text)”可能不是您要写的那一个，所以什么也没有写。请核对编号，再执行一次。",
      "\(text) may not be the one you mean, so nothing was written. Check the number and run it again.")
  }

  /// Why nothing was written to a number while not everything is here.
  func numberNotCertain(_ text: String) -> String {
    either(
      "本机还没有取全台账，“\(text)”可能不是您要写的那一个，所以什么也没有写。请先 taizhang sync；或者写 taizhang show 里的标识。",
      "Not the whole ledger is here yet, and \(text) may not be the one you mean, so nothing was written. Run taizhang sync "
        + "first, or write the ID that taizhang show gives.")
  }

  /// Under an answer that names a self-found problem by its number: how it begins.
  func selfFoundText(_ said: String) -> String { either("  问题内容：\(said)", "  The problem: \(said)") }

  /// Behind the first few of these.
  func moreRenumbered(_ count: Int) -> String {
    either("另有 \(count) 个自查问题编号有变：taizhang list", "The numbers of \(count) more changed: taizhang list")
  }

  /// What an undo took back and what it left, a line each; `state` is what was shown before it.
  func undone(_ undone: UndoneAct, in state: LedgerState) -> [String] {
    let n = undone.undone.n
    if undone.wasRefused {
      return [
        either(
          "本机第 \(n) 次修改被镇里退回，本来就没有生效，没有要撤销的。再执行一次，撤销它前面的那一次。",
          "Act \(n) of this device was refused and never counted: nothing is taken back. Once more takes back the one before."
        )
      ]
    }
    let head =
      undone.changes.isEmpty
      ? either(
        "本机第 \(n) 次修改没有可撤销的。再执行一次，撤销它前面的那一次。",
        "Nothing of act \(n) of this device is left to take back. Once more takes back the one before.")
      : either("已撤销本机第 \(n) 次修改", "Took back act \(n) of this device")
    return [head] + undone.changes.map { putBack($0, in: state) }
      + undone.kept.map { kept($0, in: state) }
  }

  private func kept(_ edit: Edit, in state: LedgerState) -> String {
    guard DerivedName(edit.entity) == nil || state.exists(edit.entity) else {
      let reference = ReferenceText.text(for: edit.entity, in: state)
      return either("  \(reference)：不再分派给本岗位，没有动", "  \(reference): no longer assigned to this seat, was left")
    }
    if let made = Vocabulary.creation(by: edit) {
      let reference = name(of: made.entity, in: state)
      return either(
        "  \(reference)：里面有后来写的内容，没有作废", "  \(reference): holds what was written since and was not withdrawn")
    }
    return keptByOthers(
      name(of: edit.entity, in: state), fieldLabel(edit.field, of: state[edit.entity]?.kind ?? .problem))
  }

  private func putBack(_ change: Change, in state: LedgerState) -> String {
    let reference = name(of: change.entity, in: state)
    if change.field == .withdrawn, change.value == .text("yes") {
      let text = said(by: change.entity, in: state)
      return either("  \(reference)：作废\(text)", "  \(reference): withdrawn\(text)")
    }
    let kind = state[change.entity]?.kind ?? .problem
    if let settlement = Settlement(change.field), change.value == .cleared {
      let label = fieldLabel(settlement.field, of: kind)
      return either("  \(reference) 的“\(label)”：冲突重新待定", "  \"\(label)\" of \(reference): the clash is open again")
    }
    let label = fieldLabel(change.field, of: kind)
    let rule = Vocabulary.field(change.field, of: kind)
    let value =
      change.value.text.map { LabelledValue.text($0, of: rule, in: state, word: text).onOneLine }
      ?? either("（空）", "(empty)")
    return either("  \(reference) 的“\(label)”恢复为：\(value)", "  \"\(label)\" of \(reference) is again: \(value)")
  }

  /// Behind what is withdrawn: what it says, so that nobody has to guess which one went.
  private func said(by id: EntityID, in state: LedgerState) -> String {
    guard let entity = state[id], entity.kind != .part, let said = entity.creationText, DerivedName(id) == nil
    else { return "" }
    let line = said.onOneLine
    let beginning = line.count > 40 ? line.prefix(40) + "…" : line[...]
    return either("（\(beginning)）", " (\(beginning))")
  }

  private func keptByOthers(_ reference: String, _ label: String) -> String {
    either(
      "  \(reference) 的“\(label)”后来有新值，或者别人也填了同样的值，没有动",
      "  \"\(label)\" of \(reference) was set anew since, or to the same by another, and was left")
  }

  // MARK: - Import

  func found(_ report: ParsedReport) -> String {
    either(
      "读到 \(report.aspects.count) 个方面、\(report.categories.count) 类、\(report.problems.count) 个问题、\(report.measureCount) 条措施。",
      "Found \(counted(report.aspects.count, "aspect")), "
        + "\(counted(report.categories.count, "category", "categories")), "
        + "\(counted(report.problems.count, "problem")), \(counted(report.measureCount, "measure")).")
  }

  func declared(_ report: ParsedReport) -> [String] {
    let declared = report.declared
    let parts: [(String, Int?)] = [
      (either("方面", "aspects"), declared.aspects), (either("类", "categories"), declared.categories),
      (either("问题", "problems"), declared.problems), (either("措施", "measures"), declared.measures),
      (either("已完成", "done"), declared.done), (either("正在推进", "under way"), declared.underWay),
      (either("长期坚持", "long-term"), declared.longTerm),
    ]
    let stated = parts.compactMap { name, number in number.map { "\(name) \($0)" } }
    return stated.isEmpty ? [] : [either("报告自称：", "The report states: ") + list(stated)]
  }

  func imported(acts: Int, edits: Int) -> String {
    either("已写入台账：\(acts) 组 \(edits) 项。", "Written: \(counted(acts, "act")), \(counted(edits, "edit")).")
  }

  /// What the report has beside the ledger, a line each.
  func review(_ review: ImportReview, in state: LedgerState) -> [String] {
    func named(_ ids: [EntityID]) -> String { list(ids.map { ReferenceText.text(for: $0, in: state) }) }
    var lines: [String] = []
    if !review.added.isEmpty { lines.append(either("报告里新有的：", "New in the report: ") + named(review.added)) }
    if !review.reworded.isEmpty {
      lines.append(
        either(
          "原文与上次导入不同的（工作字段不动，请对照）：\(named(review.reworded))",
          "Worded otherwise than before (working fields are left, compare them): \(named(review.reworded))"))
    }
    if !review.missing.isEmpty {
      lines.append(
        either(
          "台账有而报告没有的（都保留，不删）：\(named(review.missing))",
          "In the ledger and not in the report (kept as they are): \(named(review.missing))"))
    }
    return lines
  }

  var nothingToWrite: String {
    either("报告里有的台账都有了，没有要写的。", "The ledger has all that the report says; nothing was written.")
  }

  var nothingNew: String {
    either("台账与报告一致，没有要写的。", "The ledger says what the report says; nothing was written.")
  }
}
