import ArgumentParser
import EditModel
import LedgerRules
import LedgerStore

extension SeatCommand {
  /// `taizhangd seat change SEAT [--role ROLE] [--place P]`.
  struct Change: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "change", abstract: "Put a seat's role or place right.",
      discussion:
        "Its devices come in again at once, with the rights and the view that the seat has then. What it has written stays. "
        + "--place - takes the place away.")

    @OptionGroup var options: DataOptions
    @OptionGroup var seat: SeatArguments
    @Option(help: "What it may do; the roles are in the help of `seat add`.")
    var role: String?
    @Option(help: "Its village or office, by official name.")
    var place: String?

    func validate() throws {
      guard role != nil || place != nil else {
        throw ValidationError("Give --role, --place or both. Nothing was changed. 请写 --role 或 --place，什么也没有改动。")
      }
    }

    func run() throws {
      let name = try NameArgument.seat(seat.seat)
      let role = try role.map(SeatCommand.role)
      let (_, seats) = try options.seats()
      let ledger = try NamedSeat.ledger(seat.ledger, of: name, seats)
      guard let present = try seats.seats().first(where: { $0.seat.seat == name && $0.ledger == ledger })?.seat else {
        throw StoreError.seats(.noSeat(name, ledger))
      }
      var facts = SeatFacts(seat: name, role: role ?? present.role, place: present.place)
      if let place {
        facts = SeatFacts(seat: name, role: facts.role, place: try place == "-" ? nil : NameArgument.place(place))
      }
      try SeatCommand.check(facts.place, of: facts.role)
      let isNew = try seats.change(facts, of: ledger, at: DataOptions.now())
      try seats.close()
      let text = "\(facts.role.rawValue) \(facts.role.label.chinese), place \(facts.place?.string ?? "-")"
      Output.line(
        isNew
          ? "Seat \(name) of ledger \(ledger) is \(text) now (已更正)."
          : "Seat \(name) of ledger \(ledger) is \(text) already; nothing was changed (没有变化).")
    }
  }

  /// The role of this name.
  static func role(_ text: String) throws -> Role {
    guard let role = Role(rawValue: text) else {
      throw CommandProblem(
        "There is no role \"\(text)\". Nothing was changed. Use one of "
          + Role.allCases.map(\.rawValue).joined(separator: ", ") + ".",
        chinese: "没有这种角色，什么也没有改动。请用上面列出的角色之一。")
    }
    return role
  }

  /// Refuses a seat that could do nothing for want of a place.
  static func check(_ place: ExactString?, of role: Role) throws {
    guard place == nil else { return }
    switch role {
    case .villageClerk:
      throw CommandProblem(
        "A village clerk's seat needs --place: in its commands `15` means its own village's part of problem 15. Nothing "
          + "was changed. Add --place with the village's official name.",
        chinese: "村级岗位须写明村名，什么也没有改动。请用 --place 写上村的正式名称。")
    case .townOffice:
      throw CommandProblem(
        "A town office's seat needs --place: it sees the problems that name its office. Nothing was changed. Add --place with "
          + "the office's official name.",
        chinese: "科室岗位须写明科室名称（只看到涉及它的问题），什么也没有改动。请用 --place 写上科室的正式名称。")
    case .lineLeader, .discipline, .secretary, .roundOwner, .county, .admin: return
    }
  }
}
