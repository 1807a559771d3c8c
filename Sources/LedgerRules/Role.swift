package import EditModel

/// What a seat may do (domain.md section 6); a seat has one role.
package enum Role: String, CaseIterable, Sendable {
  /// A village's reporting clerk.
  case villageClerk = "village_clerk"
  /// An office of the town; the one that leads a problem is its lead unit.
  case townOffice = "town_office"
  /// A leader in charge of a line of work.
  case lineLeader = "line_leader"
  /// The town's discipline inspection commission.
  case discipline
  /// The party secretary or the mayor.
  case secretary
  /// The office that owns the round.
  case roundOwner = "round_owner"
  /// The county's inspection office.
  case county
  /// Keeps the machine and the seats; has no part in the content.
  case admin

  /// What it is called.
  package var label: Label {
    switch self {
    case .villageClerk: Label("村级报送员", "village clerk")
    case .townOffice: Label("牵头科室", "town office")
    case .lineLeader: Label("分管领导", "leader in charge")
    case .discipline: Label("镇纪委", "discipline commission")
    case .secretary: Label("书记/镇长", "secretary or mayor")
    case .roundOwner: Label("办公室", "round owner")
    case .county: Label("县级", "county")
    case .admin: Label("管理员", "administrator")
    }
  }
}

/// The seat (岗位) that an act comes from: what every rule is told of its author.
package struct SeatFacts: Hashable, Sendable {
  /// Which seat.
  package let seat: SeatID
  /// What it may do.
  package let role: Role
  /// Its village or office, by official name; nil when it has none.
  package let place: ExactString?
  /// Who holds it at present, by name; nil when nobody was named.
  package let holder: ExactString?

  /// A seat with its role and, where it has them, its place and its holder.
  package init(seat: SeatID, role: Role, place: ExactString? = nil, holder: ExactString? = nil) {
    self.seat = seat
    self.role = role
    self.place = place
    self.holder = holder
  }
}
