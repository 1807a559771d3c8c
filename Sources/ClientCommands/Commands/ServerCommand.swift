import ArgumentParser
import LedgerClient
import LedgerReports

/// `taizhang server [ADDRESS]`
struct ServerCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "server", abstract: Help.server)
  }

  @Argument(help: Help.serverAddress) var address: String?
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    if let address {
      guard let place = EnrolmentQuestions.address(address) else {
        throw CommandFailure(.usage, "address", context.words.badAddress(address))
      }
      try replica.moveServer(to: place)
    }
    let (info, second) = (try replica.info(), try replica.secondAddress())
    if context.isJSON {
      let members = [JSONMember("server", .string(info.server)), JSONMember("second", .optional(second))]
      return context.print(.object(members))
    }
    context.say(address == nil ? context.words.serverAddress(info, second: second) : context.words.serverMoved(info))
  }
}
