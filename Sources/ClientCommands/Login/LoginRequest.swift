/// What somebody who logs in over ssh wants, when this program is the account's login shell.
enum LoginRequest: Hashable {
  /// To sit at a prompt.
  case session
  /// One command, as sshd hands it over: bytes of whatever encoding the client has.
  case command([UInt8])

  /// The name under which the program is a login shell; a leading `-` says so under any name.
  static let name = "taizhang-login"

  /// Reads how the process was started; nil when it was not started as a login shell. `original` is what sshd says was
  /// asked for where the account's command is forced: then this program is only told to start itself.
  init?(_ arguments: [[UInt8]], original: [UInt8]?) {
    guard let called = arguments.first.map(LoginRequest.lastPart) else { return nil }
    guard called.hasPrefix("-") || called == LoginRequest.name else { return nil }
    guard arguments.count > 2, arguments[1] == Array("-c".utf8) else {
      self = .session
      return
    }
    // A command has words behind it, whatever is between them.
    let isItself = !arguments[2].contains { $0 <= 0x20 } && LoginRequest.lastPart(arguments[2]) == LoginRequest.name
    guard isItself else {
      self = .command(arguments[2])
      return
    }
    self = original.map { .command($0) } ?? .session
  }

  private static func lastPart(_ path: [UInt8]) -> String {
    String(decoding: path.split(separator: UInt8(ascii: "/")).last ?? path[...], as: UTF8.self)
  }
}
