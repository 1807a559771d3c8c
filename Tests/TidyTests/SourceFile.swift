/// One text file of the repository, prepared for the checks: they are functions of this value and of nothing else,
/// so that each can be tried on a made-up file.
struct SourceFile: Sendable {
  /// Relative to the repository's root, with `/`.
  let path: String
  let text: String
  let lines: [String]
  /// Empty where the file is not Swift.
  let tokens: [Token]

  init(path: String, text: String) {
    self.path = path
    self.text = text
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    tokens = path.hasSuffix(".swift") ? Lexer.tokens(of: text) : []
  }

  /// `EditModel` for `Sources/EditModel/Merge/Cell.swift`; nil outside `Sources`.
  var target: String? {
    let parts = path.split(separator: "/")
    guard parts.count >= 3, parts[0] == "Sources" else { return nil }
    return String(parts[1])
  }

  /// The token at `index`, or an empty one beyond either end, so that checks can look around freely.
  func token(_ index: Int) -> String {
    tokens.indices.contains(index) ? tokens[index].text : ""
  }

  /// Whether the tokens from `index` on are exactly `words`.
  func matches(_ words: [String], at index: Int) -> Bool {
    for (offset, word) in words.enumerated() where token(index + offset) != word { return false }
    return true
  }

  /// Whether the mark stands at `index` with no space before it, as the `!` of `try!` does.
  func hasTight(_ mark: String, at index: Int) -> Bool {
    token(index) == mark && tokens[index].isTight
  }

  /// The index behind the bracket that closes the one at `open`; the end of the tokens if none does.
  func indexBehindBracket(openAt open: Int) -> Int {
    let pairs = ["(": ")", "{": "}", "[": "]", "<": ">"]
    guard let close = pairs[token(open)] else { return open + 1 }
    var depth = 0
    for index in open..<tokens.count {
      if tokens[index].text == tokens[open].text { depth += 1 }
      if tokens[index].text == close { depth -= 1 }
      if depth == 0 { return index + 1 }
    }
    return tokens.count
  }

  /// A line (from 1) without the spaces in front of it; empty beyond either end.
  func trimmedLine(_ number: Int) -> Substring {
    guard lines.indices.contains(number - 1) else { return "" }
    return lines[number - 1].drop { $0 == " " }
  }

  /// The line and the comment lines straight above it, as far as the paragraph goes (at most `reach` lines up).
  func paragraph(above number: Int, reach: Int) -> [Substring] {
    var found = [trimmedLine(number)]
    for above in 1...reach {
      let line = trimmedLine(number - above)
      if line.isEmpty { break }
      found.append(line)
    }
    return found
  }
}

/// A place that breaks a rule.
struct Finding: CustomStringConvertible, Sendable {
  let path: String
  let line: Int
  let message: String

  var description: String { "\(path):\(line): \(message)" }
}
