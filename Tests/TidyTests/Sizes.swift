/// How long files and functions are. A guide and no law: what goes past it is printed, nothing fails.
enum Sizes {
  /// A file of more lines should have a reason.
  static let fileLines = 600
  /// A function of more lines should have a reason.
  static let functionLines = 70

  /// A function with a body: its name, its first line, and how many lines it takes.
  struct Function: Equatable, Sendable {
    let name: String
    let line: Int
    let lines: Int
  }

  static func functions(in file: SourceFile) -> [Function] {
    file.tokens.indices.compactMap { index in
      let keyword = file.token(index)
      guard keyword == "func" || (keyword == "init" && ["(", "<", "?"].contains(file.token(index + 1))) else {
        return nil
      }
      guard file.token(index - 1) != ".", let open = bodyStart(file, from: index + 1) else { return nil }
      let end = file.indexBehindBracket(openAt: open) - 1
      return Function(
        name: keyword == "init" ? "init" : file.token(index + 1), line: file.tokens[index].line,
        lines: file.tokens[end].line - file.tokens[index].line + 1)
    }
  }

  /// The brace that opens the body; nil for a requirement, which has none.
  private static func bodyStart(_ file: SourceFile, from start: Int) -> Int? {
    var index = start
    while index < file.tokens.count {
      switch file.token(index) {
      case "{": return index
      case "(", "[": index = file.indexBehindBracket(openAt: index)
      case "func", "init", "var", "let", "}": return nil
      default: index += 1
      }
    }
    return nil
  }

  /// A sentence per file and function past the guide, and one with the medians.
  static func report(of files: [SourceFile]) -> [String] {
    let sources = files.filter { $0.target != nil && $0.path.hasSuffix(".swift") }
    var lengths: [Int] = []
    var report: [String] = []
    for file in sources {
      if file.lines.count > fileLines { report.append("\(file.path): \(file.lines.count) lines") }
      for function in functions(in: file) {
        lengths.append(function.lines)
        guard function.lines > functionLines else { continue }
        report.append("\(file.path):\(function.line): \(function.name) has \(function.lines) lines")
      }
    }
    let fileMedian = median(sources.map(\.lines.count))
    return report + ["median file \(fileMedian) lines, median function \(median(lengths)) lines"]
  }

  private static func median(_ values: [Int]) -> Int {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }
}
