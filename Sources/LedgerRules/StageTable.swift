/// One row of the table of transitions: from where to where, who may, what it requires.
package struct StageRow: Hashable, Sendable {
  /// The stages that it leads from.
  package let from: [Stage]
  /// The stage that it leads to.
  package let to: Stage
  /// Who may make it; one of them is enough.
  package let movers: [Mover]
  /// Whether it is a review, which the submitter may not make.
  package let isReview: Bool
  /// What it requires, checked now or not yet (`Requirement.isChecked`).
  package let requirements: [Requirement]

  /// A role that may make a transition, and where.
  package struct Mover: Hashable, Sendable {
    /// The role.
    package let role: Role
    /// What must hold of the seat's place.
    package let place: PlaceRule

    init(_ role: Role, _ place: PlaceRule = .any) {
      self.role = role
      self.place = place
    }
  }

  /// What must hold between a seat and a problem for a transition of it.
  package enum PlaceRule: String, Sendable {
    /// Nothing.
    case any
    /// It is the problem's lead unit.
    case leadUnit = "lead_unit"
    /// It is one of the problem's villages, or has a part of it.
    case village
    /// The problem is in the seat's own line of work.
    case line
  }
}

/// The table of transitions (domain.md section 5.1), the one place that says who moves a problem from where to where.
///
/// An extension of a deadline (延期) is no stage: the problem goes on as it was. It comes with extensions.
package enum StageTable {
  /// Stages at which work goes on: a returned and a reopened problem are worked on as any other.
  package static let workingStages: [Stage] = [.working, .returned, .reopened]

  /// The rows, in the order of the way.
  package static let rows: [StageRow] = [
    StageRow(
      from: [.unassigned], to: .unclaimed, movers: [.init(.roundOwner)], isReview: false,
      requirements: [.measure, .leadUnit, .leader, .deadline, .closingStandard]),
    // The acceptance itself (who, when) is the transition's own line.
    StageRow(
      from: [.unclaimed], to: .working, movers: [.init(.townOffice, .leadUnit), .init(.villageClerk, .village)],
      isReview: false, requirements: []),
    // The objection: back to the round owner.
    StageRow(
      from: [.unclaimed], to: .unassigned, movers: [.init(.townOffice, .leadUnit), .init(.villageClerk, .village)],
      isReview: false, requirements: [.reason]),
    StageRow(
      from: workingStages, to: .firstReview, movers: [.init(.townOffice, .leadUnit)], isReview: false,
      requirements: [.measuresFinished, .effect, .evidence, .numbers]),
    StageRow(
      from: [.firstReview], to: .secondReview, movers: [.init(.lineLeader, .line), .init(.townOffice, .leadUnit)],
      isReview: true, requirements: [.opinion, .villagesReported, .evidenceOpened, .otherPerson]),
    StageRow(
      from: [.secondReview], to: .finalReview, movers: [.init(.discipline)], isReview: true,
      requirements: [.opinion, .spotCheck, .otherPerson]),
    StageRow(
      from: [.finalReview], to: .closed, movers: [.init(.secretary)], isReview: true,
      requirements: [.outcome, .measuresFinished, .meeting, .otherPerson]),
    StageRow(
      from: [.firstReview], to: .returned, movers: [.init(.lineLeader, .line), .init(.townOffice, .leadUnit)],
      isReview: true, requirements: [.reason, .newDate, .otherPerson]),
    StageRow(
      from: [.secondReview], to: .returned, movers: [.init(.discipline)], isReview: true,
      requirements: [.reason, .newDate, .otherPerson]),
    StageRow(
      from: [.finalReview], to: .returned, movers: [.init(.secretary)], isReview: true,
      requirements: [.reason, .newDate, .otherPerson]),
    StageRow(
      from: [.closed], to: .confirmed, movers: [.init(.county)], isReview: false, requirements: [.opinion]),
    StageRow(
      from: [.closed, .confirmed], to: .reopened,
      movers: [.init(.discipline), .init(.secretary), .init(.county)], isReview: false,
      requirements: [.reason, .relapse]),
    StageRow(
      from: Stage.allCases.filter { $0 != .withdrawn }, to: .withdrawn,
      movers: [.init(.roundOwner), .init(.county)], isReview: false, requirements: [.reason]),
  ]

  /// The row from `from` to `to`, nil when no row leads there; there is never more than one.
  package static func row(from: Stage, to: Stage) -> StageRow? {
    rows.first { $0.to == to && $0.from.contains(from) }
  }

  /// Every requirement of the table that the guard does not check yet, in the order of the way.
  package static var uncheckedRequirements: [Requirement] {
    Requirement.allCases.filter { requirement in
      !requirement.isChecked && rows.contains { $0.requirements.contains(requirement) }
    }
  }
}
