/// The language that the program speaks.
enum Language: String, CaseIterable, Sendable {
  case chinese = "zh"
  case english = "en"

  /// The language that an environment asks for: by the text of the first variable that is set, never by what locales are
  /// installed.
  init(environment: [String: String]) {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"]
    let text = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    self = text.hasPrefix("zh") ? .chinese : .english
  }

  /// The language that a command line asks for, else its environment. A wrong value is the parser's to refuse.
  init(arguments: [String], environment: [String: String]) {
    for (index, argument) in arguments.enumerated() {
      let value: String? =
        if argument.hasPrefix("--lang=") {
          String(argument.dropFirst("--lang=".count))
        } else if argument == "--lang", index + 1 < arguments.count {
          arguments[index + 1]
        } else {
          nil
        }
      if let language = value.flatMap(Language.init(rawValue:)) {
        self = language
        return
      }
    }
    self.init(environment: environment)
  }

  /// The language of this run; known before the command line is parsed, because the help is worded in it.
  static let ofProcess = Language(
    arguments: CommandLine.arguments, environment: Surroundings.environment)
}
