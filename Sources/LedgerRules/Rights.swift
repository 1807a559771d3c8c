package import EditModel

/// Who may do what, and how far: domain.md section 6 as one table. `protocol/rights.tsv` is the same as data, and so is the
/// table of `protocol/05-merge.md`; tests compare them. The guard, what a seat sees and what a client offers come from it.
package enum Rights {
  /// One row: a right and its reach for each role, in the order of `Role.allCases`.
  package struct Row: Sendable {
    /// The right.
    package let right: Right
    private let reaches: [Reach]

    /// A row; as many parameters as the table has columns, so that a row is one line.
    init(
      _ right: Right, _ villageClerk: Reach, _ townOffice: Reach, _ lineLeader: Reach, _ discipline: Reach,
      _ secretary: Reach, _ roundOwner: Reach, _ county: Reach, _ admin: Reach
    ) {
      self.right = right
      reaches = [villageClerk, townOffice, lineLeader, discipline, secretary, roundOwner, county, admin]
    }

    /// How far the right goes for `role`.
    package func reach(of role: Role) -> Reach { reaches[role.column] }
  }

  /// The table. Columns: village clerk, town office, line leader, discipline, secretary, round owner, county, admin.
  ///
  /// What is narrower than `all` for `see` means what is assigned to the seat (`SeatFacts.sees`). `move` says how far
  /// `StageTable` lets a role go anywhere at all; which step is whose is the business of that table.
  package static let table: [Row] = [
    Row(.see, .ownPlace, .ledOrJoined, .ownLine, .all, .all, .all, .all, .none),
    Row(.seeRestricted, .none, .none, .none, .all, .all, .none, .none, .none),
    Row(.work, .ownPart, .ledOrJoined, .ownLine, .all, .all, .all, .none, .none),
    Row(.text, .none, .none, .none, .none, .none, .all, .all, .none),
    Row(.feed, .none, .none, .none, .none, .none, .all, .all, .none),
    Row(.find, .ownPlace, .ownPlace, .ownLine, .all, .all, .all, .none, .none),
    Row(.assign, .none, .none, .ownLine, .none, .all, .all, .none, .none),
    Row(.split, .none, .led, .ownLine, .none, .all, .all, .none, .none),
    Row(.move, .ownPlace, .led, .ownLine, .all, .all, .all, .all, .none),
    Row(.adopt, .none, .none, .none, .none, .none, .all, .none, .none),
    Row(.frame, .none, .none, .none, .none, .none, .all, .all, .none),
    Row(.devices, .none, .none, .none, .all, .all, .all, .none, .all),
  ]

  /// How far `right` goes for `role`.
  package static func reach(of right: Right, for role: Role) -> Reach {
    table.first { $0.right == right }?.reach(of: role) ?? .none
  }

  /// The roles that have `right` anywhere, in the order of the table's columns, and how far.
  package static func holders(of right: Right) -> [(role: Role, reach: Reach)] {
    Role.allCases.map { ($0, reach(of: right, for: $0)) }.filter { $0.reach != .none }
  }

  /// What each role may do everywhere, in the order of `Role.allCases`: all that is asked for most edits.
  private static let everywhere: [RightSet] = Role.allCases.map { role in
    var set = RightSet()
    for row in table where row.reach(of: role) == .all { set.insert(row.right) }
    return set
  }

  /// What `role` may do everywhere.
  static func everywhere(for role: Role) -> RightSet { everywhere[role.column] }
}

extension Role {
  /// Its place among all cases, and its column in the table of rights.
  fileprivate var column: Int {
    switch self {
    case .villageClerk: 0
    case .townOffice: 1
    case .lineLeader: 2
    case .discipline: 3
    case .secretary: 4
    case .roundOwner: 5
    case .county: 6
    case .admin: 7
    }
  }

  /// How much of a ledger its seats see: the row `see` of the table of rights.
  package var sight: Sight { Role.sights[column] }

  private static let sights: [Sight] = allCases.map { role in
    switch Rights.reach(of: .see, for: role) {
    case .all: .everything
    case .none: .nothing
    case .ownPart, .ownPlace, .led, .ledOrJoined, .ownLine: .assigned
    }
  }
}

extension LedgerState {
  /// Whether `seat` may do what `right` says to `id`: it sees it, and the right reaches there. A village's right to work on
  /// its own part is a yes for the problem, whether the part is there yet or not.
  package func allows(_ right: Right, on id: EntityID, to seat: SeatFacts) -> Bool {
    guard let scope = scope(of: id) else { return false }
    let audience = scope.problem.map { self.audience(of: $0) } ?? Audience()
    guard seat.sees(scope, audience) else { return false }
    let reach = Rights.reach(of: right, for: seat.role)
    if right == .see { return true }
    if reach == .ownPart, case .problem = scope { return seat.place != nil }
    return reach.covers(scope, audience, for: seat)
  }
}
