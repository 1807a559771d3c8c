/// The signs that lines and bars are made of.
package enum Glyphs: Hashable, Sendable {
  /// Box lines and eighth blocks. They are of ambiguous width: only for terminals that show them in one column.
  case unicode
  /// `+ - | #`, for terminals without UTF-8 or with wide ambiguous characters, and for plain paper.
  case ascii

  var horizontal: Character { self == .unicode ? "─" : "-" }
  var vertical: Character { self == .unicode ? "│" : "|" }
  var topLeft: Character { self == .unicode ? "┌" : "+" }
  var topRight: Character { self == .unicode ? "┐" : "+" }
  var bottomLeft: Character { self == .unicode ? "└" : "+" }
  var bottomRight: Character { self == .unicode ? "┘" : "+" }
  var ellipsis: String { self == .unicode ? "…" : "~" }
}
