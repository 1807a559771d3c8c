import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import TerminalKit

/// What a subcommand works with: the options that all take, the words, the way out.
struct CommandContext {
  let options: GlobalOptions
  let words: Words
  let paint: Paint
  let isJSON: Bool

  init(_ options: GlobalOptions) {
    self.options = options
    self.words = Words(options.lang ?? .ofProcess)
    self.paint = Paint(
      environment: Surroundings.environment, isTerminal: Surroundings.outputIsTerminal)
    self.isJSON = options.json
  }

  /// The folder of the replica: `--home`, else TAIZHANG_HOME, else a folder of the user's.
  var home: String {
    if let home = options.home { return home }
    let environment = Surroundings.environment
    if let home = environment["TAIZHANG_HOME"], !home.isEmpty { return home }
    return (environment["HOME"] ?? ".") + "/.local/share/taizhang"
  }

  /// Opens the replica of this device.
  func replica() throws -> Replica {
    try checkFolder()
    return try Replica(home: home, device: Confinement.device)
  }

  /// Whether the folder may be named here: over ssh it is the account's own.
  func checkFolder() throws {
    if options.home != nil { try Confinement.forbid("--home", words) }
  }

  /// Prints a line for people.
  func say(_ line: String) { Output.write(line + "\n") }

  /// Prints a text behind its head, wrapped where there is a terminal, so that Chinese breaks where it may.
  func say(_ text: HangingText, style: (String) -> String = { $0 }) {
    for line in text.lines(within: Surroundings.outputWidth, style: style) { say(line) }
  }

  /// Prints an object for programs.
  func print(_ value: JSONValue) { Output.write(value.text + "\n") }

  /// Prints a table, cut to the terminal's width where there is one; all of it at once, since it may have 10,000 lines.
  func say(_ table: TextTable) {
    say(table.lines(within: Surroundings.outputWidth ?? .max).joined(separator: "\n"))
  }

  /// Today in China: by the town's time, as far as `replica` can tell it, and not by a clock that may be years off.
  func today(of replica: Replica) throws(ClientError) -> CivilDate { CivilDate(try replica.townTime()) }

  /// The entity that `text` refers to in what is shown.
  func entity(_ text: String, in view: ReplicaView) throws -> EntityID {
    guard let reference = ReferenceText(text) else { throw notReference(text) }
    guard let id = reference.entity(in: view.shown) else {
      tellIfPart(view)
      throw absent(text)
    }
    return id
  }

  /// The problem that `text` refers to.
  func problem(_ text: String, in view: ReplicaView) throws -> EntityID {
    let id = try entity(text, in: view)
    guard view.shown[id]?.kind == .problem else {
      throw CommandFailure(.usage, "not-a-problem", words.notAProblem(text))
    }
    return id
  }

  /// The problem that `text` refers to, for work on it: not one that was withdrawn.
  func openProblem(_ text: String, in view: ReplicaView) throws -> EntityID {
    let id = try problem(text, in: view)
    guard !view.shown.isWithdrawn(id) else { throw CommandFailure(.refused, "withdrawn", words.isWithdrawn(text)) }
    return id
  }

  /// Says what became of a target beside what was written to it.
  func sayWhereabouts(of target: Target) {
    if let said = target.selfFoundText { say(paint.dim(words.selfFoundText(said))) }
    if target.comesBack { say(words.cameBack(target.reference)) }
    if let problem = target.withdrawnProblem {
      say(paint.yellow(words.writtenToWithdrawn(problem, isProblem: true)))
    }
    if target.isWithdrawn {
      say(paint.yellow(words.writtenToWithdrawn(target.reference, isProblem: target.kind == .problem)))
    }
  }

  /// Says beside the output, where only a part of the ledger is here yet, that what is missing may be at the town.
  func tellIfPart(_ view: ReplicaView) {
    guard !view.isFetched else { return }
    Output.write(words.partOnly + "\n", to: .error)
  }

  func notReference(_ text: String) -> CommandFailure {
    CommandFailure(.usage, "reference", words.notAReference(text))
  }

  func absent(_ text: String) -> CommandFailure {
    CommandFailure(.notFound, "absent", words.noSuchThing(text))
  }
}
