import ArgumentParser
import EditModel
import Glibc
import LedgerAdmin
import LedgerRules
import LedgerStore

/// Deciding about what waits: the decision is written down, and the server, which alone writes a ledger, does it.
struct HeldDeciding: ParsableArguments {
  @OptionGroup var options: DataOptions
  @OptionGroup var choice: HeldChoice
  @OptionGroup var decider: HeldDecider
  @Flag(help: "All that waits.")
  var all = false
  @Option(name: .customLong("as"), help: "The seat of a device that the server does not know; with --ledger.")
  var author: String?

  /// How long a running server is waited for, in looks of a tenth of a second.
  private static let looks = 300

  func decide(accepts: Bool) throws {
    guard all != !choice.isEmpty else {
      throw CommandProblem(
        "Say what is meant: devices, acts, --problem, --since, --until, or --all alone. Nothing was decided.",
        chinese: "请指明是哪些：设备、修改、--problem、--since、--until，或单用 --all。什么也没有决定。")
    }
    let folder = try options.seatsFolder()
    let work = try AdminWords.telling { try HeldWork(reading: folder) }
    let items = work.chosen(try choice.choice()).filter(\.isWaiting)
    guard !items.isEmpty else { return Output.line("Nothing waits for a decision (没有待定的修改).") }
    let seat = try decider.seat(for: items, in: folder)
    let keys = try decided(items, accepts: accepts, by: seat, in: folder)
    try CommandAuthor.note(
      accepts ? .quarantineAccept : .quarantineRefuse, [seat.description] + HeldText.devices(items), in: folder)
    try tell(keys, in: folder)
  }

  /// Writes the decision down for all of `items`; answers what they are known by.
  private func decided(
    _ items: [HeldWork.Item], accepts: Bool, by seat: SeatID, in folder: DataFolder
  ) throws -> [HeldAct.Key] {
    let asSeat = try author.map(NameArgument.seat)
    let unknown = items.filter { ($0.seat ?? asSeat) == nil || $0.ledger == nil && choice.ledger == nil }
    guard unknown.isEmpty else {
      throw CommandProblem(
        "The server does not know the device \(unknown[0].act.id.replica). Nothing was decided. Let it in again (taizhangd enrol "
          + "SEAT --again \(unknown[0].act.id.replica)): it puts what it has itself. Or say whose it is: --as SEAT --ledger NAME",
        chinese: "服务器不认识设备 \(unknown[0].act.id.replica)，什么也没有决定。请让它重新登记（taizhangd enrol 岗位 --again "
          + "\(unknown[0].act.id.replica)），它会自己送来；或者指明它的岗位：--as 岗位 --ledger 台账")
    }
    let quarantine = try QuarantineStore(path: folder.quarantine)
    let now = DataOptions.now()
    var alike: [HeldAct.Decision: [HeldAct.Key]] = [:]
    for item in items {
      guard let author = item.seat ?? asSeat, let ledger = try item.ledger ?? choice.ledger.map(NameArgument.ledger)
      else {
        continue
      }
      let decision = HeldAct.Decision(ledger: ledger, seat: author, accepts: accepts, decider: seat, at: now)
      alike[decision, default: []].append(item.act.key)
    }
    for (decision, keys) in alike { try quarantine.decide(keys, decision) }
    try quarantine.close()
    return items.map(\.act.key)
  }

  /// Waits for the running server and says what came of it.
  private func tell(_ keys: [HeldAct.Key], in folder: DataFolder) throws {
    let wanted = Set(keys)
    let quarantine = try QuarantineStore(path: folder.quarantine)
    var decided: [HeldAct] = []
    for _ in 0..<HeldDeciding.looks {
      decided = try quarantine.all().filter { wanted.contains($0.key) }
      guard decided.contains(where: { $0.decision?.answer == nil }), DataOptions.runningServer(on: folder) != nil else {
        break
      }
      usleep(100_000)
    }
    try quarantine.close()
    for act in decided { Output.line(HeldText.outcome(act)) }
    let waiting = decided.count { $0.decision?.answer == nil }
    guard waiting > 0 else { return }
    Output.line(
      "\(waiting) of \(decided.count) \(waiting == 1 ? "is" : "are") done as soon as the server runs (服务运行后即生效). See: taizhangd "
        + "quarantine list --decided")
  }
}
