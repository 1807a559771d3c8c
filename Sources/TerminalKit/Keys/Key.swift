/// One key press as a terminal reports it.
package struct Key: Hashable, Sendable {
  /// Which key.
  package enum Code: Hashable, Sendable {
    /// A key that types: exactly one scalar, never a control. Input methods send a word as several presses.
    case character(Character)
    case enter
    case tab
    case escape
    case backspace
    case delete
    case insert
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    /// F1 to F20.
    case function(Int)
  }

  /// Keys held down with it, as far as the terminal tells; Shift shows only where it does not change the character.
  package struct Modifiers: OptionSet, Hashable, Sendable {
    /// One bit per key, as xterm counts them.
    package let rawValue: UInt8

    /// The modifiers whose bits are set.
    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// Shift.
    package static let shift = Modifiers(rawValue: 1)
    /// Alt, or Escape sent just before.
    package static let alt = Modifiers(rawValue: 2)
    /// Control.
    package static let control = Modifiers(rawValue: 4)
  }

  /// Which key.
  package var code: Code
  /// What was held down with it.
  package var modifiers: Modifiers

  /// A press of `code` with `modifiers`.
  package init(_ code: Code, _ modifiers: Modifiers = []) {
    self.code = code
    self.modifiers = modifiers
  }

  /// A press that types `character`.
  package static func character(_ character: Character) -> Key { Key(.character(character)) }
  /// Control with a lower-case letter, a space or one of `\ ] ^ _`.
  package static func control(_ character: Character) -> Key { Key(.character(character), .control) }
  /// Alt with a character.
  package static func alt(_ character: Character) -> Key { Key(.character(character), .alt) }
  /// Enter.
  package static let enter = Key(.enter)
  /// Escape by itself.
  package static let escape = Key(.escape)
  /// Tab.
  package static let tab = Key(.tab)
  /// Shift with Tab.
  package static let backTab = Key(.tab, .shift)
  /// Backspace.
  package static let backspace = Key(.backspace)
  /// Arrow up.
  package static let up = Key(.up)
  /// Arrow down.
  package static let down = Key(.down)
  /// Arrow left.
  package static let left = Key(.left)
  /// Arrow right.
  package static let right = Key(.right)

  /// The character that this press types into a text field; nil for commands.
  package var typed: Character? {
    guard case .character(let character) = code, modifiers.isDisjoint(with: [.alt, .control]) else { return nil }
    return character
  }
}
