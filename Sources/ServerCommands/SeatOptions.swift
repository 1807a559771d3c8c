import EditModel
import LedgerRules
import LedgerStore

/// Which ledger's seat is meant when none is named.
enum NamedSeat {
  /// The ledger that was named, else the only one that has the seat.
  static func ledger(_ named: String?, of seat: SeatID, _ seats: SeatStore) throws -> ExactString {
    if let named { return try NameArgument.ledger(named) }
    let ledgers = try seats.seats().filter { $0.seat.seat == seat }.map(\.ledger)
    guard let only = ledgers.first else { throw StoreError.seats(.noSeat(seat, nil)) }
    guard ledgers.count == 1 else {
      let names = ledgers.map(\.string).joined(separator: ", ")
      throw CommandProblem(
        "Several ledgers have a seat \(seat): \(names). Nothing was changed. Say which with --ledger.",
        chinese: "几个台账都有这个岗位，什么也没有改动。请用 --ledger 指明台账。")
    }
    return only
  }
}

extension NameArgument {
  /// A person's or a device's name.
  static func name(_ text: String) throws -> ExactString {
    guard Name.isValid(text) else {
      throw CommandProblem(
        "\"\(text)\" cannot be a name. Nothing was changed. Use Chinese characters, a-z, 0-9, _ and -, without spaces, "
          + "128 bytes at most.",
        chinese: "名称不合规定，什么也没有改动。名称只能用汉字、小写字母、数字、_ 和 -，不含空格，最长 128 字节。")
    }
    return ExactString(text)
  }

  /// A replica id.
  static func replica(_ text: String) throws -> ReplicaID {
    guard let replica = ReplicaID(text) else {
      throw CommandProblem(
        "\"\(text)\" is no replica id. Nothing was changed. `taizhangd device list` and a device's own `taizhang status` "
          + "show it.",
        chinese: "这不是设备编号，什么也没有改动。用 taizhangd device list 或设备上的 taizhang status 可看编号。")
    }
    return replica
  }

  /// An address `HOST:PORT`.
  static func address(_ text: String, _ option: String) throws -> HostPort {
    guard let address = HostPort(text) else {
      throw CommandProblem(
        "\(option) is HOST:PORT, such as 10.1.2.3:7374 or town.example:7374, not \"\(text)\". Nothing was changed.",
        chinese: "\(option) 要写成 主机:端口，什么也没有改动。")
    }
    return address
  }
}
