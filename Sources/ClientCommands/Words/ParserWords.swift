/// The parser's own sentences in Chinese: it words what was wrong with a command line, and the frame of the help, in
/// English only, and keeps what it found to itself. A sentence that is not known stays as it is.
enum ParserWords {
  /// A sentence as the pieces between what it speaks of.
  private struct Sentence {
    let english: [String]
    let chinese: [String]

    init(_ english: String, _ chinese: String) {
      self.english = Sentence.pieces(of: english)
      self.chinese = Sentence.pieces(of: chinese)
      precondition(self.english.count == self.chinese.count, "\(english) speaks of as much in both languages")
    }

    private static func pieces(of text: String) -> [String] {
      text.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    }

    /// `text` in Chinese when it is this sentence.
    func worded(_ text: String) -> String? {
      guard let head = english.first, let tail = english.last, text.hasPrefix(head), text.hasSuffix(tail),
        text.utf8.count >= english.reduce(0, { $0 + $1.utf8.count })
      else { return nil }
      var said = chinese[0]
      var rest = text.dropFirst(head.count)
      for (piece, translated) in zip(english, chinese).dropFirst().dropLast() {
        guard let place = rest.firstRange(of: piece) else { return nil }
        said += rest[..<place.lowerBound] + translated
        rest = rest[place.upperBound...]
      }
      guard english.count > 1 else { return rest.isEmpty ? said : nil }
      return said + rest.dropLast(tail.count) + chinese[chinese.count - 1]
    }
  }

  /// The more special before the more general.
  private static let faults = [
    Sentence("Unknown option '*'. Did you mean '*'?", "没有选项 '*'。是不是 '*'？"),
    Sentence("Unknown option '*'", "没有选项 '*'。"),
    Sentence("   or: Missing value for '*' in '*'", "   或者：'*' 后面缺少值（在 '*' 里）。"),
    Sentence("Missing value for '*'", "'*' 后面缺少值。"),
    Sentence("The option '*' does not take any value, but '*' was specified.", "选项 '*' 不带值，却写了 '*'。"),
    Sentence("Unexpected argument '*'", "多出了 '*'。含空格的内容请用引号括起来。"),
    Sentence("* unexpected arguments: '*'", "多出了 * 个词：'*'。含空格的内容请用引号括起来。"),
    Sentence("Value to be set with flag '*' had already been set with flag '*'", "'*' 和 '*' 不能同时写。"),
    Sentence("Missing expected argument '*'", "缺少 '*'。"),
    Sentence("Missing one of: '*'", "以下至少要写一个：'*'。"),
    Sentence("Missing required subcommand.", "缺少子命令。"),
    Sentence("The value '*' is invalid for '*'. Please provide one of '*' and '*'.", "'*' 不能用作 '*'。请用 '*' 或 '*'。"),
    Sentence("The value '*' is invalid for '*'. Please provide one of '*' or '*'.", "'*' 不能用作 '*'。请用 '*' 或 '*'。"),
    Sentence("The value '*' is invalid for '*'. Please provide one of *.", "'*' 不能用作 '*'。请用以下之一：*。"),
    Sentence("The value '*' is invalid for '*'. Please provide one of the following:", "'*' 不能用作 '*'。请用以下之一："),
    Sentence("The value '*' is invalid for '*'", "'*' 不能用作 '*'。"),
    Sentence("The value '*' is invalid.", "'*' 不能用在这里。"),
  ]

  private static let frame = [
    Sentence("  See '*' for more information.", "  详见 '*'。"), Sentence("  See '*' for detailed help.", "  详见 '*'。"),
    Sentence("Usage: *", "用法：*"), Sentence("Help:  *", "说明：*"), Sentence("OVERVIEW: *", "*"),
    Sentence("USAGE: *", "用法：*"), Sentence("ARGUMENTS:", "参数："), Sentence("OPTIONS:", "选项："),
    Sentence("SUBCOMMANDS:", "子命令："), Sentence("*Show the version.", "*显示版本"),
    Sentence("*Show help information.", "*显示帮助"), Sentence("*(values: *)", "*（取值：*）"),
    Sentence("*(default: *)", "*（默认：*）"),
  ]

  /// What the parser says, in `language`.
  static func worded(_ text: String, in language: Language) -> String {
    guard language == .chinese else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let line = String(line)
      if line.hasPrefix("Error: ") { return "用法不对：" + sentence(String(line.dropFirst("Error: ".count)), of: faults) }
      return sentence(line, of: frame + faults)
    }.joined(separator: "\n")
  }

  private static func sentence(_ line: String, of sentences: [Sentence]) -> String {
    sentences.lazy.compactMap { $0.worded(line) }.first ?? line
  }
}
