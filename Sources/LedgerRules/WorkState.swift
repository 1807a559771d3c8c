/// How far a measure or a part is (domain.md section 5.1). The raw value is the value of its `state` field.
package enum WorkState: String, CaseIterable, Sendable {
  /// Nothing was done yet; also what an unwritten state means.
  case notStarted = "not_started"
  /// Something was done.
  case underWay = "under_way"
  /// All was done.
  case done
  /// All was done and it is kept up.
  case longTerm = "long_term"
  /// It no longer applies; the reason is a field of its own.
  case notApplicable = "not_applicable"

  /// What it is called.
  package var label: Label {
    switch self {
    case .notStarted: Label("未开始", "not started")
    case .underWay: Label("进行中", "under way")
    case .done: Label("已完成", "done")
    case .longTerm: Label("长期坚持", "long-term")
    case .notApplicable: Label("不再适用", "no longer applies")
    }
  }

  /// Whether nothing more is to be done before the problem can be submitted.
  package var isFinished: Bool { self == .done || self == .longTerm || self == .notApplicable }
}
