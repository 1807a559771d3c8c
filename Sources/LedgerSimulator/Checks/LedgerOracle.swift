/// The history as the server published it, folded by the checks themselves: who wins each cell, whom each problem names.
///
/// Simple on purpose, and without the merge, the scopes and the guard of the code under test.
struct LedgerOracle {
  private(set) var lines: [HistoryLine] = []
  /// The winner of each cell, `ENTITY FIELD` or for a creation `ENTITY KIND`, as a seq.
  private(set) var winners: [String: UInt64] = [:]
  /// What was made: its kind and what it stands under.
  private(set) var made: [String: (kind: String, parent: String)] = [:]
  private var children: [String: [String]] = [:]
  private var fields: [String: Set<String>] = [:]
  private var known: [String: Named] = [:]
  /// Every identity that is in the history.
  private(set) var places: [String: UInt64] = [:]

  /// Whom a problem names.
  struct Named {
    var lead: String?
    var leader: String?
    var places: Set<String> = []
    var finder: String?
  }

  var lastSeq: UInt64 { UInt64(lines.count) }

  /// Takes the next line of the history; why it is not a next line, if it is not.
  mutating func take(_ line: HistoryLine) -> String? {
    guard line.seq == lastSeq + 1 else { return "a gap: \(line.seq) after \(lastSeq)" }
    if let earlier = places[line.id] { return "\(line.id) stands twice, as \(earlier) and \(line.seq)" }
    places[line.id] = line.seq
    lines.append(line)
    guard let creation = line.creation else {
      set(line)
      return nil
    }
    known[problem(of: creation.parent) ?? creation.id] = nil
    if made[creation.id] == nil {
      made[creation.id] = (creation.kind, creation.parent)
      children[creation.parent, default: []].append(creation.id)
      winners["\(creation.id) \(creation.kind)"] = line.seq
    }
    if creation.kind == "transition" { win("\(line.entity) stage", line.seq, line.entity, "stage") }
    return nil
  }

  /// What it was when `seq` was the last line.
  func upTo(_ seq: UInt64) -> LedgerOracle {
    var earlier = LedgerOracle()
    for line in lines.prefix(Int(seq)) { _ = earlier.take(line) }
    return earlier
  }

  private mutating func set(_ line: HistoryLine) {
    let cell = "\(line.entity) \(line.field)"
    if let winner = winners[cell], !line.outdoes(lines[Int(winner) - 1]) { return }
    win(cell, line.seq, line.entity, line.field)
  }

  private mutating func win(_ cell: String, _ seq: UInt64, _ entity: String, _ field: String) {
    winners[cell] = seq
    fields[entity, default: []].insert(field)
    if let problem = problem(of: entity) { known[problem] = nil }
  }

  func line(_ seq: UInt64) -> HistoryLine? { seq >= 1 && seq <= lastSeq ? lines[Int(seq) - 1] : nil }

  /// The winning value of a field; nil when nobody wrote it or it is cleared.
  func value(_ entity: String, _ field: String) -> String? {
    guard let seq = winners["\(entity) \(field)"], let line = line(seq), line.value != "\\-" else { return nil }
    return line.value
  }

  // MARK: Who sees what

  private func problem(of id: String) -> String? {
    var next = id
    for _ in 0..<6 {
      if next.first == "p", HistoryLine.derivedKind(next) == "problem" { return next }
      guard let thing = made[next] else {
        guard HistoryLine.derivedKind(next) != nil, next.contains(".") else { return nil }
        return String(next.split(separator: ".")[0])
      }
      if thing.kind == "problem" { return next }
      next = thing.parent
    }
    return nil
  }

  /// The part that `id` is or stands under, by its place.
  private func partPlace(of id: String) -> String? {
    var next = id
    for _ in 0..<6 {
      if HistoryLine.derivedKind(next) == "part" { return String(next.split(separator: ".")[1]) }
      guard let thing = made[next] else { return nil }
      if thing.kind == "part" { return creationValue(next) }
      next = thing.parent
    }
    return nil
  }

  private func creationValue(_ id: String) -> String? {
    made[id].flatMap { winners["\(id) \($0.kind)"] }.flatMap { line($0) }?.value
  }

  private mutating func named(_ problem: String) -> Named {
    if let found = known[problem] { return found }
    var named = Named(lead: value(problem, "lead_unit"), leader: value(problem, "leader"))
    for field in fields[problem] ?? [] where field.hasPrefix("village/") || field.hasPrefix("co_unit/") {
      if value(problem, field) == "yes" { named.places.insert(String(field.split(separator: "/")[1])) }
    }
    for child in children[problem] ?? [] where value(child, "withdrawn") != "yes" {
      if made[child]?.kind == "measure", let unit = value(child, "unit") { named.places.insert(unit) }
      if made[child]?.kind == "part", let place = partPlace(of: child) { named.places.insert(place) }
    }
    if problem.contains("/") { named.finder = winners["\(problem) problem"].flatMap { line($0) }?.seat }
    known[problem] = named
    return named
  }

  /// Whether the seat sees the line now.
  mutating func shows(_ line: HistoryLine, to seat: (name: String, role: String, place: String?)) -> Bool {
    if ["discipline", "secretary", "round_owner", "county"].contains(seat.role) { return true }
    let id = line.creation?.id ?? line.entity
    guard let problem = problem(of: id) else { return id == "." || ["aspect", "category"].contains(made[id]?.kind) }
    let named = named(problem)
    let leads = seat.place != nil && named.lead == seat.place
    let isInLine = seat.role == "line_leader" && named.leader != nil && named.leader == seat.place
    guard leads || isInLine || named.finder == seat.name || seat.place.map(named.places.contains) == true else {
      return false
    }
    guard let place = partPlace(of: id) else { return true }
    return place == seat.place || leads || isInLine
  }
}
