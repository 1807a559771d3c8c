import ArgumentParser
import EditModel
import Glibc
import LedgerAdmin
import LedgerRules
import LedgerServer
import LedgerStore
import LineProtocol

/// `taizhangd device …`.
struct DeviceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "device", abstract: "Add, list, rename and revoke devices (设备).",
    subcommands: [Add.self, List.self, Rename.self, Revoke.self])

  /// `taizhangd device add SEAT [--ledger L] [--server HOST:PORT] [--again REPLICA] [--out FILE]`.
  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Add a device for a seat and write its device file, which `taizhang init` reads.",
      discussion: "The file holds the device's secret: it is written for its owner only. Carry it on a USB stick, then "
        + "delete it.")

    @OptionGroup var options: DataOptions
    @Argument(help: "The seat that the device is for.")
    var seat: String
    @Option(help: "The ledger of the seat; needed when several ledgers have a seat of this name.")
    var ledger: String?
    @Option(help: "Re-admit this replica, whose folder is still there, under a new secret.")
    var again: String?
    @Option(help: "The device file to write, without it SEAT.device in this folder; `-` prints it, secret and all.")
    var out: String?
    @Option(
      help:
        "The server's address HOST:PORT as the device reaches it; without it the running server's, then the configured one."
    )
    var server: String?

    func validate() throws {
      guard let server, HostPort(server) == nil else { return }
      throw ValidationError(
        "--server is HOST:PORT, such as 127.0.0.1:7373, not \"\(server)\". No device was added. "
          + "--server 要写成 主机:端口，没有添加设备。")
    }

    func run() throws {
      let seat = try NameArgument.seat(seat)
      let (folder, seats) = try options.seats()
      let ledger = try NamedSeat.ledger(ledger, of: seat, seats)
      let out = out ?? "\(seat).device"
      let address = try address(folder)
      let draw = try draw()
      let known = try Set(seats.devices().map(\.replica))
      let grant = try grant(seat, ledger, draw, DeviceOutlet(out: out, folder: folder, address: address), seats)
      let done = Add.words(grant.replica, seat, isAgain: again != nil, isKnown: known.contains(grant.replica))
      if out == "-" { return Output.error(done) }
      Output.line(
        "\(done) It looks for the server at \(address). On the device: taizhang init \(out). The file holds its secret; delete it afterwards."
      )
    }

    /// The device file goes first, whole and on the disk, and the device is registered behind it: no device is ever
    /// registered whose file is lost. A kill in between leaves a file that opens nothing.
    private func grant(
      _ seat: SeatID, _ ledger: ExactString, _ draw: DeviceDraw, _ outlet: DeviceOutlet, _ seats: SeatStore
    ) throws -> DeviceGrant {
      let text = DeviceFile.text(draw, ledger, server: outlet.address)
      try outlet.write(text)
      do throws(StoreError) {
        let grant =
          again == nil
          ? try seats.addDevice(seat, of: ledger, draw: draw, at: DataOptions.now())
          : try seats.deviceAgain(seat, of: ledger, replica: draw.replica, draw: draw, at: DataOptions.now())
        try seats.close()
        outlet.print(text)
        return grant
      } catch {
        try outlet.takeBack(draw, error, seats)
        throw error
      }
    }

    private static func words(_ replica: ReplicaID, _ seat: SeatID, isAgain: Bool, isKnown: Bool) -> String {
      if isKnown { return "Re-admitted device \(replica) for seat \(seat) under a new secret (已重新登记设备)." }
      guard isAgain else { return "Added device \(replica) for seat \(seat) (已登记设备)." }
      return
        "Added device \(replica) for seat \(seat) (已登记设备). It was not known here, as after a restore: use its file "
        + "only if the device's `taizhang status` shows this id; for any other device leave out --again."
    }

    /// The replica's id, which is drawn unless it is to be let in again, and its secret.
    private func draw() throws -> DeviceDraw {
      var generator = SystemRandomNumberGenerator()
      let draw = DeviceDraw(using: &generator)
      guard let again else { return draw }
      return draw.keeping(try NameArgument.replica(again))
    }

    private func address(_ folder: DataFolder) throws -> String {
      if let server { return server }
      if let running = DataOptions.runningServer(on: folder) { return running }
      return try options.configuration().listen.text
    }
  }
}
