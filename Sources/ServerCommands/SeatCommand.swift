import ArgumentParser
import EditModel
import LedgerRules
import LedgerStore

/// `taizhangd seat …`.
struct SeatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seat", abstract: "Add and list seats: duties, not persons (岗位).", subcommands: [Add.self, List.self])

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
      guard let role = Role(rawValue: role) else {
        throw CommandProblem(
          "There is no role \"\(role)\". Nothing was changed. Use one of "
            + Role.allCases.map(\.rawValue).joined(separator: ", ") + ".",
          chinese: "没有这种角色，什么也没有改动。请用上面列出的角色之一。")
      }
      let place = try place.map(NameArgument.place)
      guard place != nil || role != .villageClerk else {
        throw CommandProblem(
          "A village clerk's seat needs --place: in its commands `15` means its own village's part of problem 15. Nothing "
            + "was changed. Add --place with the village's official name.",
          chinese: "村级岗位须写明村名，什么也没有改动。请用 --place 写上村的正式名称。")
      }
      let (_, seats) = try options.seats()
      try seats.addSeat(SeatFacts(seat: seat, role: role, place: place), ledger: ledger, at: DataOptions.now())
      try seats.close()
      Output.line(
        "Added seat \(seat), \(role.label.chinese) (\(role.rawValue)). Next: taizhangd device add \(seat) --ledger \(ledger)"
      )
    }
  }

  /// `taizhangd seat list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the seats: name, ledger, role, place.")

    @OptionGroup var options: DataOptions

    func run() throws {
      let (_, seats) = try options.seats()
      for (seat, ledger) in try seats.seats() {
        Output.line("\(seat.seat)\t\(ledger)\t\(seat.role.rawValue)\t\(seat.place?.string ?? "-")")
      }
      try seats.close()
    }
  }
}
