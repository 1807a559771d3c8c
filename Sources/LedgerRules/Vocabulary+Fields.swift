import EditModel

/// The longest texts, in bytes.
private enum Limit {
  /// A text of several lines: over ten thousand Chinese characters, well within a line of the protocol.
  static let text = 32_768
  /// A text of one line.
  static let line = 1_024
  /// A name, as names on the wire.
  static let name = 128
  /// The id of an entity.
  static let reference = 262
}

extension Vocabulary {
  /// The values that create entities, a row a kind: `protocol/vocabulary.tsv` writes `-` for their field.
  package static let creations: [FieldRule] = [
    creation(.aspect, .number, limit: 9, .public, .feed),
    creation(.category, .number, limit: 9, .public, .feed),
    creation(.problem, .text, limit: Limit.text, .public, .find),
    creation(.measure, .text, limit: Limit.text, .public, .split),
    creation(.part, .name, limit: Limit.name, .public, .split),
    creation(.note, .text, limit: Limit.text, .internal, .work),
    creation(.transition, .choice(Stage.allCases.map { choice($0.rawValue, $0.label) }), limit: 32, .internal, .move),
  ]

  /// Every field of every kind, in the order of the kinds and of their forms.
  package static let fields: [FieldRule] =
    ledgerFields + groupFields + problemFields + problemSourceFields + measureFields + partFields + appendedFields

  /// The field of every kind that says that a clash is settled; no form has it. Its `kind` and `right` are not asked: it is
  /// written by whoever may write the field that its name names (`Settlement`).
  package static let settled = row(
    .ledger, FieldName.settled.description, "冲突已处理", "clash settled", .yesNo, .internal, .work, .member)

  private static let ledgerFields: [FieldRule] = [
    row(.ledger, "title", "名称", "title", .line, .public, .frame),
    row(.ledger, "unit", "被巡察单位", "inspected unit", .name, .public, .frame),
    row(.ledger, "inspected_by", "巡察组", "inspected by", .name, .public, .frame),
    row(.ledger, "feedback_date", "反馈日期", "date of the feedback", .date, .public, .frame),
    row(.ledger, "report_due", "整改报告时限", "report due", .date, .internal, .frame),
    row(.ledger, "declared_aspects", "通报方面数", "aspects declared", .number, .public, .frame),
    row(.ledger, "declared_categories", "通报类别数", "categories declared", .number, .public, .frame),
    row(.ledger, "declared_problems", "通报问题数", "problems declared", .number, .public, .frame),
    row(.ledger, "declared_measures", "通报措施数", "measures declared", .number, .public, .frame),
    row(.ledger, "declared_done", "通报已完成数", "done declared", .number, .public, .frame),
    row(.ledger, "declared_under_way", "通报正在推进数", "under way declared", .number, .public, .frame),
    row(.ledger, "declared_long_term", "通报长期坚持数", "long-term declared", .number, .public, .frame),
  ]

  private static let groupFields: [FieldRule] = [
    row(.aspect, "text", "方面", "wording", .text, .public, .frame),
    row(.aspect, "source_text", "方面原文", "source wording", .text, .public, .feed),
    row(.category, "text", "类别", "wording", .text, .public, .frame),
    row(.category, "source_text", "类别原文", "source wording", .text, .public, .feed),
    row(.category, "aspect", "所属方面", "aspect", .reference(.aspect), .public, .frame),
  ]

  private static let problemFields: [FieldRule] = [
    row(.problem, "number", "编号", "printed number", .line, .public, .text),
    row(.problem, "text", "问题表述", "wording", .text, .public, .text),
    row(.problem, "category", "类别", "category", .reference(.category), .public, .text),
    row(.problem, "origin", "问题来源", "origin", .choice(origins), .public, .text),
    row(.problem, "kind", "整改类型", "kind of rectification", .choice(rectifications), .public, .assign),
    row(.problem, "goal", "整改目标", "goal", .text, .public, .assign),
    row(.problem, "lead_unit", "牵头单位", "lead unit", .name, .public, .assign),
    row(.problem, "co_unit", "配合单位", "co-operating unit", .yesNo, .public, .assign, .member),
    row(.problem, "leader", "牵头领导", "leader in charge", .name, .internal, .assign),
    row(.problem, "owner", "责任人", "responsible person", .name, .internal, .assign),
    row(.problem, "phone", "联系电话", "telephone", .phone, .internal, .assign),
    row(.problem, "deadline", "整改时限", "deadline", .date, .internal, .assign),
    row(.problem, "closing_standard", "整改完成标准", "closing standard", .text, .internal, .assign),
    row(.problem, "root_cause", "原因分析", "root cause", .text, .internal, .work),
    row(.problem, "progress", "进展情况", "progress", .text, .public, .work),
    row(.problem, "effect", "整改成效", "effect", .text, .public, .work),
    row(.problem, "unfinished_reason", "未完成原因", "why not finished", .text, .internal, .work),
    row(.problem, "next_step", "下一步打算", "next step", .text, .internal, .work),
    row(.problem, "village", "涉及村", "village concerned", .yesNo, .public, .split, .member),
    row(.problem, "village_count", "涉及村数", "villages counted", .number, .public, .split),
    row(.problem, "amount", "涉及金额（元）", "sum concerned (yuan)", .money, .internal, .assign),
    row(.problem, "document", "相关制度文件", "document concerned", .yesNo, .public, .work, .member),
    row(.problem, "adopted", "建账前结果", "adopted outcome", .choice(adoptedOutcomes), .public, .adopt),
    row(.problem, "adopted_source", "建账前结果依据", "source of the adopted outcome", .line, .public, .adopt),
    row(.problem, "withdrawn", "撤回", "withdrawn", .yesNo, .internal, .assign),
  ]

  /// What the import wrote and compares with; for who enters the feedback, as is every other `source_…` field.
  private static let problemSourceFields: [FieldRule] = [
    row(.problem, "source_text", "问题原文", "source wording", .text, .public, .feed),
    row(.problem, "source_number", "原文编号", "source number", .line, .public, .feed),
    row(.problem, "source_category", "原文类别", "source category", .reference(.category), .public, .feed),
    row(.problem, "source_village", "原文提到的村", "village named in the source", .yesNo, .public, .feed, .member),
    row(.problem, "source_village_count", "原文村数", "villages counted in the source", .number, .public, .feed),
    row(.problem, "source_unit", "原文提到的单位", "unit named in the source", .yesNo, .public, .feed, .member),
    row(.problem, "source_document", "原文提到的文件", "document named in the source", .yesNo, .public, .feed, .member),
    row(.problem, "source_date", "原文提到的日期", "date named in the source", .line, .public, .feed, .member),
  ]

  private static let measureFields: [FieldRule] = [
    row(.measure, "text", "措施表述", "wording", .text, .public, .split),
    row(.measure, "source_text", "措施原文", "source wording", .text, .public, .feed),
    row(.measure, "state", "完成状态", "state", .choice(workStates), .public, .work),
    row(.measure, "state_reason", "不再适用的理由", "why not applicable", .line, .internal, .work),
    row(.measure, "unit", "责任单位", "responsible unit", .name, .public, .split),
    row(.measure, "owner", "责任人", "responsible person", .name, .internal, .split),
    row(.measure, "due", "完成时限", "due", .date, .internal, .split),
    row(.measure, "done_on", "完成日期", "done on", .date, .public, .work),
    row(.measure, "progress", "进展情况", "progress", .text, .public, .work),
    row(.measure, "withdrawn", "撤回", "withdrawn", .yesNo, .internal, .split),
  ]

  private static let partFields: [FieldRule] = [
    row(.part, "progress", "进展情况", "progress", .text, .internal, .work),
    row(.part, "state", "完成状态", "state", .choice(workStates), .internal, .work),
    row(.part, "reported", "已报送", "reported", .yesNo, .internal, .work),
    row(.part, "owner", "责任人", "responsible person", .name, .internal, .work),
    row(.part, "phone", "联系电话", "telephone", .phone, .internal, .work),
    row(.part, "unfinished_reason", "未完成原因", "why not finished", .text, .internal, .work),
    row(.part, "withdrawn", "撤回", "withdrawn", .yesNo, .internal, .split),
  ]

  private static let appendedFields: [FieldRule] = [
    row(.note, "withdrawn", "撤回", "withdrawn", .yesNo, .internal, .assign),
    row(.transition, "opinion", "审核意见", "opinion", .text, .internal, .move),
    row(.transition, "reason", "理由", "reason", .text, .internal, .move),
    row(.transition, "outcome", "整改结果", "outcome", .choice(outcomes), .internal, .move),
    row(.transition, "withdrawn", "撤回", "withdrawn", .yesNo, .internal, .assign),
  ]

  private static let origins: [FieldType.Choice] = [
    .init("feedback", "反馈问题", "feedback"), .init("letter", "信访件", "letter"),
    .init("suggestion", "意见建议", "suggestion"), .init("inspection", "巡视", "higher inspection"),
    .init("audit", "审计", "audit"), .init("self_check", "自查", "self-check"),
  ]

  private static let rectifications: [FieldType.Choice] = [
    .init("immediate", "立行立改", "at once"), .init("limited", "限期整改", "by a date"),
    .init("long_term", "长期坚持", "long-term"),
  ]

  private static let outcomes: [FieldType.Choice] = [
    .init("done", "已完成", "done"), .init("long_term", "长期坚持", "long-term"),
  ]

  private static let adoptedOutcomes: [FieldType.Choice] = [
    .init("done", "已完成", "done"), .init("under_way", "正在推进", "under way"),
    .init("long_term", "长期坚持", "long-term"),
  ]

  private static let workStates: [FieldType.Choice] = WorkState.allCases.map { choice($0.rawValue, $0.label) }

  private static func choice(_ key: String, _ label: Label) -> FieldType.Choice {
    FieldType.Choice(ExactString(key), label.chinese, label.english)
  }

  /// One row; as many parameters as the table has columns, so that a row is one line.
  private static func row(
    _ kind: Kind, _ name: String, _ chinese: String, _ english: String, _ type: FieldType,
    _ exposure: FieldRule.Exposure, _ right: Right, _ cardinality: FieldRule.Cardinality = .single
  ) -> FieldRule {
    FieldRule(
      kind: kind, name: FieldName(known: name), label: Label(chinese, english), type: type, limitBytes: limit(of: type),
      cardinality: cardinality, exposure: exposure, right: right)
  }

  private static func creation(
    _ kind: Kind, _ type: FieldType, limit: Int, _ exposure: FieldRule.Exposure, _ right: Right
  ) -> FieldRule {
    FieldRule(
      kind: kind, name: kind.creatingField ?? FieldName(known: kind.rawValue), label: kind.label, type: type,
      limitBytes: limit, cardinality: .append, exposure: exposure, right: right)
  }

  private static func limit(of type: FieldType) -> Int {
    switch type {
    case .text: Limit.text
    case .line: Limit.line
    case .date: 10
    case .yesNo: 3
    case .number: 18
    case .money: 21
    case .choice: 32
    case .reference: Limit.reference
    case .name: Limit.name
    case .phone: 64
    }
  }
}
