/// What a transition requires besides a seat that may make it. The raw value is the wire's argument.
package enum Requirement: String, CaseIterable, Sendable {
  /// At least one measure.
  case measure
  /// The problem's lead unit.
  case leadUnit = "lead_unit"
  /// The problem's leader in charge.
  case leader
  /// The problem's deadline.
  case deadline
  /// The problem's closing standard.
  case closingStandard = "closing_standard"
  /// Every measure is done, long-term or no longer applicable.
  case measuresFinished = "measures_finished"
  /// The problem's effect text.
  case effect
  /// The transition's opinion.
  case opinion
  /// The transition's reason.
  case reason
  /// The transition's outcome.
  case outcome
  /// Of a problem with several villages: every one of them has handed in its part.
  case villagesReported = "villages_reported"
  /// At least one piece of evidence per measure.
  case evidence
  /// The outcome numbers.
  case numbers
  /// The reviewer has opened the evidence.
  case evidenceOpened = "evidence_opened"
  /// A note of the spot check: at the site, by telephone, on paper.
  case spotCheck = "spot_check"
  /// A meeting of the party committee, or a signature.
  case meeting
  /// A new date with a return.
  case newDate = "new_date"
  /// The record of the relapse.
  case relapse
  /// The reviewer is another person than the submitter, whatever their seats.
  case otherPerson = "other_person"

  /// What it is called.
  package var label: Label {
    switch self {
    case .measure: Label("至少一条措施", "at least one measure")
    case .leadUnit: Label("牵头单位", "lead unit")
    case .leader: Label("牵头领导", "leader in charge")
    case .deadline: Label("整改时限", "deadline")
    case .closingStandard: Label("整改完成标准", "closing standard")
    case .measuresFinished: Label("全部措施已完成或转长期坚持", "every measure finished or long-term")
    case .effect: Label("整改成效", "effect")
    case .opinion: Label("审核意见", "opinion")
    case .reason: Label("理由", "reason")
    case .outcome: Label("整改结果", "outcome")
    case .villagesReported: Label("所涉各村均已报送", "every village concerned has reported")
    case .evidence: Label("每条措施至少一份佐证", "evidence for every measure")
    case .numbers: Label("成效数据", "outcome numbers")
    case .evidenceOpened: Label("已查阅佐证", "evidence opened")
    case .spotCheck: Label("抽查记录", "spot-check note")
    case .meeting: Label("会议记录或签字", "meeting or signature")
    case .newDate: Label("新的时限", "new date")
    case .relapse: Label("反弹记录", "relapse record")
    case .otherPerson: Label("报送人与审核人非同一人", "reviewer is another person")
    }
  }

  /// What the check waits for; nil when the guard checks it now.
  package var waitsFor: Label? {
    switch self {
    case .measure, .leadUnit, .leader, .deadline, .closingStandard, .measuresFinished, .effect, .opinion, .reason,
      .outcome, .villagesReported, .otherPerson:
      nil
    case .evidence, .evidenceOpened: Label("佐证", "evidence")
    case .numbers: Label("成效数据项", "outcome numbers")
    case .spotCheck: Label("抽查记录项", "spot checks")
    case .meeting: Label("会议和签字", "meetings and signatures")
    case .newDate: Label("延期申请", "extensions of a deadline")
    case .relapse: Label("反弹登记", "relapse records")
    }
  }

  /// Whether the guard checks it now.
  package var isChecked: Bool { waitsFor == nil }
}
