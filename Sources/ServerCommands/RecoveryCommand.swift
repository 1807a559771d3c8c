import ArgumentParser
import Glibc
import LedgerAdmin
import LedgerStore
import SealedFile

/// `taizhangd recovery …`.
struct RecoveryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recovery",
    abstract: "Make, add, list and remove the keys that snapshot sets are sealed to (恢复密钥).",
    discussion: """
      Sets that are shipped off this machine are sealed to every recovery key, so that only whoever has one of the secrets can \
      read them. The keys stay here and open nothing; the secrets belong into safes. Lost secrets are lost sets: have two, in two \
      places. What is sealed is opened with restore --key, or anywhere with the program age. Exit codes: 0 done; 1 refused or \
      failed, and nothing was changed.
      """,
    subcommands: [Make.self, Add.self, List.self, Remove.self])

  /// `taizhangd recovery make FILE`.
  struct Make: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a secret, write it into a file, and seal sets to its key from now on.",
      discussion: "The secret is nowhere but in the file. Carry it to a safe and remove it here.")

    @OptionGroup var options: DataOptions
    @Argument(help: "The file to write; nothing may be there yet.")
    var file: String

    func run() throws {
      let folder = try options.seatsFolder()
      guard access(file, F_OK) != 0 else {
        throw CommandProblem(
          "\(file) is there already. No key was made. Name another file.", chinese: "\(file) 已经存在，没有生成密钥。请换个文件名。")
      }
      var generator = SystemRandomNumberGenerator()
      let key = try AdminWords.telling {
        try RecoveryKeys.make(secretAt: file, of: folder, at: DataOptions.now(), using: &generator)
      }
      try CommandAuthor.note(.recoveryMake, ["\(key)"], in: folder)
      Output.line("key\t\(key)")
      Output.line(
        "Sets are sealed to it from now on (今后送出的快照用它密封). \(file) has the secret: carry it to a safe, best twice, and remove "
          + "it here; without it no sealed set can be opened (私钥文件请存入保险柜，最好两份，并从本机删除；没有它谁也打不开).")
    }
  }

  /// `taizhangd recovery add KEY`.
  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Seal sets to a key that was made elsewhere, such as by age-keygen, from now on.")

    @OptionGroup var options: DataOptions
    @Argument(help: "The recovery key, age1….")
    var key: String

    func run() throws {
      let folder = try options.seatsFolder()
      let key = try RecoveryCommand.key(key)
      guard try AdminWords.telling({ try RecoveryKeys.add(key, to: folder) }) else {
        return Output.line("Sets are sealed to \(key) already. Nothing was changed (已有这个公钥).")
      }
      try CommandAuthor.note(.recoveryAdd, ["\(key)"], in: folder)
      Output.line("Sets are sealed to \(key) too from now on (已添加恢复公钥). Make sure that its secret is in a safe.")
    }
  }

  /// `taizhangd recovery list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the keys that sets are sealed to.")

    @OptionGroup var options: DataOptions

    func run() throws {
      let folder = try options.folder()
      let keys = try AdminWords.telling { try RecoveryKeys(of: folder).keys }
      for key in keys { Output.line("key\t\(key)") }
      if keys.isEmpty { Output.line(SealingText.nag) }
    }
  }

  /// `taizhangd recovery remove KEY`.
  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Seal sets to a key no more; its secret still opens those that were.")

    @OptionGroup var options: DataOptions
    @Argument(help: "The recovery key, as list prints it.")
    var key: String

    func run() throws {
      let folder = try options.seatsFolder()
      let key = try RecoveryCommand.key(key)
      let rest = try AdminWords.telling {
        try RecoveryKeys.remove(key, from: folder)
        return try RecoveryKeys(of: folder).keys
      }
      try CommandAuthor.note(.recoveryRemove, ["\(key)"], in: folder)
      Output.line(
        "Sets are sealed to \(key) no more (已移除恢复公钥). Its secret still opens those that were: keep it as long as these."
      )
      if rest.isEmpty { Output.line(SealingText.nag) }
    }
  }

  /// The key that `text` spells; a secret that was typed by mistake is not said again.
  private static func key(_ text: String) throws -> RecoveryKey {
    if let key = RecoveryKey(text) { return key }
    throw CommandProblem(
      "That is no recovery key. Nothing was changed. A key is age1… with 62 characters in lower case, as taizhangd recovery list "
        + "or age-keygen -y prints it; a secret, AGE-SECRET-KEY-1…, is never given here: if it was, make another.",
      chinese: "这不是恢复公钥，什么也没有改动。公钥以 age1 开头，共 62 个小写字符；私钥 AGE-SECRET-KEY-1… 不要写在命令里，写过的请作废重做。")
  }
}

/// Whether sets are sealed, in words.
enum SealingText {
  /// What is said until there is a recovery key.
  static let nag =
    "sealing\tNOT SEALED: whoever has a copy of a set can read it. Next: taizhangd recovery make FILE "
    + "(快照没有密封：谁拿到拷贝都能看。请运行 taizhangd recovery make 文件)"

  /// A line for the data folder's state.
  static func line(_ folder: DataFolder) -> String {
    do throws(AdminError) {
      let count = try RecoveryKeys(of: folder).keys.count
      let keys = "\(count) recovery key\(count == 1 ? "" : "s")"
      return count == 0 ? nag : "sealing\tsets that are shipped are sealed to \(keys) (送出的快照均密封)"
    } catch {
      // A state is shown whatever is wrong; this is the line for it.
      return "sealing\tNOT POSSIBLE: \(error.description)"
    }
  }

  /// The same where there is something to nag about; nil where sets are sealed.
  static func warning(of folder: DataFolder) -> String? {
    let line = line(folder)
    return line.hasPrefix("sealing\tNOT") ? line : nil
  }
}
