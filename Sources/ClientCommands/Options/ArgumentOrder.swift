/// The argument parser knows options of the subcommand behind its name only; people write `taizhang --home X list` too.
enum ArgumentOrder {
  private static let withValue = ["--home", "--lang"]
  private static let flags = ["--json"]

  /// `arguments` with the global options that stand in front of a subcommand of `names` moved behind it, or behind its own
  /// subcommand when it is one of `nesting`.
  static func withGlobalOptionsBehindSubcommand(
    _ arguments: [String], names: [String], nesting: [String]
  ) -> [String] {
    var rest = arguments[...]
    var moved = leadingOptions(of: &rest)
    guard let name = rest.first else { return arguments }
    // The parser's own words for what is none of ours are clearer without the options around it.
    guard name != "help" else { return withoutOptions(rest) }
    guard names.contains(name) else { return name.hasPrefix("-") ? Array(rest) : [name] }
    rest = rest.dropFirst()
    guard nesting.contains(name) else { return [name] + moved + rest }
    moved += leadingOptions(of: &rest)
    guard let nested = rest.first, !nested.hasPrefix("-") else { return [name] + rest }
    return [name, nested] + moved + rest.dropFirst()
  }

  /// `words` without the global options: the parser's own help knows none, and in which language it is asked for is known.
  private static func withoutOptions(_ words: ArraySlice<String>) -> [String] {
    var rest = words
    var left: [String] = []
    while !rest.isEmpty {
      _ = leadingOptions(of: &rest)
      if let word = rest.popFirst() { left.append(word) }
    }
    return left
  }

  private static func leadingOptions(of rest: inout ArraySlice<String>) -> [String] {
    var options: [String] = []
    while let first = rest.first {
      let count: Int
      if withValue.contains(first), rest.count > 1 {
        count = 2
      } else if flags.contains(first) || withValue.contains(where: { first.hasPrefix($0 + "=") }) {
        count = 1
      } else {
        break
      }
      options += rest.prefix(count)
      rest = rest.dropFirst(count)
    }
    return options
  }
}
