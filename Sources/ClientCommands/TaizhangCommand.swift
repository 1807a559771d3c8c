/// # ClientCommands
///
/// The subcommands of `taizhang`, a file each, and what they print: text for people in Chinese or English, one JSON object
/// for programs (`--json`), an exit status for scripts (`ExitStatus`). It asks `LedgerClient` and words the answers; no
/// rule of the ledger is decided here, and every sentence stands in `Words`, in both languages.
package import ArgumentParser

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The program: its subcommands and the way in.
package struct TaizhangCommand: AsyncParsableCommand {
  /// Names, texts and subcommands; `BoardCommand.self` and those to come are one line each in the list.
  package static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "taizhang", abstract: Help.program, discussion: Help.programDiscussion,
      version: "taizhang 0.1.0",
      subcommands: [
        EnrolCommand.self,
        InitCommand.self,
        ListCommand.self,
        ShowCommand.self,
        AddCommand.self,
        SetCommand.self,
        NoteCommand.self,
        StageCommand.self,
        AdoptCommand.self,
        UndoCommand.self,
        HistoryCommand.self,
        NewsCommand.self,
        ClashesCommand.self,
        ShelfCommand.self,
        SyncCommand.self,
        ServerCommand.self,
        StatusCommand.self,
        RepairCommand.self,
        RightsCommand.self,
        WatchCommand.self,
        BoardCommand.self,
        ImportCommand.self,
        ExportCommand.self,
      ])
  }

  /// A command without its arguments, as the parser wants it.
  package init() {}

  /// Runs the program with the arguments of this process and ends the process with its status.
  package static func runProcess() async -> Never {
    if let request = LoginRequest(Surroundings.argumentBytes, original: Surroundings.sshCommand) {
      endProcess(with: LoginShell(Surroundings.environment).run(request))
    }
    guard hasTextArguments else {
      Output.write(Words(Language.ofProcess).argumentsNotText + "\n", to: .error)
      endProcess(with: ExitStatus.usage.rawValue)
    }
    endProcess(with: await run(Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  /// Runs the program with the arguments behind its name and gives its exit status.
  package static func run(_ arguments: [String]) async -> ExitStatus {
    let status = await runCommand(arguments)
    guard let failure = Output.failure else { return status }
    Output.write(Words(Language.ofProcess).outputIncomplete(failure) + "\n", to: .error)
    return status == .done ? .storage : status
  }

  /// Whether the command line came as text: Swift repairs what is not UTF-8, and what was repaired is not what was typed.
  private static var hasTextArguments: Bool {
    UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc)).allSatisfy { argument in
      guard let argument else { return true }
      return String(validatingCString: argument) != nil
    }
  }

  private static func runCommand(_ given: [String]) async -> ExitStatus {
    let subcommands = configuration.subcommands
    let arguments = ArgumentOrder.withGlobalOptionsBehindSubcommand(
      given, names: subcommands.compactMap { $0.configuration.commandName },
      nesting: subcommands.filter { !$0.configuration.subcommands.isEmpty }.compactMap {
        $0.configuration.commandName
      })
    do {
      try refuseUnknownCommand(arguments)
      let command = try parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        var command = command
        try command.run()
      }
      return .done
    } catch let quiet as QuietExit {
      return quiet.status
    } catch {
      return report(error, arguments, asJSON: given.contains("--json"))
    }
  }

  /// The parser takes a word that is no subcommand for an argument too many.
  private static func refuseUnknownCommand(_ arguments: [String]) throws {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard let name = arguments.first, !name.hasPrefix("-"), name != "help" else { return }
    guard let command = configuration.subcommands.first(where: { $0.configuration.commandName == name }) else {
      throw CommandFailure(.usage, "command", Words(.ofProcess).unknownCommand(name, names))
    }
    let parts = command.configuration.subcommands.compactMap { $0.configuration.commandName }
    guard arguments.count > 1, !arguments[1].hasPrefix("-"), !parts.isEmpty, !parts.contains(arguments[1]) else {
      return
    }
    throw CommandFailure(.usage, "command", Words(.ofProcess).missingPart(of: name, parts))
  }

  private static func report(_ error: any Error, _ arguments: [String], asJSON: Bool) -> ExitStatus {
    let words = Words(Language.ofProcess)
    if let failure = CommandFailure(error, words: words) {
      Output.write(failure.text(asJSON: asJSON), to: asJSON ? .standard : .error)
      return failure.status
    }
    let message = fullMessage(for: error)
    let hint = hasTextLikeOption(arguments, message, words) ? words.textWithDash + "\n" : ""
    let text = ParserWords.worded(message, in: .ofProcess) + "\n" + hint
    guard exitCode(for: error).isSuccess else {
      Output.write(text, to: .error)
      return .usage
    }
    Output.write(text, to: .standard)
    return .done
  }
}

/// Whether the parser may have taken a text for an option: where it is asked for either a value or `--clear` it says so
/// before it says that there is no such option.
private func hasTextLikeOption(_ arguments: [String], _ message: String, _ words: Words) -> Bool {
  guard ["set", "note", "add", "stage", "adopt"].contains(arguments.first) else { return false }
  return message.contains("Unknown option '-")
    || message.contains(words.valueOrClear) && arguments.contains { $0.hasPrefix("-") && !$0.hasPrefix("--") }
}

/// The system's `exit`, under a name that the parser's type does not hide.
private func endProcess(with status: Int32) -> Never {
  exit(status)
}
