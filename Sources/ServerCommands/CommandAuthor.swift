import Glibc
import LedgerAdmin
import LedgerStore

/// Who runs a command: the name of the operating system's user, as the audit log has it.
enum CommandAuthor {
  /// The user that the program runs as; behind `/` the one who became it with sudo, as sudo says.
  static func current() -> AuditAuthor {
    let user = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())"
    guard let before = getenv("SUDO_USER").map({ String(cString: $0) }), !before.isEmpty, before != user else {
      return .user(user)
    }
    return .user("\(user)/\(before)")
  }

  /// Notes in the audit log of `folder` what changed no row of the seats.
  static func note(_ action: AuditAction, _ words: [String], in folder: DataFolder) throws {
    let seats = try SeatStore(path: folder.seats, author: current())
    try seats.note(action, words, at: DataOptions.now())
    try seats.close()
  }
}
