import EditModel
import LedgerClient
import LedgerRules
import Testing

/// What happens to a village's view while its device is away.
enum Absence: CaseIterable, Sendable {
  /// Somebody writes to what it sees.
  case nothingMoves
  /// A problem is assigned to it, with all that was ever written there.
  case assigned
  /// The one that it has is taken away.
  case takenAway
  /// It is taken away, written to, and given back.
  case givenBack
  /// Its own part of the problem is made, and another village's.
  case partMade

  static let village = "张百万村"

  /// The round owner's acts.
  func happens(_ office: Replica, _ number: Int) throws {
    let assigned = "village/\(Absence.village)"
    switch self {
    case .nothingMoves: try office.write("p15", ("note", "第\(number)次督办"))
    case .assigned: try office.write("p16", (assigned, "yes"))
    case .takenAway: try office.write("p15", (assigned, nil))
    case .givenBack:
      try office.write("p15", (assigned, nil))
      try office.write("p15", ("effect", "第\(number)稿"))
      try office.write("p15", (assigned, "yes"))
    case .partMade:
      for place in [Absence.village, "柳树湾村"] {
        try office.write("p15.\(place)", ("part", place), ("progress", "第\(number)次"))
      }
    }
    try office.write(".", ("title", "第\(number)轮"))
  }

  /// Makes the view again what it was.
  func isOver(_ office: Replica) throws {
    let assigned = "village/\(Absence.village)"
    switch self {
    case .nothingMoves, .givenBack, .partMade: break
    case .assigned: try office.write("p16", (assigned, nil))
    case .takenAway: try office.write("p15", (assigned, "yes"))
    }
  }

  /// Two problems with some history, one of which the village sees.
  static func prepare(_ office: Replica) throws {
    for problem in ["p15", "p16"] {
      try office.write(problem, ("problem", String(problem.dropFirst())))
      for number in 1...6 { try office.write(problem, ("note", "第\(number)次走访"), ("effect", "第\(number)稿")) }
    }
    try office.write("p15", ("village/\(village)", "yes"))
  }
}

extension Replica {
  /// Records one act that writes these fields of one thing; nil clears.
  func write(_ entity: String, _ fields: (name: String, value: String?)...) throws {
    _ = try record(
      try fields.map { field in
        Change(
          entity: try #require(EntityID(entity)), field: try #require(FieldName(field.name)),
          value: field.value.map { .text(ExactString($0)) } ?? .cleared)
      })
  }

  /// Every confirmed line of it.
  func lines() throws -> Set<AcceptedEdit> {
    var lines: Set<AcceptedEdit> = []
    for entity in try view().confirmed.all.keys { lines.formUnion(try history(of: entity).compactMap(\.accepted)) }
    return lines
  }
}

/// The village holds every line of the round owner's that it may see by the plain predicate, and no other.
func expectSeesItsOwn(
  _ village: Replica, _ office: Replica, _ context: String = "", _ location: SourceLocation = #_sourceLocation
) throws {
  let whole = try office.view().confirmed
  let seat = SeatFacts(
    seat: try #require(SeatID("zhangbaiwan")), role: .villageClerk, place: ExactString(Absence.village))
  let visible = try office.lines().filter { accepted in
    whole.isVisible(Vocabulary.creation(by: accepted.edit)?.entity ?? accepted.edit.entity, to: seat)
  }
  let isLevel = try village.lines() == visible
  try #require(isLevel, "\(context)", sourceLocation: location)
}
