/// What somebody who logs in over ssh wants, when this program is the account's login shell.
enum LoginRequest: Hashable {
  /// To sit at a prompt.
  case session
  /// One command, as sshd hands it over.
  case command(String)

  /// The name under which the program is a login shell; a leading `-` says so under any name.
  static let name = "taizhang-login"

  /// Reads how the process was started; nil when it was not started as a login shell. `original` is what sshd says was
  /// asked for where the account's command is forced: then this program is only told to start itself.
  init?(_ arguments: [String], original: String?) {
    guard let called = arguments.first.map(LoginRequest.lastPart) else { return nil }
    guard called.hasPrefix("-") || called == LoginRequest.name else { return nil }
    guard arguments.count > 2, arguments[1] == "-c" else {
      self = .session
      return
    }
    guard LoginRequest.lastPart(arguments[2]) == LoginRequest.name else {
      self = .command(arguments[2])
      return
    }
    self = original.map { .command($0) } ?? .session
  }

  private static func lastPart(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
