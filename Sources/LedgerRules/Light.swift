/// The warning that a problem's deadline gives (亮灯).
package enum Light: String, CaseIterable, Sendable {
  /// The deadline comes into sight: a reminder.
  case green
  /// The deadline is near.
  case yellow
  /// The deadline has passed.
  case red
  /// Kept up long-term; no deadline presses.
  case blue

  /// One character to stand beside the colour, for terminals without.
  package var mark: String {
    switch self {
    case .green: "绿"
    case .yellow: "黄"
    case .red: "红"
    case .blue: "蓝"
    }
  }

  /// What it says.
  package var label: Label {
    switch self {
    case .green: Label("提醒", "reminder")
    case .yellow: Label("临近", "near")
    case .red: Label("超期", "overdue")
    case .blue: Label("长期", "long-term")
    }
  }
}

/// When a light comes on, in days left until the deadline. Data, because counties differ.
package struct LightRule: Hashable, Sendable {
  /// At most so many days left: green.
  package let greenDays: Int
  /// At most so many days left: yellow.
  package let yellowDays: Int
  /// Fewer than so many days left: red.
  package let redDays: Int

  /// A rule from its three bounds; the default is 20, 10 and 0 (domain.md section 4.4).
  package init(greenDays: Int = 20, yellowDays: Int = 10, redDays: Int = 0) {
    self.greenDays = greenDays
    self.yellowDays = yellowDays
    self.redDays = redDays
  }

  /// The light of a problem with `daysLeft` (nil: no deadline); nil when there is nothing to warn of.
  package func light(standing: Standing, daysLeft: Int?) -> Light? {
    switch standing {
    case .longTerm, .adoptedLongTerm: return .blue
    case .done, .adoptedDone, .adoptedUnderWay, .withdrawn: return nil
    case .underWay: break
    }
    guard let daysLeft else { return nil }
    if daysLeft < redDays { return .red }
    if daysLeft <= yellowDays { return .yellow }
    return daysLeft <= greenDays ? .green : nil
  }
}
