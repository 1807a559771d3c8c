/// One cell of a grid: a character as a reader sees it, or the right half of the wide one before it.
///
/// Two cells are equal when they look equal: text is compared as Unicode compares it.
package struct Cell: Hashable, Sendable {
  /// What stands here; a space in the right half of a wide character.
  package let text: Character
  /// How it looks; both halves of a wide character look the same.
  package internal(set) var style: Style
  /// 1, or 2 for the left half of a wide character, or 0 for its right half.
  package let width: Int8

  static func blank(_ style: Style) -> Cell { Cell(text: " ", style: style, width: 1) }
  static func rightHalf(_ style: Style) -> Cell { Cell(text: " ", style: style, width: 0) }
}
