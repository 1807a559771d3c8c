import EditModel
import LedgerRules

/// Domain.md section 6 once more, written out for one seat at a time from what each of them is told, without the table of
/// rights: the other opinion that `RightsPropertyTests` holds the guard against.
struct RightsOracle {
  /// Plain facts of a ledger, kept by the test beside the state: not what the code under test derives.
  struct Problem {
    var lead: String?
    var leader: String?
    var joined: Set<String> = []
    var villages: Set<String> = []
    var units: [String: String] = [:]
    var parts: [String: (place: String, isWithdrawn: Bool, maker: SeatID)] = [:]
    var finder: SeatID?
    var hasMoved = false
    var withdrawnMeasures: Set<String> = []
  }

  var problems: [String: Problem] = [:]
  /// What each measure, part and note stands under, and who made a note.
  var parents: [String: String] = [:]
  var noteMakers: [String: SeatID] = [:]

  private static let everywhere: Set<Role> = [.discipline, .secretary, .roundOwner, .county]

  /// The problem that `id` is or stands under, and the part on the way; nil for the frame.
  func place(of id: String) -> (problem: String, part: String?)? {
    var (next, part): (String, String?) = (id, nil)
    while problems[next] == nil {
      guard let parent = parents[next] else { return nil }
      if problems[parent]?.parts[next] != nil { part = next }
      next = parent
    }
    return (next, part)
  }

  /// "See: own village + items touching it; items led or joined; own line; all; no content."
  func sees(_ seat: SeatFacts, _ id: String) -> Bool {
    if seat.role == .admin { return false }
    if RightsOracle.everywhere.contains(seat.role) { return true }
    guard let (name, part) = place(of: id), let problem = problems[name] else { return true }
    let own = seat.place?.string
    guard isNamed(own, in: problem) || problem.finder == seat.seat || isLeader(seat, of: problem) else { return false }
    guard let part else { return true }
    return problem.parts[part]?.place == own || isLed(by: own, problem) || isLeader(seat, of: problem)
  }

  private func isLed(by place: String?, _ problem: Problem) -> Bool { place != nil && problem.lead == place }

  private func isLeader(_ seat: SeatFacts, of problem: Problem) -> Bool {
    seat.role == .lineLeader && problem.leader != nil
      && (problem.leader == seat.place?.string || problem.leader == seat.holder?.string)
  }

  private func isNamed(_ place: String?, in problem: Problem) -> Bool {
    guard let place else { return false }
    let units = problem.units.filter { !problem.withdrawnMeasures.contains($0.key) }.values
    let parts = problem.parts.values.filter { !$0.isWithdrawn }.map(\.place)
    return problem.lead == place || problem.joined.contains(place) || problem.villages.contains(place)
      || units.contains(place) || parts.contains(place)
  }

  /// Whether `seat` may write `field` of `id`, which it sees; `kind` is what `id` is, `yes` whether the value is `yes`.
  func mayWrite(_ seat: SeatFacts, _ id: String, _ kind: Kind, _ field: String, yes: Bool) -> Bool {
    if field.hasPrefix("source_") { return feeds(seat) }
    switch kind {
    case .ledger, .aspect, .category: return feeds(seat)
    case .problem: return mayWriteProblem(seat, id, field)
    case .measure:
      let plan: Set<String> = ["text", "unit", "owner", "due", "withdrawn"]
      return plan.contains(field) ? splits(seat, id) : works(seat, id)
    case .part: return field == "withdrawn" ? mayWithdrawPart(seat, id, yes: yes) : works(seat, id)
    case .note: return field == "withdrawn" ? assigns(seat, id) || noteMakers[id] == seat.seat : true
    case .transition: return true
    }
  }

  private func mayWriteProblem(_ seat: SeatFacts, _ id: String, _ field: String) -> Bool {
    switch field {
    case "text", "number", "category", "origin": return feeds(seat)
    case "adopted", "adopted_source": return seat.role == .roundOwner
    case "lead_unit", "leader", "owner", "phone", "deadline", "closing_standard", "goal", "kind", "amount":
      return assigns(seat, id)
    case "withdrawn":
      return assigns(seat, id) || problems[id]?.finder == seat.seat && problems[id]?.hasMoved == false
    case "village_count": return splits(seat, id)
    default:
      if field.hasPrefix("co_unit/") { return assigns(seat, id) }
      return field.hasPrefix("village/") ? splits(seat, id) : works(seat, id)
    }
  }

  private func mayWithdrawPart(_ seat: SeatFacts, _ id: String, yes: Bool) -> Bool {
    if splits(seat, id) { return true }
    guard let (name, _) = place(of: id), let part = problems[name]?.parts[id] else { return false }
    guard part.place == seat.place?.string, !isIdle(seat) else { return false }
    return !yes || part.maker == seat.seat
  }

  private func isIdle(_ seat: SeatFacts) -> Bool { seat.role == .county || seat.role == .admin }

  private func feeds(_ seat: SeatFacts) -> Bool { seat.role == .roundOwner || seat.role == .county }

  /// "Add progress: own village (its part); own items; yes; yes; yes; yes; -; -."
  func works(_ seat: SeatFacts, _ id: String) -> Bool {
    guard let (name, part) = place(of: id), let problem = problems[name] else { return seat.role == .roundOwner }
    let own = seat.place?.string
    let isOwnPart = part.map { problem.parts[$0]?.place == own } ?? false
    switch seat.role {
    case .villageClerk: return isOwnPart
    case .townOffice: return isLed(by: own, problem) || (part == nil ? isNamed(own, in: problem) : isOwnPart)
    case .lineLeader: return isLeader(seat, of: problem)
    case .discipline, .secretary, .roundOwner: return true
    case .county, .admin: return false
    }
  }

  /// "Assign, dates: own line; yes; yes."
  func assigns(_ seat: SeatFacts, _ id: String) -> Bool {
    guard let (name, _) = place(of: id), let problem = problems[name] else { return false }
    switch seat.role {
    case .lineLeader: return isLeader(seat, of: problem)
    case .secretary, .roundOwner: return true
    case .villageClerk, .townOffice, .discipline, .county, .admin: return false
    }
  }

  /// "Split inside own item" for the office that leads; whoever assigns may too.
  func splits(_ seat: SeatFacts, _ id: String) -> Bool {
    guard let (name, _) = place(of: id), let problem = problems[name] else { return false }
    return assigns(seat, id) || seat.role == .townOffice && isLed(by: seat.place?.string, problem)
  }

  /// Whether `seat` may make a `kind` under `parent`, which it sees; `value` is what is made, a part's place.
  func mayMake(_ seat: SeatFacts, _ kind: Kind, under parent: String, derived: Bool, value: String) -> Bool {
    switch kind {
    case .ledger, .aspect, .category: return feeds(seat)
    case .problem: return derived ? feeds(seat) : !isIdle(seat)
    case .measure: return derived ? feeds(seat) : splits(seat, parent)
    case .part: return splits(seat, parent) || value == seat.place?.string && !isIdle(seat)
    case .note: return works(seat, parent)
    case .transition: return true
    }
  }
}
