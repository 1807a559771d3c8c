import Glibc
import LedgerClient
import TerminalKit

/// `taizhang` as the login shell of an account: machines without Linux come in by ssh and have the ledger, and nothing else.
///
/// Every command is a process of its own with an environment of its own, so that one that fails, or is ended with Ctrl-C,
/// leaves the session as it was.
struct LoginShell {
  private let environment: [String: String]
  private let words: Words
  /// How the account's terminals read, where somebody has said so or the terminal has answered.
  private let encoding: TerminalEncoding?

  /// How long a terminal may take to say how it reads, in milliseconds: a slow line's way there and back, with some to
  /// spare.
  private static let probeMilliseconds: Int32 = 5_000

  /// The shell of a process that was started with the environment `given`.
  init(_ given: [String: String]) {
    let home = given["HOME"] ?? "."
    let encoding = TerminalChoice(home: home).encoding ?? LoginShell.probed()
    environment = LoginEnvironment.ofCommand(given, encoding: encoding)
    words = Words(Language(environment: environment))
    self.encoding = encoding.map { TerminalEncoding(environment: [TerminalEncoding.variable: $0]) }
    // What is not set here is not the client's to say to this process either, such as where the C library has its tables.
    clearenv()
    for (name, value) in environment { setenv(name, value, 1) }
  }

  /// Does what was asked for; answers the status to end with.
  func run(_ request: LoginRequest) -> Int32 {
    // They are the command's that runs; the shell waits for it.
    for signal in [SIGINT, SIGQUIT, SIGTSTP, SIGTTOU, SIGTTIN] { Glibc.signal(signal, SIG_IGN) }
    switch request {
    case .command(let line): return run(line)
    case .session: return isatty(STDIN_FILENO) == 1 ? session() : script()
    }
  }

  /// At a terminal: a greeting, then line by line.
  private func session() -> Int32 {
    Output.write(greeting + "\n")
    if environment["TAIZHANG_TERMINAL"] != "gbk" { LineInput.setUTF8() }
    var input = LineInput { Output.write($0) }
    while true {
      switch input.line(behind: words.loginPrompt) {
      case .ended: return 0
      case .interrupted: continue
      case .text(let line):
        if LoginShell.isFarewell(line) { return 0 }
        _ = run(line)
      }
    }
  }

  /// From a pipe: every line is a command; the status is the first that was not 0.
  private func script() -> Int32 {
    var status: Int32 = 0
    while let line = TypedLine.nextBytes() {
      if LoginShell.isFarewell(String(decoding: line, as: UTF8.self)) { break }
      let ended = run(line)
      if status == 0 { status = ended }
    }
    return status
  }

  /// A line that did not come from the terminal.
  private func run(_ line: [UInt8]) -> Int32 {
    guard let text = ReceivedLine.text(of: line, in: encoding) else {
      Output.write(words.lineNotText + "\n", to: .error)
      return ExitStatus.usage.rawValue
    }
    return run(text)
  }

  private func run(_ line: String) -> Int32 {
    do throws(TypedWords.Flaw) {
      var typed = try TypedWords.words(of: line)
      if typed.first == "taizhang" { typed.removeFirst() }
      guard let command = typed.first else { return 0 }
      if ["terminal", "终端"].contains(command) { return setTerminal(Array(typed.dropFirst())) }
      return Subcommand(environment: environment).run(["help", "帮助"].contains(command) ? ["--help"] : typed)
    } catch {
      Output.write(words.sentence(error) + "\n", to: .error)
      return ExitStatus.usage.rawValue
    }
  }

  /// `terminal gbk|utf-8|auto`: kept for the account, in force from the next login on.
  private func setTerminal(_ arguments: [String]) -> Int32 {
    let choice = TerminalChoice(home: environment["HOME"] ?? ".")
    guard arguments.count == 1, choice.set(arguments[0]) else {
      Output.write(words.terminalUsage + "\n", to: .error)
      return ExitStatus.usage.rawValue
    }
    Output.write(words.terminalSet(arguments[0]) + "\n")
    return 0
  }

  /// Whose account it is, and how it stands with the town; or how to begin.
  private var greeting: String {
    let home = (environment["HOME"] ?? ".") + "/.local/share/taizhang"
    do {
      return words.loginGreeting(try Replica(home: home).status())
    } catch ClientError.noReplica {
      return words.loginWithoutLedger
    } catch {
      return CommandFailure(error, words: words)?.sentence ?? "\(error)"
    }
  }

  private static func isFarewell(_ line: String) -> Bool {
    ["exit", "quit", "logout", "退出", "再见"].contains(line.trimmed.lowercased())
  }

  private static func probed() -> String? {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
    return switch EncodingProbe.ask(milliseconds: probeMilliseconds) {
    case .utf8: "utf-8"
    case .twoBytes: "gbk"
    case .silent: nil
    }
  }
}

/// How the account's terminals read where somebody has said so: a file of the account's.
struct TerminalChoice {
  private let path: String

  init(home: String) {
    path = home + "/.taizhang-terminal"
  }

  /// `gbk` or `utf-8`; nil when it is to be found out.
  var encoding: String? {
    guard let bytes = try? TextSource.bytes(of: path) else { return nil }
    return ["gbk", "utf-8"].first { $0 == String(decoding: bytes, as: UTF8.self).trimmed }
  }

  /// Keeps `name`; false when it is none of `gbk`, `utf-8` and `auto`, or cannot be kept.
  func set(_ name: String) -> Bool {
    guard ["gbk", "utf-8", "auto"].contains(name) else { return false }
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { return false }
    defer { close(file) }
    let bytes = Array((name + "\n").utf8)
    return write(file, bytes, bytes.count) == bytes.count
  }
}
