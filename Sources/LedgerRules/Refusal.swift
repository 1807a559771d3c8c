package import EditModel

/// Why an act is refused for good; the client words it in its user's language.
package enum Refusal: Error, Hashable, Sendable {
  /// The entity is not there (or not this seat's to see: one answer for both).
  case absent(EntityID)
  /// The seat may not do this, or nobody may.
  case forbidden(Ban)
  /// The entity takes no later edit but `withdrawn`.
  case appendOnly(EntityID)
  /// The value is not one that the field can have: its type or its length.
  case value(FieldName)
  /// The problem is not at the stage that the author saw: the present one, and the edit that made it.
  case stageMoved(Stage, EditID?)
  /// No row of the table leads from the one stage to the other.
  case stagePath(Stage, Stage)
  /// This seat may not make this transition.
  case stageSeat(SeatGround)
  /// What the transition requires is not there; never empty, in the order of the table.
  case stageNeeds([Requirement])

  /// A rule that forbids something whatever the value is. The raw value is the wire's argument.
  package enum Ban: String, CaseIterable, Sendable {
    /// Only who enters the feedback makes what has a derived id (parts excepted).
    case derivedID = "derived_id"
    /// Only who enters the feedback writes `source_…` fields.
    case source
    /// Only the round owner adopts outcomes.
    case adopted
    /// Nothing is adopted once a problem has a transition.
    case adoptedLate = "adopted_late"
    /// An adopted outcome needs its source in the same act.
    case adoptedSource = "adopted_source"
    /// Such a thing is not made under such a parent.
    case parent
    /// One act makes one transition of a problem.
    case oneTransition = "one_transition"
    /// A problem of the feedback is withdrawn by a transition, not by the field.
    case withdrawByStage = "withdraw_by_stage"
    /// The seat does not report progress here.
    case work
    /// The seat does not edit what a problem says.
    case text
    /// The seat registers no problems, or not this of them.
    case find
    /// The seat does not assign here.
    case assign
    /// The seat does not break down here.
    case split
    /// The seat does not keep the ledger's frame.
    case frame

    /// What refuses a change of a field that takes `right`.
    init(_ right: Right) {
      switch right {
      case .work: self = .work
      case .text: self = .text
      case .feed: self = .source
      case .find: self = .find
      case .assign: self = .assign
      case .split: self = .split
      case .adopt: self = .adopted
      case .frame: self = .frame
      case .see, .seeRestricted, .move, .devices: preconditionFailure("no field takes the right \(right.rawValue)")
      }
    }

    /// The right that the seat lacks; nil when nobody may.
    package var right: Right? {
      switch self {
      case .derivedID, .source: .feed
      case .adopted: .adopt
      case .work: .work
      case .text: .text
      case .find: .find
      case .assign: .assign
      case .split: .split
      case .frame: .frame
      case .adoptedLate, .adoptedSource, .parent, .oneTransition, .withdrawByStage: nil
      }
    }
  }

  /// Why a seat may not make a transition. The raw value is the wire's argument.
  package enum SeatGround: String, CaseIterable, Sendable {
    /// Its role is not one of those that may.
    case role
    /// The problem is not its office's to lead, or not its village's.
    case place
    /// The problem is not in this leader's line of work.
    case line
    /// It submitted the problem itself and may not review it.
    case submitter
    /// The person who holds it submitted the problem from another seat and may not review it.
    case person
  }
}
