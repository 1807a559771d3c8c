/// The alias table: offices, bodies and duties of a town and its county, by the name that identities are made of.
///
/// The first name of a line is the official one; the others are how reports shorten it. It is data about office
/// usage, not about one town, and grows by lines. A longer name wins over a shorter one inside it.
enum UnitNames {
  /// What a name stands for.
  enum Kind: Sendable {
    /// An office or body: named wherever it stands.
    case unit
    /// A duty: named where it acts, in a measure. In a finding it is who was criticised.
    case duty
    /// A meeting: named where something is decided at it (经 … 研究, 召开 …).
    case meeting
    /// Known so that no shorter name is found inside it; those whom measures are about.
    case passive
  }

  private static let units = """
    镇党委 乡党委
    镇政府 乡政府
    镇纪委 乡纪委
    理论中心组 理论学习中心组
    党政综合办公室 党政办 党政办公室 综合办公室
    党建工作办公室 党建办
    自然资源和环境管理办公室 自然资源办 资环办
    经济发展办公室 经发办
    社会事务办公室 社会事务办
    乡村振兴办公室 乡村振兴办
    应急管理办公室 应急办
    综合行政执法队 综合执法队 综合行政执法队伍 综合执法大队
    农业综合服务中心 农业服务中心 农综中心
    便民服务中心
    退役军人服务站
    农经站 农经 农村经济管理站
    财政所
    司法所
    文化站 镇文化站
    民政 民政所 民政办
    水务局 县水务局
    旅游和文化广电局 县旅游和文化广电局 文化广电和旅游局 文旅局
    农业农村局 县农业农村局
    县农村产权交易中心 农村产权交易中心
    县纪委监委
    人居环境管理领导小组
    用水管理小组
    理财小组 民主理财小组 村级理财小组
    村委会
    村监会 村务监督委员会
    村民代表大会 村民代表会议
    村级三员 村级“三员” 村级‘三员’
    村两委 村“两委” 村‘两委’
    党支部
    第三方公司 三方公司
    """
  private static let duties = """
    镇党委书记 乡党委书记 党委书记 书记
    镇长 乡长
    班子成员
    分管领导 分管负责人
    镇分管副职 分管副职
    机关干部
    委办负责人 各委办负责人
    办公室主任
    镇村两级河长 镇级河长 村级河长
    支部成员
    财务人员
    """
  private static let meetings = """
    党委会 党委会议
    班子会议 班子会 党政班子会
    """
  private static let passives = """
    总书记 副书记 纪委书记 镇纪委书记 支部书记 村支部书记 党支部书记 村党支部书记 村书记 村支书 党总支书记 第一书记
    村两委成员 村“两委”成员 村‘两委’成员 民政局长
    """

  private static let entries: [(kind: Kind, names: [Word])] = [
    (units, Kind.unit), (duties, .duty), (meetings, .meeting), (passives, .passive),
  ].flatMap { lines, kind in
    lines.split(separator: "\n").map { line in
      (kind: kind, names: line.split(separator: " ").map { String($0).word })
    }
  }

  /// Every name, official or not.
  static let table = WordTable(entries.flatMap(\.names))

  private static let known: [Word: (official: String, kind: Kind)] = {
    var known: [Word: (official: String, kind: Kind)] = [:]
    for entry in entries {
      for name in entry.names { known[name] = (String(entry.names[0]), entry.kind) }
    }
    return known
  }()

  /// The official name and what it stands for; a name that the table does not know is its own, and a unit.
  static func known(_ name: Word) -> (official: String, kind: Kind) {
    known[name] ?? (String(name), .unit)
  }

  /// Every name that the table has for the office called `name`, that one among them; only itself when it has none.
  static func spellings(of name: String) -> Set<String> {
    let entry = entries.first { $0.kind == .unit && $0.names.contains(name.word) }
    return Set(entry?.names.map { String($0) } ?? []).union([name])
  }

  /// Words in front of a meeting at which something is decided.
  static let meetingVerbs = WordTable("经 召开 提交 报 经过 经镇 召开镇")

  /// What an office that the table does not know ends with.
  static let officeEnds = WordTable("办公室 服务中心 领导小组 工作专班 委员会 执法大队 工作站 服务站 管理站 管理所")

  /// Words that end in front of an office's name.
  static let stops = WordTable(
    """
    的 了 在 对 由 将 把 被 于 向 从 至 给 使 与 及 各 镇 乡 县 市 经 报 以 成立 组建 设立 调整 充实 联系 协调 会同 联合 组织 通过 责成 要求 明确 建立 督促
    指导 指定 加强 完善 强化 推动 召开 提请 安排 定期 发挥 落实 依托 反馈 配合 牵头
    """)
}
