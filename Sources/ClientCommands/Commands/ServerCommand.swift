import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports

/// `taizhang server [ADDRESS]`
struct ServerCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "server", abstract: Help.server)
  }

  @Argument(help: Help.serverAddress) var address: String?
  @OptionGroup var global: GlobalOptions

  /// How long the new address may take to answer.
  private static let limit = Duration.seconds(20)

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    let former = try replica.info().server
    var missing: OfflineReason?
    if let address { missing = try await move(replica, to: address, context) }
    let info = try replica.info()
    if context.isJSON {
      let members = [
        JSONMember("server", .string(info.server)), JSONMember("second", .optional(info.second)),
        JSONMember("moving_to", .optional(info.movingTo)),
        JSONMember("reason", .optional(missing?.code)),
      ]
      return context.print(.object(members))
    }
    context.say(
      address == nil
        ? context.words.serverAddress(info)
        : context.words.serverMoved(info, from: former, missing))
  }

  /// Looks for the server at `text` and keeps that as its address. A server that does not answer now may later; whoever
  /// answers and is not the server never will be it. Answers why it was not found, nil when it was.
  private func move(_ replica: Replica, to text: String, _ context: CommandContext) async throws -> OfflineReason? {
    guard let place = EnrolmentQuestions.address(text), !place.standsForAll else {
      throw CommandFailure(.usage, "address", context.words.badAddress(text))
    }
    try Confinement.forbidElsewhere(place, context.words)
    var missing: OfflineReason?
    do throws(ClientError) {
      try await replica.findServer(at: place, upTo: ServerCommand.limit)
    } catch {
      guard case .offline(let reason) = error else { throw error }
      guard reason.mayPass, !reason.isRefusal else {
        throw CommandFailure(.offline, reason.code, context.words.serverKept(try replica.info(), place, reason))
      }
      missing = reason
    }
    try replica.moveServer(to: place)
    return missing
  }
}

extension OfflineReason {
  /// Whether the same address may answer rightly at another time.
  fileprivate var mayPass: Bool {
    switch self {
    case .otherServer, .notTaizhang, .plainElsewhere: false
    default: true
    }
  }
}
