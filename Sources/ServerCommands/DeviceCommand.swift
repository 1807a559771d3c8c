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
    commandName: "device", abstract: "Add and list devices (设备).", subcommands: [Add.self, List.self])

  /// `taizhangd device add SEAT [--ledger L] [--again REPLICA] [--out FILE]`.
  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Add a device for a seat and write its device file, which `taizhang init` reads.",
      discussion: "The file holds the device's secret: it is written for its owner only. Carry it on a USB stick, then "
        + "delete it.")

    @OptionGroup var options: DataOptions
    @Argument(help: "The seat that the device is for.")
    var seat: String
    @Option(help: "The ledger that the seat must belong to.")
    var ledger: String?
    @Option(help: "Re-admit this replica, whose folder is still there, under a new secret.")
    var again: String?
    @Option(help: "The device file to write; without it the file goes to standard output.")
    var out: String?
    @Option(help: "The server's address as the device reaches it; without it DATA/port, then the configured one.")
    var server: String?

    func run() throws {
      let seat = try NameArgument.seat(seat)
      let (folder, seats) = try options.seats()
      if let ledger { try check(seat, ledger, seats) }
      if let out, access(out, F_OK) == 0 {
        throw CommandProblem("\(out) is there already. No device was added. Choose another name or delete the file.")
      }
      let grant = try grant(seat, seats)
      try seats.close()
      let text = DeviceFile.text(grant, server: try address(folder))
      guard let out else { return Output.line(text.trimmingLastNewline) }
      try PlainFile.write(text, to: out, mode: 0o600)
      Output.line(
        "Added device \(grant.replica) for seat \(seat) (已登记设备). On the device: taizhang init \(out). "
          + "The file holds its secret; delete it afterwards.")
    }

    private func check(_ seat: SeatID, _ ledger: String, _ seats: SeatStore) throws {
      let ledger = try NameArgument.ledger(ledger)
      guard let entry = try seats.seats().first(where: { $0.seat.seat == seat }) else {
        throw StoreError.seats(.noSeat(seat))
      }
      guard entry.ledger == ledger else {
        throw CommandProblem("Seat \(seat) belongs to ledger \(entry.ledger). No device was added. Name that ledger.")
      }
    }

    private func grant(_ seat: SeatID, _ seats: SeatStore) throws -> DeviceGrant {
      var generator = SystemRandomNumberGenerator()
      let draw = DeviceDraw(using: &generator)
      guard let again else { return try seats.addDevice(seat, draw: draw, at: DataOptions.now()) }
      guard let replica = ReplicaID(again) else {
        throw CommandProblem(
          "\"\(again)\" is no replica id. Nothing was changed. `taizhang status` shows a device's own.")
      }
      return try seats.deviceAgain(seat, replica: replica, draw: draw, at: DataOptions.now())
    }

    private func address(_ folder: DataFolder) throws -> String {
      if let server { return server }
      if let running = PlainFile.text(of: folder.port)?.trimmingLastNewline { return running }
      return try options.configuration().listen.text
    }
  }

  /// `taizhangd device list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the devices: replica, seat, ledger, last heard from, unsent then.")

    @OptionGroup var options: DataOptions

    func run() throws {
      let (_, seats) = try options.seats()
      for device in try seats.devices() {
        Output.line(
          "\(device.replica)\t\(device.seat.seat)\t\(device.ledger)\t\(device.contact?.description ?? "-")\t\(device.unsent)"
        )
      }
      try seats.close()
    }
  }
}

/// The file that makes a folder on a device a replica.
enum DeviceFile {
  /// The text of the file for `grant`.
  static func text(_ grant: DeviceGrant, server: String) -> String {
    """
    taizhang-device 1
    server \(server)
    ledger \(grant.ledger)
    replica \(grant.replica)
    secret \(grant.secret.digits)

    """
  }
}

extension String {
  /// Without the line feed that ends it.
  fileprivate var trimmingLastNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
