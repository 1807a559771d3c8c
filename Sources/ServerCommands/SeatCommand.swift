import ArgumentParser
import EditModel
import LedgerRules
import LedgerStore

/// `taizhangd seat …`.
struct SeatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seat", abstract: "Add and list seats, and say who holds them: duties, not persons (岗位).",
    subcommands: [Add.self, Change.self, List.self, Hold.self, Handover.self, End.self])

  /// `taizhangd seat add SEAT --ledger L --role ROLE [--place P]`.
  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Add a seat to a ledger.",
      discussion: "Roles: " + Role.allCases.map { "\($0.rawValue) \($0.label.chinese)" }.joined(separator: ", "))

    @OptionGroup var options: DataOptions
    @Argument(help: "The seat's name, such as zhangbaiwan.")
    var seat: String
    @Option(help: "The ledger that it belongs to.")
    var ledger: String
    @Option(help: "What it may do; see below.")
    var role: String
    @Option(help: "Its village or office, by official name.")
    var place: String?

    func run() throws {
      let seat = try NameArgument.seat(seat)
      let ledger = try NameArgument.ledger(ledger)
      let role = try SeatCommand.role(role)
      let place = try place.map(NameArgument.place)
      try SeatCommand.check(place, of: role)
      let (_, seats) = try options.seats()
      try seats.addSeat(SeatFacts(seat: seat, role: role, place: place), ledger: ledger, at: DataOptions.now())
      try seats.close()
      Output.line(
        "Added seat \(seat), \(role.label.chinese) (\(role.rawValue)). Next: taizhangd enrol \(seat) --ledger \(ledger)"
      )
    }
  }

  /// `taizhangd seat list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the seats: name, ledger, role, place, who holds it, since when, until when.")

    @OptionGroup var options: DataOptions
    @Flag(help: "List earlier holders too.")
    var all = false

    func run() throws {
      let (_, seats) = try options.seats()
      let terms = try seats.terms()
      for (seat, ledger) in try seats.seats() {
        let own = terms.filter { $0.seat == seat.seat && $0.ledger == ledger }
        let present = own.first { $0.ended == nil }
        let name = "\(seat.seat)\t\(ledger)\t\(seat.role.rawValue)\t\(seat.place?.string ?? "-")"
        Output.line(name + "\t" + (present.map(List.text) ?? "-\t-\t-"))
        for term in own where all && term.ended != nil { Output.line(name + "\t" + List.text(term)) }
      }
      try seats.close()
    }

    /// Person, since when, until when: the day that was said, or the moment at which it ended.
    private static func text(_ term: SeatTerm) -> String {
      let end = term.ended.map { "ended \(ChinaClock.full($0)) (已卸任)" } ?? term.until?.description ?? "-"
      return "\(term.person)\t\(ChinaClock.full(term.began))\t\(end)"
    }
  }
}
