/// A typed line cut into words. Nothing in it is ever run or looked up: quotes keep words together, a back-slash takes the
/// next character as it is, and everything else stands for itself.
enum TypedWords {
  /// Why a line is not words.
  enum Flaw: Error, Hashable {
    /// A quote is never closed.
    case openQuote(Character)
    /// What only a command interpreter would understand: `|`, `;`, `>` and the like, standing alone.
    case forShells(String)
  }

  private static let closing: [Character: Character] = ["'": "'", "\"": "\"", "“": "”", "‘": "’"]
  private static let ofShells: Set<String> = ["|", "||", ";", "&", "&&", ">", ">>", "<", "<<"]

  /// The words of `line`.
  static func words(of line: String) throws(Flaw) -> [String] {
    var words: [String] = []
    var word: String?
    var isBare = true
    var rest = line[...]
    while let character = rest.popFirst() {
      if let end = closing[character] {
        guard let close = rest.firstIndex(of: end) else { throw .openQuote(character) }
        word = (word ?? "") + rest[..<close]
        isBare = false
        rest = rest[rest.index(after: close)...]
      } else if character == "\\", let next = rest.popFirst() {
        word = (word ?? "") + String(next)
        isBare = false
      } else if character.isWhitespace {
        try finish(&word, &isBare, &words)
      } else {
        word = (word ?? "") + String(character)
      }
    }
    try finish(&word, &isBare, &words)
    return words
  }

  private static func finish(_ word: inout String?, _ isBare: inout Bool, _ words: inout [String]) throws(Flaw) {
    if let word {
      if isBare, ofShells.contains(word) { throw .forShells(word) }
      words.append(word)
    }
    (word, isBare) = (nil, true)
  }
}
