/// The labels that stand before measures, results and fields, and the words that tell sections from items.
/// All of them are office usage across published reports, none belongs to one town.
enum BodyWords {
  /// What a label introduces.
  enum Kind: Sendable {
    /// The measures, or a statement about them.
    case measures
    /// One value.
    case field
    /// The finding itself, in documents that label it.
    case finding
  }

  struct Label {
    var name: String
    var kind: Kind
    /// Scalars taken, colon included.
    var length: Int
  }

  /// The label at `position`: a known word and a colon, or a known word alone in its paragraph.
  static func label(_ text: ReportText, at position: Int = 0) -> Label? {
    for (table, kind) in [
      (measureLabels, Kind.measures), (fieldLabels, .field), (findingLabels, .finding),
    ] {
      var start = position
      while start < text.count, "【[".unicodeScalars.contains(text.folded[start]) { start += 1 }
      guard let length = table.longest(in: text, at: start) else { continue }
      var end = start + length
      let bracketed =
        start > position && end < text.count && "】]".unicodeScalars.contains(text.folded[end])
      if bracketed { end += 1 }
      let name = String(text.verbatim[start..<start + length])
      if end < text.count, text.folded[end] == ":" {
        return Label(name: name, kind: kind, length: end + 1 - position)
      }
      if bracketed || end == text.count && position == 0 {
        return Label(name: name, kind: kind, length: end - position)
      }
    }
    return nil
  }

  private static let measureLabels = WordTable(
    """
    整改情况 整改措施 整改落实情况 整改落实 整改成效 整改结果 具体措施 进展情况 整改进展 整改进展情况 整改举措 落实情况 整改完成情况
    采取措施 采取的措施 主要措施 整改工作情况
    """)
  private static let fieldLabels = WordTable(
    """
    整改状态 完成情况 完成时限 完成时间 整改时限 整改期限 责任单位 责任部门 责任科室 牵头单位 牵头部门 牵头科室 配合单位 责任领导 牵头领导 分管领导
    责任人 整改责任人 销号情况 销号时间 整改目标 整改类型 目前状态
    """)
  private static let findingLabels = WordTable("反馈问题 存在问题 具体问题 问题表现 问题描述 巡察反馈问题 问题")

  static let leadFields = WordTable("牵头单位 牵头部门 牵头科室 责任单位 责任部门 责任科室")
  static let unitFields = WordTable("牵头单位 牵头部门 牵头科室 责任单位 责任部门 责任科室 配合单位")

  /// A heading with one of these never holds items.
  static let outlook = WordTable(
    "组织领导 主体责任 总体情况 基本情况 下一步 下步 今后 下阶段 持续巩固 工作打算 工作安排 努力方向 意见建议 存在的不足 经验做法")
  /// A paragraph that begins so ends the items where no heading does.
  static let outlookStarts = WordTable("下一步 下步 下阶段 今后 接下来")
  /// A heading with one of these only orders the document.
  static let section = WordTable("整改落实 整改进展 具体问题 任务落实 成效 反馈问题 整改情况 反馈意见 整改任务 整改工作 落实情况")
  static let contact = WordTable("联系方式 联系电话 监督电话 电子邮箱 电子信箱 邮政编码 邮编 通讯地址 邮政信箱 邮政邮箱")
}
