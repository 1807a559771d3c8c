import ArgumentParser
import EditModel
import LedgerClient
import LedgerIdentity
import LedgerReports

/// `taizhang enrol [LINE | -]`
struct EnrolCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "enrol", abstract: Help.enrol, discussion: Help.enrolDiscussion)
  }

  @Argument(help: Help.enrolLine) var line: String?
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    try context.checkFolder()
    let order = try reachable(try order(context), context.words)
    let replica = try await EnrolCommand.letIn(order, context)
    let progress = ProgressLine(context)
    let outcome = await replica.sync(upTo: EnrolCommand.firstLimit, progress: progress.show)
    progress.clear()
    let info = try replica.info()
    if context.isJSON {
      context.print(EnrolCommand.json(info, outcome))
    } else {
      // A line that was used before lets nobody in a second time.
      if outcome.offlineReason?.isRefusal != true { context.say(context.paint.green(context.words.enrolled(info))) }
      switch outcome {
      case .atTown(let summary): context.say(context.words.synced(summary))
      case .savedHere(_, let reason, _): context.say(context.words.notFetchedYet(reason))
      }
    }
    if outcome.offlineReason != nil { throw QuietExit(status: .offline) }
  }

  /// The order with the addresses that this command may connect to; refuses one that has none.
  private func reachable(_ order: EnrolmentOrder, _ words: Words) throws -> EnrolmentOrder {
    guard Confinement.isOn else { return order }
    let here = order.onThisMachine
    if here.addresses.isEmpty { try Confinement.forbidElsewhere(order.addresses[0], words) }
    return here
  }

  /// How long the first fetch may take, on a slow line and with a large ledger.
  private static let firstLimit = Duration.seconds(600)

  private static func letIn(_ order: EnrolmentOrder, _ context: CommandContext) async throws -> Replica {
    do throws(ClientError) {
      return try await Replica.enrol(home: context.home, order, device: Confinement.device)
    } catch {
      guard case .offline(let reason) = error else { throw error }
      throw CommandFailure(.offline, "offline", context.words.notLetIn(reason, at: order.addresses[0]))
    }
  }

  /// What the person was given: the line, from the command line or standard input, or what was said on the telephone.
  private func order(_ context: CommandContext) throws -> EnrolmentOrder {
    guard let line else { return try EnrolmentQuestions(words: context.words).ask() }
    let text = line == "-" ? try EnrolCommand.input(context.words) : line
    do throws(EnrolmentLineProblem) {
      return EnrolmentOrder(try EnrolmentLine(text))
    } catch {
      throw CommandFailure(.usage, "enrolment-line", context.words.sentence(error))
    }
  }

  private static func input(_ words: Words) throws -> String {
    let text: String
    do throws(TextSource.Flaw) {
      text = try TextSource.standardInput()
    } catch {
      throw CommandFailure(.usage, "input", words.sentence(error, path: "-"))
    }
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw CommandFailure(.usage, "empty", words.noLineOnInput)
    }
    return text
  }

  private static func json(_ info: ReplicaInfo, _ outcome: SyncOutcome) -> JSONValue {
    .object([
      JSONMember("home", .string(info.home)), JSONMember("ledger", .string(info.ledger.string)),
      JSONMember("server", .string(info.server)), JSONMember("replica", .string(info.replica.description)),
      JSONMember("seat", .optional(info.seat?.description)),
      JSONMember("received", .count(outcome.summary.received)),
      JSONMember("reason", .optional(outcome.offlineReason?.code)),
    ])
  }
}
