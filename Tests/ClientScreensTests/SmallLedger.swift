import EditModel
import LedgerRules
import Testing

@testable import ClientScreens

/// A ledger made by hand: a few problems of every kind, so that each number can be checked by counting.
struct SmallLedger {
  private(set) var state = LedgerState()
  private(set) var edits: [AcceptedEdit] = []
  private var acts: UInt64 = 0

  /// 2023-11-20 08:00 in China; a day later for each `days`.
  static func moment(days: Int = 0, minutes: Int = 0) -> Stamp {
    Stamp(milliseconds: UInt64(1_700_438_400_000 + days * 86_400_000 + minutes * 60_000))
  }

  /// Accepts an act of `changes` ("entity", "field", "value", nil for none) from `seat`; its identity is the result.
  @discardableResult
  mutating func act(
    _ seat: String, at moment: Stamp, _ changes: [(entity: String, field: String, value: String?)]
  ) throws -> ActID {
    acts += 1
    let replica = try #require(ReplicaID("q2w8rt5n"))
    let id = ActID(replica: replica, n: acts)
    for (index, change) in changes.enumerated() {
      // `=1` stands for what the first edit of the act created.
      let entity =
        change.entity == "=1" ? EntityID.created(id.edit(1)) : try #require(EntityID(change.entity))
      let edit = Edit(
        id: id.edit(UInt32(index + 1)), actSize: UInt32(changes.count), stamp: moment, base: nil,
        change: Change(
          entity: entity, field: try #require(FieldName(change.field)),
          value: change.value.map { .text(ExactString($0)) } ?? .cleared))
      let accepted = AcceptedEdit(
        seq: UInt64(edits.count + 1), receipt: moment, seat: try #require(SeatID(seat)), edit: edit)
      state.apply(accepted)
      edits.append(accepted)
    }
    return id
  }

  /// Three aspects; six problems of the feedback and a self-found one: closed, long-term, adopted, overdue, near,
  /// withdrawn.
  static func town() throws -> SmallLedger {
    var ledger = SmallLedger()
    try ledger.act(
      "office", at: moment(),
      [
        (".", "title", "柳泉镇巡察整改台账"), (".", "unit", "柳泉镇党委"), (".", "declared_aspects", "2"),
        (".", "declared_problems", "6"), (".", "declared_measures", "8"),
        (".", "declared_done", "4"),
        (".", "declared_under_way", "1"), (".", "declared_long_term", "1"),
      ])
    try ledger.act(
      "office", at: moment(),
      [
        ("a1", "aspect", "1"), ("a1", "text", "落实党的理论路线方针政策方面"), ("a2", "aspect", "2"),
        ("a2", "text", "群众身边不正之风方面"), ("c1", "category", "1"), ("c1", "text", "学习"),
        ("c1", "aspect", "a1"),
        ("c2", "category", "2"), ("c2", "text", "民生"), ("c2", "aspect", "a2"),
      ])
    try ledger.addProblem(1, "理论学习不深入", category: "c1", unit: "党建工作办公室", deadline: "2023-12-31")
    try ledger.addProblem(
      2, "河道巡查不到位", category: "c1", unit: "自然资源和环境管理办公室", deadline: "2023-11-18")
    try ledger.addProblem(3, "公厕维修不及时", category: "c2", unit: "农业综合服务中心", deadline: "2023-11-25")
    try ledger.addProblem(4, "分红拖欠未清", category: "c2", unit: "农业综合服务中心", deadline: "2023-12-31")
    try ledger.addProblem(5, "村务公开不规范", category: "c2", unit: nil, deadline: nil)
    try ledger.addProblem(6, "档案缺失", category: "c2", unit: "党政综合办公室", deadline: "2023-10-01")
    try ledger.act(
      "office", at: moment(), [("p5", "adopted", "done"), ("p5", "adopted_source", "整改报告第五条")])
    try ledger.villagesAndStages()
    return ledger
  }

  private mutating func addProblem(
    _ number: Int, _ text: String, category: String, unit: String?, deadline: String?
  ) throws {
    var changes = [
      ("p\(number)", "problem", "\(number)"), ("p\(number)", "source_text", text),
      ("p\(number)", "category", category), ("p\(number).1", "measure", "1"),
      ("p\(number).1", "text", "立行立改"),
    ]
    if let unit { changes.append(("p\(number)", "lead_unit", unit)) }
    if let deadline { changes.append(("p\(number)", "deadline", deadline)) }
    try act(
      "office", at: SmallLedger.moment(), changes.map { (entity: $0.0, field: $0.1, value: $0.2) })
  }

  private mutating func villagesAndStages() throws {
    let later = SmallLedger.moment(days: 1, minutes: 30)
    try act(
      "office", at: SmallLedger.moment(),
      [
        ("p3", "village/柳树湾村", "yes"), ("p3", "village/石门沟村", "yes"), ("p4", "village/柳树湾村", "yes"),
        ("p3.柳树湾村", "part", "柳树湾村"), ("p3.柳树湾村", "state", "done"), ("p3.柳树湾村", "reported", "yes"),
      ])
    try act(
      "secretary", at: SmallLedger.moment(), [("p1", "stage", "closed"), ("=1", "outcome", "done")])
    try act(
      "secretary", at: SmallLedger.moment(),
      [("p4", "stage", "closed"), ("=1", "outcome", "long_term")])
    try act(
      "office", at: SmallLedger.moment(),
      [("p6", "stage", "withdrawn"), ("=1", "reason", "与第5条合并")])
    try act("office", at: SmallLedger.moment(), [("p2", "stage", "working")])
    try act("office", at: later, [("p3", "stage", "first_review"), ("=1", "opinion", "同意")])
    try act(
      "liushuwan", at: SmallLedger.moment(days: 1, minutes: 60), [("p3.柳树湾村", "progress", "公厕已修好")])
    try act(
      "office", at: SmallLedger.moment(days: 1, minutes: 61), [(".", "problem", "自查发现的低保名单未公示")])
  }

  /// What the board is made from on the morning of 2023-11-21.
  func sources(
    since: String? = nil, devices: [DeviceReport.Device]? = SmallLedger.devices
  )
    -> BoardSources
  {
    let now = SmallLedger.moment(days: 1, minutes: 65)
    var sources = BoardSources(ledger: "liuquan-2023", state: state, recent: edits, now: now)
    sources.since = since.flatMap { CivilDate($0) }
    sources.devices = devices.map { DeviceReport(asOf: now, devices: $0) }
    return sources
  }

  /// A village that is connected, and one that has not been heard from for ten days.
  static let devices: [DeviceReport.Device] = [
    device("liushuwan", "柳树湾村", contact: moment(days: 1, minutes: 60), unsent: 0, isLive: true),
    device("shimengou", "石门沟村", contact: moment(days: -10), unsent: 4, isLive: false),
  ].compactMap(\.self)

  static func device(
    _ seat: String, _ place: ExactString, role: Role = .villageClerk, contact: Stamp?, unsent: Int, isLive: Bool
  ) -> DeviceReport.Device? {
    SeatID(seat).map { seat in
      DeviceReport.Device(
        facts: SeatFacts(seat: seat, role: role, place: place), contact: contact,
        unsent: unsent,
        isLive: isLive)
    }
  }
}
