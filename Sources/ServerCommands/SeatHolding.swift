import ArgumentParser
import EditModel
import LedgerRules
import LedgerStore

/// Which seat, and of which ledger.
struct SeatArguments: ParsableArguments {
  @Argument(help: "The seat.")
  var seat: String
  @Option(help: "The ledger of the seat; needed when several ledgers have a seat of this name.")
  var ledger: String?
}

extension SeatCommand {
  /// `taizhangd seat hold SEAT PERSON`.
  struct Hold: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say who holds a seat that nobody holds; or until when its holder has it.",
      discussion:
        "One person may hold several seats, and then never reviews what the same person has submitted. For who holds the "
        + "seat already, --until sets the day anew.")

    @OptionGroup var options: DataOptions
    @OptionGroup var seat: SeatArguments
    @Argument(help: "The person's name.")
    var person: String
    @Option(help: "The day up to which it is given, YYYY-MM-DD; a note, nothing ends by itself.")
    var until: String?

    func run() throws {
      let (name, person) = (try NameArgument.seat(seat.seat), try NameArgument.name(person))
      let until = try until.map(SeatCommand.day)
      let (_, seats) = try options.seats()
      let ledger = try NamedSeat.ledger(seat.ledger, of: name, seats)
      let isNew = try seats.hold(name, of: ledger, person: person, until: until, at: DataOptions.now())
      try seats.close()
      let day = until.map { " until \($0)" } ?? ""
      Output.line(
        isNew
          ? "\(person) holds seat \(name) of ledger \(ledger)\(day) (已任职)."
          : "\(person) holds seat \(name) of ledger \(ledger)\(day) now (已改任期).")
    }
  }

  /// `taizhangd seat handover SEAT PERSON`.
  struct Handover: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Hand a seat over to another person (交接).",
      discussion:
        "The seat's history, open items and drafts on the ledger stay as they are. The seat's devices are revoked and its "
        + "unused codes taken back, so that who leaves receives nothing more; --keep-devices leaves both, as when the machine "
        + "is handed over too."
    )

    @OptionGroup var options: DataOptions
    @OptionGroup var seat: SeatArguments
    @Argument(help: "Who holds it from now on.")
    var person: String
    @Option(help: "The day up to which it is given, YYYY-MM-DD; a note, nothing ends by itself.")
    var until: String?
    @Flag(help: "Leave the seat's devices in use.")
    var keepDevices = false

    func run() throws {
      let (name, person) = (try NameArgument.seat(seat.seat), try NameArgument.name(person))
      let until = try until.map(SeatCommand.day)
      let (_, seats) = try options.seats()
      let ledger = try NamedSeat.ledger(seat.ledger, of: name, seats)
      let done = try seats.handOver(
        name, of: ledger, to: person, until: until, keepsDevices: keepDevices, at: DataOptions.now())
      try seats.close()
      let before = done.before?.string ?? "nobody (空缺)"
      Output.line("Seat \(name) of ledger \(ledger) went from \(before) to \(person) (已交接).")
      SeatCommand.tell(done)
      if !keepDevices { Output.line("Next: taizhangd enrol \(name) --ledger \(ledger)") }
    }
  }

  /// `taizhangd seat end SEAT`.
  struct End: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End the term of who holds a seat; nobody holds it then (离任).",
      discussion: "The seat's devices are revoked and its unused codes taken back unless --keep-devices.")

    @OptionGroup var options: DataOptions
    @OptionGroup var seat: SeatArguments
    @Flag(help: "Leave the seat's devices in use.")
    var keepDevices = false

    func run() throws {
      let name = try NameArgument.seat(seat.seat)
      let (_, seats) = try options.seats()
      let ledger = try NamedSeat.ledger(seat.ledger, of: name, seats)
      let done = try seats.endHolding(name, of: ledger, keepsDevices: keepDevices, at: DataOptions.now())
      try seats.close()
      Output.line("\(done.before?.string ?? "-") holds seat \(name) of ledger \(ledger) no more (已离任).")
      SeatCommand.tell(done)
    }
  }

  private static func tell(_ done: SeatStore.Handover) {
    for replica in done.revoked { Output.line("revoked\t\(replica)\t已停用") }
    for lookup in done.withdrawn { Output.line("code withdrawn\t\(lookup)-…\t登记码已收回") }
  }

  private static func day(_ text: String) throws -> CivilDate {
    guard let day = CivilDate(text) else {
      throw CommandProblem(
        "--until is a day, YYYY-MM-DD, not \"\(text)\". Nothing was changed.",
        chinese: "--until 要写成 年-月-日，例如 2026-12-31，什么也没有改动。")
    }
    guard day.dayNumber >= CivilDate(milliseconds: DataOptions.now().milliseconds).dayNumber else {
      throw CommandProblem(
        "--until \(day) is over. Nothing was changed. Give a day that is to come; what has ended is ended with `seat end`.",
        chinese: "--until \(day) 已经过去，什么也没有改动。请写将来的日期；已离任请用 taizhangd seat end。")
    }
    return day
  }
}
