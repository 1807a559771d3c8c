import Glibc

/// This program run once more, with a command.
struct Subcommand {
  private let environment: [String: String]

  /// One with `environment` and nothing else in its own.
  init(environment: [String: String]) {
    self.environment = environment
  }

  /// Runs it to its end; answers its status, and 128 and the signal's number when one ended it.
  func run(_ arguments: [String]) -> Int32 {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What the shell passes over ends a command, as anywhere.
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // The thread that this runs on may take none.
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var words = (["taizhang"] + arguments).map { strdup($0) } + [nil]
    var settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var child: pid_t = 0
    let error = posix_spawn(&child, "/proc/self/exe", nil, &attributes, &words, &settings)
    guard error == 0 else {
      Output.write("taizhang: \(String(cString: strerror(error)))\n", to: .error)
      return ExitStatus.failed.rawValue
    }
    return Subcommand.wait(for: child)
  }

  private static func wait(for child: pid_t) -> Int32 {
    var status: Int32 = 0
    while true {
      let ended = waitpid(child, &status, WUNTRACED)
      if ended < 0, errno == EINTR { continue }
      guard ended == child else { return ExitStatus.failed.rawValue }
      // There is no shell to come back to: what stopped itself goes on.
      if status & 0xFF == 0x7F {
        kill(child, SIGCONT)
        continue
      }
      return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
    }
  }
}
