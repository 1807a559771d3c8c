/// One report of the mouse.
package struct Mouse: Hashable, Sendable {
  /// What happened.
  package enum Action: Hashable, Sendable {
    case press(Button)
    case release(Button)
    /// Moved with a button held.
    case drag(Button)
    /// Moved with none held.
    case move
    case scrollUp
    case scrollDown
  }

  /// Which button.
  package enum Button: Hashable, Sendable {
    case left
    case middle
    case right
  }

  /// What happened.
  package var action: Action
  /// The cell it happened in; it may lie outside a grid that has shrunk meanwhile.
  package var position: GridPosition
  /// Keys held down with it.
  package var modifiers: Key.Modifiers

  /// A report.
  package init(_ action: Action, at position: GridPosition, _ modifiers: Key.Modifiers = []) {
    self.action = action
    self.position = position
    self.modifiers = modifiers
  }
}
