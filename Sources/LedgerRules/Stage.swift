package import EditModel

/// Where a problem is on its way from feedback to closing (domain.md section 5.1).
package enum Stage: String, CaseIterable, Sendable {
  /// Not yet broken down; where every problem begins, so that the beginning is written by nobody.
  case unassigned
  /// Given to a lead unit that has not yet accepted it.
  case unclaimed
  /// Being put right.
  case working
  /// Submitted by the lead unit.
  case firstReview = "first_review"
  /// Passed by the leader in charge or the lead office.
  case secondReview = "second_review"
  /// Passed by the discipline commission.
  case finalReview = "final_review"
  /// Closed by the secretary.
  case closed
  /// Sent back by a reviewer; acts as `working`.
  case returned
  /// Taken up again after closing; acts as `working`.
  case reopened
  /// Closed, and confirmed by the county.
  case confirmed
  /// Merged with another or taken back; its number is never used again.
  case withdrawn

  /// What it is called.
  package var label: Label {
    switch self {
    case .unassigned: Label("待分解", "to be assigned")
    case .unclaimed: Label("待认领", "to be claimed")
    case .working: Label("整改中", "under way")
    case .firstReview: Label("待初审", "in first review")
    case .secondReview: Label("待复核", "in second review")
    case .finalReview: Label("待审定", "in final review")
    case .closed: Label("已销号", "closed")
    case .returned: Label("已退回", "returned")
    case .reopened: Label("重新整改", "reopened")
    case .confirmed: Label("县级确认", "confirmed by the county")
    case .withdrawn: Label("合并撤回", "withdrawn")
    }
  }

  /// Whether the problem counts as closed (销号).
  package var isClosed: Bool { self == .closed || self == .confirmed }

  /// Whether a reviewer has it.
  package var isReview: Bool { self == .firstReview || self == .secondReview || self == .finalReview }
}

/// A problem's stage and the edit that made it.
package struct StageFact: Hashable, Sendable {
  /// The stage.
  package let stage: Stage
  /// The transition's edit: what the next transition names as its base; nil while nobody has written the stage.
  package let edit: EditID?

  /// Where a problem begins.
  package static let initial = StageFact(stage: .unassigned, edit: nil)
}
