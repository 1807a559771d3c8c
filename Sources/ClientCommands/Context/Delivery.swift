import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import LedgerStore

/// The way of acts that were just recorded: they are on the disk; now two seconds are tried to bring them to the town.
struct Delivery {
  /// How long a command that records something waits for the town.
  static let limit = Duration.seconds(2)

  let acts: [ActID]
  let outcome: SyncOutcome
  /// Those of `acts` that the server refused.
  let refused: [ShelvedAct]
  /// Whether every one of `acts` that was not refused is accepted by the server, whatever became of the rest.
  let isAtTown: Bool
  private let replica: Replica
  private let view: ReplicaView

  /// Tries to send, and sees how far `acts` got.
  init(of acts: [ActID], from replica: Replica, upTo limit: Duration = Delivery.limit) async throws {
    self.acts = acts
    self.replica = replica
    let interrupted = InterruptedWords(Words(.ofProcess).deliveryInterrupted)
    self.outcome = await replica.sync(upTo: limit)
    interrupted.release()
    self.view = try replica.view()
    self.refused = view.shelf.filter { acts.contains($0.act.id) }
    // Not `map` over a throwing closure: the file is asked once per act.
    var isAtTown = true
    for act in acts {
      switch try replica.phase(of: act) {
      case .acknowledged, .confirmed, .shelved, .discarded, .retried: continue
      // None of ours any more: a copied folder's acts were issued anew; the sync says where all of them are.
      case nil: if case .savedHere = outcome { isAtTown = false }
      case .pending, .sent, .forked: isAtTown = false
      }
    }
    self.isAtTown = isAtTown
  }

  /// Why the acts are not at the town; nil when they are, or are refused.
  var reason: OfflineReason? {
    guard !isAtTown else { return nil }
    switch outcome {
    case .savedHere(_, let reason, _): return reason
    case .atTown(let summary): return summary.held > 0 ? .serverWaits(code: "held") : nil
    }
  }

  /// What it comes to, for programs.
  var state: String { !refused.isEmpty ? "refused" : isAtTown ? "at_town" : "saved_here" }

  /// Acts of an earlier command that came back refused on this occasion.
  private var othersRefused: [ShelvedAct] {
    outcome.summary.shelved.filter { !acts.contains($0.act.id) }
  }

  private var unsent: Int {
    guard case .savedHere(let unsent, _, _) = outcome else { return 0 }
    return unsent
  }

  /// Says which it is, in words or as JSON behind `facts`; ends with the status for a refusal.
  func report(_ facts: [JSONMember] = [], _ context: CommandContext) throws {
    let words = context.words
    if context.isJSON {
      context.print(.object(facts + (try members(words))))
    } else {
      let others = try lines(of: othersRefused, words)
      for notice in outcome.summary.notices {
        context.say(context.paint.yellow(words.notice(notice)))
      }
      for line in others { context.say(context.paint.yellow(words.earlierEdit + line)) }
      for line in try lines(of: refused, words) { context.say(context.paint.red(line)) }
      if refused.isEmpty {
        context.say(
          isAtTown
            ? context.paint.green(words.atTown) : context.paint.yellow(words.savedHere(reason)))
      }
      try context.tellRenumbered(replica, in: view.shown)
    }
    if !refused.isEmpty { throw QuietExit(status: .refused) }
  }

  private func members(_ words: Words) throws -> [JSONMember] {
    try [
      JSONMember("acts", .array(acts.map { .string("\($0.replica).\($0.n)") })),
      JSONMember("state", .string(state)),
      JSONMember("reason", .optional(refused.first?.code ?? reason?.code)),
      JSONMember("message", .string(sentence(words))),
      JSONMember("unsent", .count(unsent)),
      JSONMember("renumbered", .array(replica.renumbered().map { JSONValue($0) })),
      JSONMember("shelved_before", .array(othersRefused.map(Shelf.json))),
    ]
  }

  /// Of each of `acts`, which were refused, that it was and why.
  private func lines(of acts: [ShelvedAct], _ words: Words) throws -> [String] {
    guard !acts.isEmpty else { return [] }
    return acts.map(ShelvedText(view, try replica.status(), words).refused)
  }

  private func sentence(_ words: Words) throws -> String {
    guard refused.isEmpty else { return try lines(of: refused, words).joined(separator: " ") }
    return isAtTown ? words.atTown : words.savedHere(reason)
  }
}

extension OfflineReason {
  /// A short fixed word for programs.
  var code: String {
    switch self {
    case .unreachable: "unreachable"
    case .timedOut: "timed-out"
    case .closed: "closed"
    case .denied: "denied"
    case .removed: "removed"
    case .certificate: "certificate"
    case .otherServer: "other-server"
    case .serverExpired: "server-expired"
    case .plainElsewhere: "plain-elsewhere"
    case .confined: "confined"
    case .noDeviceKey: "no-device-key"
    case .noLedger: "no-ledger"
    case .serverWaits(let code), .serverStopped(let code): code
    case .notTaizhang: "not-taizhang"
    case .olderHistory: "older-history"
    case .otherProcess: "other-process"
    case .storage: "storage"
    }
  }
}

extension OfflineReason {
  /// Whether the town's server answered and does not take this device, or has another history than it.
  var isRefusal: Bool {
    switch self {
    case .denied, .removed, .certificate, .noLedger, .olderHistory: true
    case .serverStopped(let code): code == "removed"
    default: false
    }
  }
}
