/// Why a terminal could not be taken.
package enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Input or output is a file or a pipe.
  case notATerminal
  /// This process has taken a terminal already.
  case alreadyTaken
  /// The system refused; the number is its `errno`.
  case system(call: String, code: Int32)

  /// What happened and what to do, in English; the caller words it for its user.
  package var description: String {
    switch self {
    case .notATerminal:
      "Input or output is not a terminal, so nothing was shown. Run it in a terminal, or ask for plain text."
    case .alreadyTaken:
      "The terminal is in use by another screen of this program. Leave that one first."
    case .system(let call, let code):
      "The terminal could not be set up (\(call), error \(code)). It was left as it was; try another terminal."
    }
  }
}
