import EditModel
import LedgerReports
import LedgerRules

/// What is wrong with a command line, a value or a file, and how it is right.
extension Words {
  func meaning(of status: ExitStatus) -> String {
    switch status {
    case .done: either("完成（含“已存在本机”）", "done (also: saved here)")
    case .failed: either("程序出错", "the program failed")
    case .usage: either("用法或值不对", "wrong usage or value")
    case .notFound: either("没有这一项", "not there")
    case .refused: either("按规则被拒绝", "refused by the rules")
    case .offline: either("要问服务器而没有问到", "the server was needed and not reached")
    case .storage: either("本机文件读写有误", "a file on this device failed")
    case .nothingRead: either("没有读到内容", "nothing could be read")
    }
  }

  func notAReference(_ text: String) -> String {
    either(
      "“\(text)”不是编号。编号如 15、15.2、15/张百万村、自1；taizhang list 可查。",
      "\"\(text)\" is no number. Numbers are 15, 15.2, 15/VILLAGE, s1 (自1); see taizhang list.")
  }

  func noSuchThing(_ text: String) -> String {
    either(
      "台账里没有“\(text)”。请用 taizhang list 核对；刚新增的先 taizhang sync。",
      "There is no \"\(text)\" in the ledger. Check taizhang list; run taizhang sync if it is new.")
  }

  func notAProblem(_ text: String) -> String {
    either(
      "“\(text)”不是问题。这里要写问题的编号，如 15。",
      "\"\(text)\" is no problem. Give a problem's number, such as 15.")
  }

  func notAName(_ text: String) -> String {
    either(
      "“\(text)”不能作名称。请用正式名称，不带空格和标点。",
      "\"\(text)\" cannot be a name. Use the official name, without spaces or signs.")
  }

  func partExists(_ number: String, _ village: String) -> String {
    either(
      "\(number) 已有“\(village)”的分件，没有再加。",
      "\(number) has a part of \"\(village)\" already; nothing was added.")
  }

  func isWithdrawn(_ number: String) -> String {
    either(
      "\(number) 已合并撤回，没有保存。请核对编号；撤回的理由见 taizhang history \(number)。",
      "\(number) was withdrawn; nothing was saved. Check the number; taizhang history \(number) says why.")
  }

  /// That there is no text; `canClear` where it may have been meant to empty a field.
  func emptyText(canClear: Bool = false) -> String {
    either("没有写内容，什么也没有保存。请写上文字", "There is no text; nothing was saved. Write one")
      + (canClear ? either("；要清空字段用 --clear。", ", or use --clear to empty a field.") : either("。", "."))
  }

  var textWithDash: String {
    either(
      "内容本身以 - 开头时，在它前面加 --：taizhang set 15 进展情况 -- -5。选项要写在 -- 前面。",
      "A text that begins with - goes behind --: taizhang set 15 progress -- -5. Options stand in front of the --.")
  }

  var valueOrClear: String {
    either("请写一个值，或用 --clear 清空，二选一。", "Give a value or --clear, one of the two.")
  }

  var noEditor: String {
    either(
      "没有设置编辑器，什么也没有保存。请设 VISUAL 或 EDITOR，或直接写：taizhang note 编号 文字。",
      "No editor is set; nothing was saved. Set VISUAL or EDITOR, or write: taizhang note NO TEXT.")
  }

  func useStage(_ number: String) -> String {
    either(
      "阶段要用流转：taizhang stage \(number) 阶段。没有保存。",
      "A stage moves by: taizhang stage \(number) STAGE. Nothing was saved.")
  }

  func useAdopt(_ number: String) -> String {
    either(
      "建账前结果连同依据一起认定：taizhang adopt \(number) done --source 依据。没有保存。",
      "An outcome is adopted with its source: taizhang adopt \(number) done --source TEXT. Nothing was saved."
    )
  }

  /// That `kind` has no such field; `isEdit` where somebody wanted to write it.
  func unknownField(_ field: String, of kind: Kind, isEdit: Bool = true) -> String {
    let rules = Vocabulary.fields(of: kind).filter { !$0.name.description.hasPrefix("source_") }
    let known = rules.map { rule in
      text(rule.label) + (rule.cardinality == .member ? either("/名称", "/NAME") : "")
    }
    let saved = isEdit ? either("，没有保存", "; nothing was saved") : ""
    return either(
      "\(kind.label.chinese)没有“\(field)”这个字段\(saved)。字段有：\(list(known))。",
      "A \(kind.label.english) has no field \"\(field)\"\(saved). Fields: \(list(known)).")
  }

  /// What `field` is called, of whatever kind it is.
  func anyLabel(_ field: FieldName) -> String {
    let kind = Kind.allCases.first { Vocabulary.field(field, of: $0) != nil }
    return fieldLabel(field, of: kind ?? .problem)
  }

  func badValue(_ rule: FieldRule, _ value: String) -> String {
    if value.utf8.count > rule.limitBytes {
      return either(
        "“\(rule.label.chinese)”最多 \(rule.limitBytes) 字节，这里有 \(value.utf8.count)，没有保存。请写短些。",
        "\"\(rule.label.english)\" takes \(rule.limitBytes) bytes and this has \(value.utf8.count); nothing was saved. "
          + "Make it shorter.")
    }
    return either(
      "“\(rule.label.chinese)”不能是“\(value)”，没有保存。应填：\(expected(rule.type))。",
      "\"\(rule.label.english)\" cannot be \"\(value)\"; nothing was saved. Expected: \(expected(rule.type))."
    )
  }

  private func expected(_ type: FieldType) -> String {
    switch type {
    case .text: either("文字", "a text")
    case .line: either("一行文字", "one line of text")
    case .name: either("一行名称", "a name on one line")
    case .date: either("日期，如 2024-01-31", "a day, as 2024-01-31")
    case .yesNo: either("是 或 否", "yes or no")
    case .number: either("整数", "a whole number")
    case .money: either("金额，如 1234.50", "an amount, as 1234.50")
    case .phone: either("电话号码", "a telephone number")
    case .choice(let choices): list(choices.map { "\(text($0.label))(\($0.key))" })
    case .reference(let kind):
      either(
        "\(kind.label.chinese)的编号，如 \(kind.rawValue.prefix(1))1",
        "the id of a \(kind.label.english), as \(kind.rawValue.prefix(1))1")
    }
  }

  /// That no stage has this name; `withAdopted` where an adopted outcome could have been named too.
  func unknownStage(_ text: String, withAdopted: Bool = false) -> String {
    let adopted = withAdopted ? Standing.allCases.filter(\.isAdopted) : []
    let known =
      Stage.allCases.map { "\(self.text($0.label))(\($0.rawValue))" }
      + adopted.map { "\(self.text($0.label))(\($0.rawValue))" }
    return either(
      "没有“\(text)”这个阶段。阶段有：\(list(known))。",
      "There is no stage \"\(text)\". Stages: \(list(known)).")
  }

  func unknownCommand(_ name: String, _ known: [String]) -> String {
    either(
      "没有“\(name)”这个命令，什么也没有做。命令有：\(list(known))；详见 taizhang --help。",
      "There is no command \"\(name)\"; nothing was done. Commands: \(list(known)); see taizhang --help.")
  }

  /// That behind `command` one of `parts` must come.
  func missingPart(of command: String, _ parts: [String]) -> String {
    let known = list(parts.map { "taizhang \(command) \($0)" })
    return either(
      "要写明是哪一种，什么也没有做：\(known)；详见 taizhang \(command) --help。",
      "Say which; nothing was done: \(known); see taizhang \(command) --help.")
  }

  func unknownOutcome(_ text: String) -> String {
    either(
      "整改结果不能是“\(text)”。应为 done（已完成）或 long_term（长期坚持）。",
      "No outcome \"\(text)\". It is done or long_term.")
  }

  func unknownAdoption(_ text: String) -> String {
    either(
      "最后一项“\(text)”不是结果。应为 done（已完成）、under-way（正在推进）或 long-term（长期坚持）。",
      "The last word, \"\(text)\", is no outcome. It is done, under-way or long-term.")
  }

  var adoptUsage: String {
    either(
      "写法：taizhang adopt 编号… done|under-way|long-term --source 依据",
      "Write: taizhang adopt NO… done|under-way|long-term --source TEXT")
  }

  var exportUsage: String { either("请选 --json 或 --csv 之一。", "Choose --json or --csv.") }

  var seatNotKnown: String {
    either(
      "还不知道本机是哪个岗位，先与镇里同步一次：taizhang sync。",
      "The seat of this device is not known yet. Sync once: taizhang sync.")
  }

  func importIsOwners(_ role: Role) -> String {
    either(
      "只有办公室能导入报告，本机是“\(role.label.chinese)”，没有导入。请交办公室导入；只想看看读到什么，用 --dry-run。",
      "Only the round owner imports, and this is a seat of \"\(role.label.english)\"; nothing was imported. Hand the file "
        + "to that office; --dry-run shows what is in it.")
  }

  func otherRound(_ conflicts: [ImportConflict]) -> String {
    let facts = conflicts.map { conflict in
      let label = fieldLabel(conflict.field, of: .ledger)
      return either(
        "\(label)：台账为“\(conflict.present)”，报告为“\(conflict.reported)”",
        "\(label): \"\(conflict.present)\" in the ledger, \"\(conflict.reported)\" in the report")
    }.joined(separator: either("；", "; "))
    return either(
      "这像是另一个单位或另一轮巡察的报告（\(facts)）。什么也没有写入；请用另一本台账（--home），确实要导入本台账请加 --anyway。",
      "This looks like the report of another unit or round (\(facts)). Nothing was written; use another ledger (--home), or "
        + "--anyway to import it here all the same.")
  }

  /// That the report's problems do not stand where the ledger's do.
  func shifted(_ shifts: [ImportReview.Shift], in state: LedgerState) -> String {
    guard let first = shifts.first else { return "" }
    let place = ReferenceText.text(for: first.entity, in: state)
    let more = shifts.count > 1 ? either("，另有 \(shifts.count - 1) 处", ", and \(shifts.count - 1) more") : ""
    return either(
      "报告里的问题与台账的位置对不上：台账第 \(place) 个问题原编号 \(first.present)，报告在这个位置上的是 \(first.reported)\(more)。多半是报告少了或多了一个问题，"
        + "照着导入会把原文和措施写到别的问题上。什么也没有写入；请核对报告，确实要这样导入请加 --anyway。",
      "The report's problems do not stand where the ledger's do: problem \(place) of the ledger was printed as "
        + "\(first.present), and at its place the report has \(first.reported)\(more). A problem was probably left out or put "
        + "in, and an import would write texts and measures to other problems. Nothing was written; check the report, or use "
        + "--anyway if it is meant so.")
  }

  func nothingRead(_ file: String) -> String {
    either(
      "“\(file)”里没有读到问题，台账没有改动。请确认是整改情况报告的文本（UTF-8 或 GB 18030）。",
      "No problem was found in \"\(file)\"; the ledger is unchanged. Make sure that it is a report's text (UTF-8 or GB 18030)."
    )
  }

  var importTooLarge: String {
    either(
      "报告里有一个问题（或方面、类别）的内容超过一次能写的量（1,024 项、1 MiB），什么也没有导入。请检查原文是否把几个问题并在了一起。",
      "One problem of the report, or its headings, is more than one act takes (1,024 edits, 1 MiB). Nothing was imported; "
        + "check whether several problems run together in the text.")
  }

  func importFlaw(_ flaw: ImportFlaw, more: Int) -> String {
    let others = more > 0 ? either("（另有 \(more) 处）", " (and \(more) more)") : ""
    return either(
      "\(flaw.entity) 的“\(flaw.field)”放不进台账：\(flaw.sizeBytes) 字节，最多 \(flaw.limitBytes)\(others)。什么也没有导入；请检查原文。",
      "\"\(flaw.field)\" of \(flaw.entity) does not fit: \(flaw.sizeBytes) bytes, at most \(flaw.limitBytes)\(others). "
        + "Nothing was imported; check the text.")
  }

  /// A doubt of the report's reader.
  func warning(_ warning: ReportWarning) -> String {
    either("第 \(warning.line) 行", "line \(warning.line)") + either("：", ": ")
      + meaning(warning.code)
      + (warning.text.isEmpty ? "" : either("（\(detail(warning))）", " (\(detail(warning)))"))
  }

  /// What a warning speaks of; a total begins with its key, which is a word for programs.
  private func detail(_ warning: ReportWarning) -> String {
    guard warning.code == .totalsDiffer, let space = warning.text.firstIndex(of: " "),
      let field = FieldName("declared_" + warning.text[..<space]), let rule = Vocabulary.field(field, of: .ledger)
    else { return warning.text }
    return text(rule.label) + warning.text[space...]
  }

  private func meaning(_ code: ReportWarning.Code) -> String {
    switch code {
    case .noProblems: either("没有读到问题", "no problem was found")
    case .tooLong: either("文件太长，没有读", "too long, not read")
    case .totalsDiffer: either("自称的数与读到的不同", "a stated total differs from what was found")
    case .totalsDoNotAddUp: either("各状态之和与问题总数不符", "the stated statuses do not add up")
    case .statusNotTold:
      either(
        "只说了各状态的总数，没说是哪些问题；状态不猜，请用 adopt 认定", "statuses are only totals; none is guessed, use adopt"
      )
    case .implausibleNumber: either("数字不可信，可能丢了字", "an implausible number")
    case .numberOutOfOrder: either("编号不连续", "numbers out of order")
    case .yearInferred: either("日期没有年份，按巡察时间推定", "year inferred from the round")
    case .yearUnknown: either("日期没有年份，也推不出", "a date without a year")
    case .damagedDate: either("日期残缺", "a damaged date")
    case .doubledWord: either("标题末尾的词重复", "a word stands twice")
    case .unbalancedQuote: either("引号不成对", "an unbalanced quotation mark")
    case .emptyHeading: either("标题下没有问题", "a heading without problems")
    case .problemAtCategoryLevel:
      either("类别一级的标题下直接是正文，当作问题", "a category-level heading taken as a problem")
    case .noMeasures: either("问题没有措施", "a problem without measures")
    case .unnumberedParagraphs:
      either("几段没有编号，当作一条措施", "paragraphs without numbers, taken as one measure")
    case .openVillageList: either("点名的村少于所说的村数", "fewer villages named than counted")
    case .placeCompleted: either("村名补全了“村”字", "a village's name was completed")
    case .placeUnsure: either("可能是村名，没有收", "possibly a village, not taken")
    case .tooManyLevels: either("层级太深，最上一级没有收", "too many levels, the topmost was passed over")
    }
  }
}
