import EditModel
import LedgerRules
import LedgerTestKit
import Testing

/// The guard against `RightsOracle`: over random ledgers, seats and acts it accepts nothing that the oracle forbids, and
/// refuses nothing for rights that the oracle allows.
struct RightsPropertyTests {
  private static let seats: [SeatFacts] = [
    LedgerWriter.facts("zhang", .villageClerk, "张百万村"), LedgerWriter.facts("liu", .villageClerk, "柳条沟村"),
    LedgerWriter.facts("wu", .villageClerk), LedgerWriter.facts("nongjing", .townOffice, "农经站"),
    LedgerWriter.facts("caizheng", .townOffice, "财政所"), LedgerWriter.facts("fenguan", .lineLeader, "分管副镇长"),
    SeatFacts(seat: LedgerWriter.facts("liming", .lineLeader).seat, role: .lineLeader, place: "财政所", holder: "李明"),
    LedgerWriter.facts("jiwei", .discipline), LedgerWriter.facts("shuji", .secretary), LedgerWriter.office,
    LedgerWriter.facts("xian", .county), LedgerWriter.facts("guanli", .admin),
  ]

  @Test(arguments: UInt64(1)...40) func guardAndOracleAgree(_ seed: UInt64) {
    var town = RandomTown(seed: seed)
    var decided = (accepted: 0, forbidden: 0)
    for _ in 0..<400 {
      let seat = town.draw.one(of: Self.seats)
      let (lines, isAllowed) = town.act(of: seat)
      let refusal = ActGuard.refusal(of: town.ledger.act(lines), by: seat, in: town.ledger.state)
      if isAllowed {
        #expect(!isOfRights(refusal), "seed \(seed), \(seat.seat): \(lines): \(String(describing: refusal))")
        decided.accepted += 1
      } else {
        #expect(refusal != nil, "seed \(seed), \(seat.seat): \(lines)")
        decided.forbidden += 1
      }
      if refusal == nil { town.keep(lines, of: seat) }
    }
    // The acts that are drawn are of both sorts, or the test would show nothing.
    #expect(decided.accepted > 40 && decided.forbidden > 100, "\(decided)")
  }

  private func isOfRights(_ refusal: Refusal?) -> Bool {
    switch refusal {
    case .absent: true
    case .forbidden(let ban): ban.right != nil
    default: false
    }
  }
}

/// A ledger that grows by the acts that are accepted, and the oracle's own account of it.
struct RandomTown {
  var draw: Generator
  var ledger = LedgerWriter()
  private var oracle = RightsOracle()
  private var kinds: [String: Kind] = [".": .ledger]
  private var ids = ["."]
  private var acts = 0

  private static let places = ["张百万村", "柳条沟村", "农经站", "财政所"]
  private static let leaders = ["分管副镇长", "李明", "王五"]

  init(seed: UInt64) {
    draw = Generator(seed: seed)
    keep(["c1 category 1"], of: LedgerWriter.office)
    for number in 1...4 {
      var lines = ["p\(number) problem \(number)"]
      if draw.isOnce(in: 2) { lines.append("p\(number) lead_unit \(draw.one(of: Array(Self.places[2...])))") }
      if draw.isOnce(in: 2) { lines.append("p\(number) leader \(draw.one(of: Self.leaders))") }
      if draw.isOnce(in: 2) { lines.append("p\(number) village/\(draw.one(of: Self.places)) yes") }
      if draw.isOnce(in: 3) { lines.append("p\(number) co_unit/\(draw.one(of: Self.places)) yes") }
      lines += ["p\(number).1 measure 1", "p\(number).1 unit \(draw.one(of: Self.places + ["水利站", "党建办"]))"]
      keep(lines, of: LedgerWriter.office)
    }
  }

  /// An act, and whether the oracle allows it as far as rights go.
  mutating func act(of seat: SeatFacts) -> (lines: [String], isAllowed: Bool) {
    if draw.isOnce(in: 8) { return registration(of: seat) }
    var (lines, isAllowed): ([String], Bool) = ([], true)
    for _ in 0...draw.number(below: 2) {
      let (line, mayBe) = draw.isOnce(in: 3) ? creation(by: seat) : change(by: seat)
      lines.append(line)
      if !mayBe { isAllowed = false }
    }
    return (lines, isAllowed)
  }

  private mutating func change(by seat: SeatFacts) -> (String, Bool) {
    let id = draw.one(of: ids)
    let kind = kinds[id] ?? .ledger
    let (field, value) = draw.one(of: fields(of: kind))
    // A problem of the feedback is withdrawn by nobody in this way.
    if kind == .problem, field == "withdrawn", id.hasPrefix("p") {
      return ("\(id) progress 进展", may(seat, id, kind, "progress", ""))
    }
    return ("\(id) \(field) \(value)", may(seat, id, kind, field, value))
  }

  private func may(_ seat: SeatFacts, _ id: String, _ kind: Kind, _ field: String, _ value: String) -> Bool {
    oracle.sees(seat, id) && oracle.mayWrite(seat, id, kind, field, yes: value == "yes")
  }

  private mutating func fields(of kind: Kind) -> [(String, String)] {
    let place = draw.one(of: Self.places)
    let flag = draw.one(of: ["yes", "no", "\\-"])
    return switch kind {
    case .ledger: [("title", "台账"), ("declared_done", "3"), ("later_field", "值"), ("source_later", "值")]
    case .aspect, .category: [("text", "类别"), ("source_text", "原文"), ("later_field", "值")]
    case .problem:
      [
        ("text", "表述"), ("number", "一"), ("goal", "目标"), ("lead_unit", place), ("co_unit/\(place)", flag),
        ("leader", draw.one(of: Self.leaders)), ("deadline", "2024-12-31"), ("progress", "进展"), ("effect", "成效"),
        ("village/\(place)", flag), ("document/办法", "yes"), ("later_field/\(place)", "值"), ("source_text", "原文"),
        ("source_later", "值"), ("adopted_source", "报告"), ("withdrawn", flag), ("owner", "某人"), ("amount", "5"),
      ]
    case .measure:
      [
        ("text", "表述"), ("state", "done"), ("unit", place), ("owner", "某人"), ("due", "2024-12-31"), ("progress", "进展"),
        ("withdrawn", flag), ("later_field", "值"), ("source_text", "原文"),
      ]
    case .part:
      [
        ("progress", "进展"), ("state", "done"), ("reported", "yes"), ("owner", "某人"), ("phone", "12345"),
        ("withdrawn", flag), ("later_field", "值"),
      ]
    case .note, .transition: [("withdrawn", flag)]
    }
  }

  private mutating func creation(by seat: SeatFacts) -> (String, Bool) {
    let parent = draw.one(of: ids.filter { kinds[$0] == .problem })
    let isDerived = parent.hasPrefix("p")
    let place = draw.one(of: Self.places)
    let (line, kind, under, value): (String, Kind, String, String) =
      switch draw.number(below: 6) {
      case 0: ("\(parent) measure 新措施", .measure, parent, "")
      case 1 where isDerived: ("\(parent).2 measure 2", .measure, parent, "derived")
      case 2: ("p\(5 + acts % 3) problem \(5 + acts % 3)", .problem, ".", "derived")
      case 3: (noteLine(), .note, "", "")
      default: (isDerived ? "\(parent).\(place) part \(place)" : "\(parent) part \(place)", .part, parent, place)
      }
    let parentID = kind == .note ? String(line.split(separator: " ")[0]) : under
    let mayBe = oracle.mayMake(seat, kind, under: parentID, derived: value == "derived", value: value)
    return (line, oracle.sees(seat, parentID) && mayBe)
  }

  private mutating func noteLine() -> String {
    let parents = ids.filter { [.problem, .measure, .part].contains(kinds[$0]) }
    return "\(draw.one(of: parents)) note 进展"
  }

  /// `. problem` with one more line about it: what registering allows, and what it does not.
  private mutating func registration(of seat: SeatFacts) -> ([String], Bool) {
    let (field, value) = draw.one(of: fields(of: .problem).filter { $0.0 != "withdrawn" })
    var fresh = oracle
    fresh.problems["new"] = RightsOracle.Problem(finder: seat.seat)
    let isOwnName =
      switch seat.role {
      case .villageClerk: field == "village/\(seat.place?.string ?? " ")"
      case .townOffice: field == "co_unit/\(seat.place?.string ?? " ")"
      case .lineLeader: field == "leader" && (value == seat.place?.string || value == seat.holder?.string)
      default: false
      }
    let isText = ["text", "number"].contains(field)
    let isAllowed =
      oracle.sees(seat, ".") && oracle.mayMake(seat, .problem, under: ".", derived: false, value: "")
      && (isText || isOwnName || fresh.mayWrite(seat, "new", .problem, field, yes: value == "yes"))
    return ([". problem 自查", "@1 \(field) \(value)"], isAllowed)
  }

  /// Accepts the lines as one act of `seat`.
  mutating func keep(_ lines: [String], of seat: SeatFacts) {
    acts += 1
    let named = lines.map { $0.replacing("@1", with: "aaaaaaaa.\(acts)/1") }
    ledger.seat = seat
    ledger.writeAll(named)
    for (index, line) in named.enumerated() {
      let words = line.split(separator: " ", maxSplits: 2).map(String.init)
      note(words[0], words[1], words[2], seat, made: "aaaaaaaa.\(acts)/\(index + 1)")
    }
  }

  private mutating func note(_ id: String, _ field: String, _ value: String, _ seat: SeatFacts, made: String) {
    if let kind = Kind(rawValue: field) {
      guard let present = kinds[id] else { return add(id, kind, under: parent(of: id), value, seat) }
      // A derived id that is made again is the same thing.
      return present == kind ? () : add(made, kind, under: id, value, seat)
    }
    guard let (name, _) = oracle.place(of: id) else { return }
    let isYes = value == "yes"
    switch (kinds[id], field) {
    case (.problem, "lead_unit"): oracle.problems[id]?.lead = value
    case (.problem, "leader"): oracle.problems[id]?.leader = value
    case (.measure, "unit"): oracle.problems[name]?.units[id] = value
    case (.measure, "withdrawn"):
      mark(&oracle.problems[name, default: .init()].withdrawnMeasures, id, isYes)
    case (.part, "withdrawn"): oracle.problems[name]?.parts[id]?.isWithdrawn = isYes
    default: break
    }
    let words = field.split(separator: "/").map(String.init)
    guard kinds[id] == .problem, words.count == 2 else { return }
    if words[0] == "co_unit" { mark(&oracle.problems[id, default: .init()].joined, words[1], isYes) }
    if words[0] == "village" { mark(&oracle.problems[id, default: .init()].villages, words[1], isYes) }
  }

  private func mark(_ names: inout Set<String>, _ name: String, _ isIn: Bool) {
    if isIn { names.insert(name) } else { names.remove(name) }
  }

  private func parent(of id: String) -> String {
    let names = id.split(separator: ".")
    return names.count > 1 ? String(names[0]) : "."
  }

  private mutating func add(_ id: String, _ kind: Kind, under parent: String, _ value: String, _ seat: SeatFacts) {
    ids.append(id)
    kinds[id] = kind
    switch kind {
    case .problem: oracle.problems[id] = .init(finder: id.hasPrefix("p") ? nil : seat.seat)
    case .part:
      oracle.parents[id] = parent
      oracle.problems[parent]?.parts[id] = (value, false, seat.seat)
    case .measure: oracle.parents[id] = parent
    case .note:
      oracle.parents[id] = parent
      oracle.noteMakers[id] = seat.seat
    case .ledger, .aspect, .category, .transition: break
    }
  }
}
