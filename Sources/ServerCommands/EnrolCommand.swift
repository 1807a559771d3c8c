import ArgumentParser
import EditModel
import LedgerAdmin
import LedgerIdentity
import LedgerRules
import LedgerServer
import LedgerStore

/// `taizhangd enrol SEAT`.
struct EnrolCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enrol", abstract: "Make a code that lets one device in for a seat, and print its line once (登记).",
    discussion: """
      The line has everything that the device needs: there, `taizhang enrol LINE`. Where it cannot be copied, read the \
      telephone form out and have the other side run `taizhang enrol`, which asks for it. A code lets one device in, once, \
      and expires. It is shown here only: the server keeps no copy. Exit codes: 0 made; 1 refused or failed.
      """)

  @OptionGroup var options: DataOptions
  @Argument(help: "The seat that the device is for.")
  var seat: String
  @Option(help: "The ledger of the seat; needed when several ledgers have a seat of this name.")
  var ledger: String?
  @Option(help: "The server's address HOST:PORT as the device reaches it; without it where the server listens for TLS.")
  var server: String?
  @Option(
    help: "A second address HOST:PORT, kept for all devices that are enrolled from now on; `-` keeps none any more.")
  var second: String?
  @Option(help: "How many hours the code lets somebody in, 1 to 720.")
  var valid: UInt64 = 24
  @Option(help: "The replica that the device goes on with: its folder is still there, or its history is to go on.")
  var again: String?

  func validate() throws {
    guard (1...720).contains(valid) else {
      throw ValidationError("--valid is 1 to 720 hours. No code was made. --valid 为 1 到 720 小时，没有生成登记码。")
    }
  }

  func run() throws {
    let seat = try NameArgument.seat(seat)
    let (folder, seats) = try options.seats()
    let ledger = try NamedSeat.ledger(ledger, of: seat, seats)
    let again = try again.map(NameArgument.replica)
    let second = try second.map(EnrolCommand.second)
    let address = try address(folder)
    let now = DataOptions.now()
    let identity = try AdminWords.telling { try IdentityFolder(folder).ready(at: now) }
    let expires = Stamp(milliseconds: now.milliseconds + valid * 3_600_000)
    if let second { try seats.setSecond(second.address, at: now) }
    let code = try EnrolCommand.make(in: seats, at: now) { code in
      EnrolmentFacts(
        lookup: code.lookup, seat: seat, ledger: ledger, key: try EnrolmentKey(of: code).bytes, expires: expires,
        again: again)
    }
    let known = try seats.addresses().second
    try seats.close()
    let line = EnrolmentLine(
      server: address, second: known, ledger: ledger, fingerprint: identity.fingerprint, code: code)
    Output.line(line.text)
    Output.line("telephone (电话)\t\(address)\t\(code.spoken)")
    Output.line(
      "For one device of seat \(seat), until \(ChinaClock.full(expires)) in China (仅供一台设备使用一次，有效期至北京时间 "
        + "\(ChinaClock.full(expires))). On the device: taizhang enrol LINE. Shown once; the server keeps no copy (只显示这一次)."
    )
  }

  /// Draws a code that is not in use and keeps it.
  private static func make(
    in seats: SeatStore, at now: Stamp, _ facts: (EnrolmentCode) throws -> EnrolmentFacts
  ) throws -> EnrolmentCode {
    var generator = SystemRandomNumberGenerator()
    var left = 8
    while true {
      let code = EnrolmentCode(using: &generator)
      do {
        try seats.addEnrolment(try facts(code), at: now)
        return code
      } catch StoreError.seats(.codeTaken) where left > 0 {
        left -= 1
      }
    }
  }

  /// What `--second` says: an address, or that there is none any more.
  private struct Second { let address: HostPort? }

  private static func second(_ text: String) throws -> Second {
    guard text != "-" else { return Second(address: nil) }
    let address = try NameArgument.address(text, "--second")
    guard !address.standsForAll else {
      throw CommandProblem(
        "\(address) is every address of a machine, and none that a device can connect to. No code was made. Give --second the "
          + "address by which devices reach the second server.",
        chinese: "\(address) 代表一台机器的所有地址，设备无法连接，没有生成登记码。请用 --second 写明设备实际连接的地址。")
    }
    return Second(address: address)
  }

  /// Where the device finds the server: said, or where the running server listens for TLS. An address that stands for
  /// all of a machine's is one that nobody can connect to.
  private func address(_ folder: DataFolder) throws -> HostPort {
    if let server {
      let address = try NameArgument.address(server, "--server")
      guard !address.standsForAll else {
        throw CommandProblem(
          "\(address) is every address of this machine, and none that a device can connect to. No code was made. Give --server "
            + "the address by which devices reach it.",
          chinese: "\(address) 代表本机的所有地址，设备无法连接，没有生成登记码。请用 --server 写明设备实际连接的地址。")
      }
      return address
    }
    let configured = try options.configuration().listenTLS?.text
    let text = DataOptions.runningTLS(on: folder) ?? configured
    guard let text, let address = HostPort(text), !address.standsForAll else {
      throw CommandProblem(
        "It is not known under which address devices reach this server. No code was made. Say it with --server HOST:PORT; "
          + "the server takes devices in where listen_tls is configured.",
        chinese: "不知道设备用什么地址连接本服务器，没有生成登记码。请用 --server 主机:端口 写明；服务器须配置 listen_tls。")
    }
    return address
  }
}
