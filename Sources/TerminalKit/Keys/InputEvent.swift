/// What a person does to a screen.
package enum InputEvent: Hashable, Sendable {
  /// A key was pressed.
  case key(Key)
  /// A text was pasted (mode 2004).
  case paste(Paste)
  /// The mouse did something (mode 1006).
  case mouse(Mouse)
  /// The terminal's window became the active one (mode 1004).
  case focusGained
  /// The terminal's window is no longer the active one (mode 1004).
  case focusLost
  /// The terminal has another size; never made by the decoder.
  case resized(GridSize)
}
