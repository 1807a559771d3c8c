import ArgumentParser
import Glibc
import LedgerIdentity
import LedgerServer

/// Where a passphrase comes from: the terminal, without echo, or a file. Never an argument or the environment, which
/// others on the machine can read.
struct PassphraseOptions: ParsableArguments {
  @Option(help: "Read the passphrase from the first line of this file instead of asking for it.")
  var passphraseFile: String?

  /// A passphrase for something new: asked for twice, long enough.
  func chosen() throws -> String {
    let words = try known()
    guard words.count >= SealedKey.passphraseCharacters else {
      throw CommandProblem(
        "The passphrase has fewer than \(SealedKey.passphraseCharacters) characters. Nothing was written. Choose a longer one, "
          + "such as four words.",
        chinese: "口令少于 \(SealedKey.passphraseCharacters) 个字符，什么也没有写。请换个更长的，例如一句话。")
    }
    if passphraseFile == nil {
      guard try Passphrase.asked("Passphrase again (再输入一次): ") == words else {
        throw CommandProblem(
          "The two passphrases differ. Nothing was written. Do it again.", chinese: "两次输入的口令不同，什么也没有写。请重来。")
      }
    }
    return words
  }

  /// The passphrase of something that is there.
  func known() throws -> String {
    guard let passphraseFile else { return try Passphrase.asked("Passphrase (口令): ") }
    try PassphraseOptions.requirePrivate(passphraseFile)
    guard let text = PlainFile.text(of: passphraseFile), let line = text.split(whereSeparator: \.isNewline).first else {
      throw CommandProblem(
        "\(passphraseFile) cannot be read or has no passphrase in its first line. Nothing was changed. Name another with "
          + "--passphrase-file, or leave it out to be asked.",
        chinese: "读不到口令文件，什么也没有改动。请用 --passphrase-file 指明文件，或不加它，直接输入。")
    }
    return String(line)
  }

  /// A passphrase that others on the machine can read protects nothing. A pipe is nobody else's whatever its mode says.
  private static func requirePrivate(_ path: String) throws {
    var facts = stat()
    guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_mode & 0o077 != 0 else { return }
    throw CommandProblem(
      "Others on this machine may read \(path) or write to it. Nothing was changed. Make it its owner's alone: chmod 600 "
        + "\(path), and think of another passphrase if somebody may have read it.",
      chinese: "口令文件别人也能读写，什么也没有改动。请先 chmod 600；可能被人看过的，请换个口令。")
  }
}

/// Asks on the terminal.
enum Passphrase {
  /// What was typed behind `prompt`, which the terminal does not show. Throws without a terminal.
  static func asked(_ prompt: String) throws -> String {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard terminal >= 0 else {
      throw CommandProblem(
        "There is no terminal to ask for the passphrase on. Nothing was changed. Use --passphrase-file FILE.",
        chinese: "没有终端可以输入口令，什么也没有改动。请用 --passphrase-file 文件。")
    }
    defer { close(terminal) }
    return try hidden(on: terminal) { () throws in
      // Not before the terminal is silent: what is typed at once would be shown, or thrown away.
      _ = write(terminal, prompt, prompt.utf8.count)
      defer { _ = write(terminal, "\n", 1) }
      return try line(from: terminal)
    }
  }

  /// Does `body` while `terminal` shows nothing of what is typed.
  private static func hidden(on terminal: Int32, _ body: () throws -> String) throws -> String {
    var former = termios()
    guard tcgetattr(terminal, &former) == 0 else { return try body() }
    // Also an interrupted command must not leave a terminal that shows nothing: the signals wait until it shows again.
    var signals = sigset_t()
    var before = sigset_t()
    for signal in [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP] { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    var silent = former
    silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
    // Without its signals the terminal hands over Ctrl-C and Ctrl-\ as they are; as ends of a line it does so at once.
    silent.c_cc.11 = interrupt  // VEOL
    silent.c_cc.16 = quit  // VEOL2
    tcsetattr(terminal, TCSAFLUSH, &silent)
    defer {
      tcsetattr(terminal, TCSAFLUSH, &former)
      pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    return try body()
  }

  /// Ctrl-C and Ctrl-\.
  private static let (interrupt, quit): (UInt8, UInt8) = (3, 28)

  private static func line(from terminal: Int32) throws -> String {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while read(terminal, &byte, 1) == 1, byte != UInt8(ascii: "\n"), bytes.count < 1_024 {
      if byte == interrupt || byte == quit {
        throw CommandProblem("Interrupted. Nothing was changed.", chinese: "已中断，什么也没有改动。")
      }
      bytes.append(byte)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandProblem(
        "What was typed is not UTF-8. Nothing was changed. Use a UTF-8 terminal, or --passphrase-file.",
        chinese: "输入的内容不是 UTF-8，什么也没有改动。请用 UTF-8 终端，或用 --passphrase-file。")
    }
    return text
  }
}
