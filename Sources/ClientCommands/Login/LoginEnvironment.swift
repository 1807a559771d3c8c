/// What a command that somebody runs over ssh is told of its surroundings: nothing that the other side may have sent but
/// the terminal's kind and the language. So nothing there leads a command to another folder, editor or library.
enum LoginEnvironment {
  private static let passed: Set<String> = [
    "COLORTERM", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "NO_COLOR", "TERM", "USER",
  ]

  /// The environment of a command: what is passed of `given`, Chinese where no language is asked for, the mark that
  /// confines it, and the terminal's encoding where that is known.
  static func ofCommand(_ given: [String: String], encoding: String?) -> [String: String] {
    var environment = given.filter { passed.contains($0.key) }
    let languages = ["LC_ALL", "LC_MESSAGES", "LANG"]
    let asked = languages.compactMap { environment[$0] }.first { !$0.isEmpty }
    if [nil, "C", "POSIX", "C.UTF-8"].contains(asked) {
      for name in languages { environment[name] = nil }
      environment["LANG"] = "zh_CN.UTF-8"
    }
    environment[Confinement.variable] = "1"
    environment["TAIZHANG_TERMINAL"] = encoding
    // Where Swift's runtime finds its debugger, a command that crashes, or gets Ctrl-\, would ask whether to open it.
    environment["SWIFT_BACKTRACE"] = "enable=no"
    return environment
  }
}
