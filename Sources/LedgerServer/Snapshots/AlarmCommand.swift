import Glibc

/// Runs what an administrator wants run when something needs them.
enum AlarmCommand {
  /// How long it may take, in tenths of a second.
  private static let looks = 600

  /// Runs `command` by the shell with `text` in TAIZHANG_ALARM, and waits for its end, a minute at most; says what went wrong,
  /// nil when it ended with 0.
  static func run(_ command: String, telling text: String) -> String? {
    var child = pid_t()
    var arguments = pointers(to: ["/bin/sh", "-c", command])
    var variables = pointers(to: inherited() + ["TAIZHANG_ALARM=\(text)"])
    defer { for text in arguments + variables { free(text) } }
    let status = posix_spawn(&child, "/bin/sh", nil, nil, &arguments, &variables)
    guard status == 0 else { return "it could not be started (\(String(cString: strerror(status))))" }
    var end: Int32 = 0
    for _ in 0..<looks {
      let ended = waitpid(child, &end, WNOHANG)
      if ended == child { return end == 0 ? nil : "it ended with status \(end >> 8 & 0xFF)" }
      if ended < 0, errno != EINTR { return "it could not be waited for (\(String(cString: strerror(errno))))" }
      usleep(100_000)
    }
    kill(child, SIGKILL)
    waitpid(child, &end, 0)
    return "it did not end within a minute and was killed"
  }

  /// `texts` as a system call takes them; to be freed.
  private static func pointers(to texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    texts.map { text in strdup(text) } + [nil]
  }

  /// The variables of this process.
  private static func inherited() -> [String] {
    var texts: [String] = []
    var next = environ
    while let text = next.pointee {
      texts.append(String(cString: text))
      next += 1
    }
    return texts.filter { !$0.hasPrefix("TAIZHANG_ALARM=") }
  }
}
