import ArgumentParser
import ClientScreens
import LedgerClient
import LedgerRules
import TerminalKit

/// `taizhang board`
struct BoardCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "board", abstract: Help.board)
  }

  /// How long paper and programs wait for the latest from the server.
  static let limit = Duration.seconds(2)

  @Flag(name: .long, help: Help.boardText) var text = false
  @Option(name: .long, help: Help.boardSince) var since: CivilDate?
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    let environment = Surroundings.environment
    let abilities = TerminalAbilities(environment: environment)
    guard !text, !context.isJSON, Terminal.isInteractive(abilities: abilities) else {
      return try await printPage(of: replica, context)
    }
    let look = Look(language: context.words.screenLanguage, environment: environment)
    let otherServer: OfflineReason?
    do throws(TerminalError) {
      otherServer = try await LiveBoard(replica, look: look, since: since).run(colors: abilities.colors)
    } catch {
      throw CommandFailure(.failed, "terminal", context.words.noTerminal(error))
    }
    if let otherServer {
      throw CommandFailure(.offline, otherServer.code, context.words.sentence(otherServer, hasUnsent: false))
    }
  }

  private func printPage(of replica: Replica, _ context: CommandContext) async throws {
    let (figures, connection) = try await BoardFigures.read(
      replica, since: since, upTo: BoardCommand.limit)
    context.tellIfPart(try replica.view())
    if context.isJSON {
      context.print(figures.json)
    } else {
      if case .offline(let reason) = connection, case .otherServer = reason {
        throw CommandFailure(.offline, reason.code, context.words.sentence(reason, hasUnsent: false))
      }
      // Paper and chats take UTF-8 whatever the terminal reads.
      let look = Look(language: context.words.screenLanguage)
      for line in BoardPaper(figures, look: look).lines(connection) { context.say(line) }
    }
  }
}

extension CivilDate: ExpressibleByArgument {
  /// Reads `2023-10-12`; anything else is refused with the option's help.
  package init?(argument: String) {
    self.init(argument)
  }
}

extension Words {
  fileprivate var screenLanguage: ScreenLanguage {
    switch language {
    case .chinese: .chinese
    case .english: .english
    }
  }

  fileprivate func noTerminal(_ error: TerminalError) -> String {
    either(
      "看板无法使用这个终端，台账没有受影响。可用 taizhang board --text 查看。（\(error)）",
      "\(error) Or use taizhang board --text.")
  }
}

extension Help {
  fileprivate static var board: String {
    Words(.ofProcess).either(
      "看板：全镇进度，实时更新；不在终端里时输出一页文字",
      "The town's live progress; one page of text where there is no terminal")
  }
  fileprivate static var boardText: ArgumentHelp {
    ArgumentHelp(
      Words(.ofProcess).either("输出一页文字，供打印或发送", "One page of text, for paper or a chat."))
  }
  fileprivate static var boardSince: ArgumentHelp {
    ArgumentHelp(
      Words(.ofProcess).either(
        "标出自这一天（如 2023-10-12）以来的变动", "Mark what has moved since this day, 2023-10-12."),
      valueName: "date")
  }
}
