/// Words by which a village's name is told from the words around it. Chinese has no spaces, so a name is what stands
/// between a word that cannot be part of one and 村, and something about it must look like a name.
///
/// General usage; a name that these words hide is reported as `place_unsure`, never dropped silently.
enum PlaceWords {
  /// 村 with one of these behind it speaks of villages in general: 村级, 村民, 村务.
  static let generalBehind: Set<Unicode.Scalar> = [
    "级", "民", "务", "庄", "监", "规", "情", "容", "貌", "史", "财",
  ]

  /// Words that end in front of a name, or that make what precedes 村 a general expression.
  static let stops = WordTable(
    """
    的 了 在 对 由 将 把 被 于 向 从 至 到 给 使 与 及 各 该 每 某 镇 乡 县 市 省 等 是 为 以 因 驻 包 联 进 农 约谈 实施 指导 督导 督促 要求 组织
    责令 推动 推进 针对 关于 涉及 通过 对照 协调 帮助 支持 引导 安排 检查 核查 走访 排查 召开 开展 加强 完善 规范 健全 解决 整改 反馈 问题 项目 建设 工程
    其中 包括 分别 以及 例如 比如 部分 有的 个别 少数 多数 大部分 其他 其余 所有 全体 相关 有关 所涉 重点 示范 试点 贫困 脱贫 薄弱 落后 后进 先进 文明 美丽
    行政 中心 党委 政府 纪委 书记 干部 党员 群众 深入 先后 已经 同时 目前 联合 会同 选派 派驻 管理 监督 未能 没有 发现 查看 约见 批评 通报 支部 辖区 全镇
    全乡 全县 清洁 打造 创建 逐一 逐 核实 统一 强化 提高 提升 落实 执行 参与 促进 集体 经济 产业 乡风 平安 和谐 数字 传统 特色 旅游 移民 空心 城中 易地
    搬迁 非贫困 出列 软弱 涣散 后备 一般 较弱 较强 扶持 壮大 带动 引领 服务 深化 严格 认真 积极 主动 继续 随机 抽查 入户 进行 同意 决定 明确 责成 协助 自查
    整治 清理 清查 收回 追回 退还 发放 兑现 补发 公示 公布 公开 约请 陪同 联系 前往 对接 责任 指定 明令 组建 成立 调整 充实 配齐 选优 配强 建强 新建 改建 修建 翻修
    机关 维修 硬化 铺设 兴建 扩建 改造 两委 委会
    """)

  /// A general expression that is no name even though nothing in it is a stop word.
  static let general = WordTable("和 全 本 乡 两 多 几 整 强 入 下 新 旧 老 大 小 好 问题 自然 行政 有些 一些 大多数 绝大多数 不少")

  /// With one of these in front 村 is counted or meant in general: 两个村, 机关和村, 一份留村.
  static let generalEnds: Set<Unicode.Scalar> = [
    "个", "留", "一", "数", "到", "下", "回", "出", "哪", "这", "那",
  ]

  /// The signs that villages' names most often end with.
  static let nameEnds: Set<Unicode.Scalar> = Set(
    """
    沟营子庄屯河山岭堡房店家湾坪寨塘桥坡湖岗台口坝门梁川洼坊集铺关泉峪峡谷坑垭垣塬岩崖江\
    溪涧滩洲岛港浦渡井池淀甸荡圩埠墩坨窑窝园林树楼阁寺庙庵府院城镇圈杖地里头岔峰冲垄巷街场
    """.unicodeScalars)

  /// The most common family names: many villages are called after one.
  static let familyNames: Set<Unicode.Scalar> = Set(
    """
    王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任\
    姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文柳榆槐松柏桃杏枣梨桑竹苇莲梅豪苗祁段殷
    """.unicodeScalars)

  /// Behind a name's first part these join it to the next village of a list.
  static let joiners: Set<Unicode.Scalar> = ["和", "与", "及", "、"]
}
