import ArgumentParser
import EditModel
import LedgerRules
import LedgerStore

extension DeviceCommand {
  /// `taizhangd device list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the devices.",
      discussion:
        "Columns: replica, name, seat, ledger, last heard from (China time), acts unsent then, software, clock, "
        + "state. A running server writes what it hears within seconds.")

    @OptionGroup var options: DataOptions
    @Flag(help: "Print a JSON array.")
    var json = false

    func run() throws {
      let (_, seats) = try options.seats()
      let devices = try seats.devices()
      try seats.close()
      if json { return Output.line("[" + devices.map(List.json).joined(separator: ",") + "]") }
      let now = DataOptions.now()
      let firsts = List.firsts(devices)
      for device in devices {
        let first = device.key.flatMap { firsts[$0] }
        Output.line(List.text(device, copyOf: first == device.replica ? nil : first, now: now))
      }
    }

    /// The device that was enrolled first with each key; others with it are copies of its folder.
    private static func firsts(_ devices: [DeviceFacts]) -> [String: ReplicaID] {
      let keyed = devices.sorted { $0.enrolled < $1.enrolled }.compactMap { device in
        device.key.map { ($0, device.replica) }
      }
      return Dictionary(keyed, uniquingKeysWith: { first, _ in first })
    }

    private static func text(_ device: DeviceFacts, copyOf first: ReplicaID?, now: Stamp) -> String {
      let copy = first.map { ", copy of \($0) (其副本)" } ?? ""
      let state = (device.revoked.map { "revoked \(ChinaClock.full($0)) (已停用)" } ?? "in use (在用)") + copy
      let words: [String] = [
        device.replica.description, device.name?.string ?? "-", device.seat.seat.description, device.ledger.string,
        ChinaTime.contact(device.contact, now: now), "\(device.unsent) unsent (未送\(device.unsent)条)",
        device.version?.string ?? "-", ChinaTime.offset(device.clockOffset), state,
      ]
      return words.joined(separator: "\t")
    }

    private static func json(_ device: DeviceFacts) -> String {
      let text: [(String, String?)] = [
        ("replica", device.replica.description), ("name", device.name?.string),
        ("seat", device.seat.seat.description), ("ledger", device.ledger.string),
        ("role", device.seat.role.rawValue), ("place", device.seat.place?.string),
        ("holder", device.seat.holder?.string), ("enrolled", ChinaClock.full(device.enrolled)),
        ("contact", device.contact.map(ChinaClock.full)), ("version", device.version?.string), ("key", device.key),
        ("revoked", device.revoked.map(ChinaClock.full)),
      ]
      let members =
        text.map { "\"\($0.0)\":" + ($0.1.map(SetText.quoted) ?? "null") } + [
          "\"unsent\":\(device.unsent)",
          "\"clock_offset_ms\":" + (device.clockOffset.map(String.init) ?? "null"),
        ]
      return "{" + members.joined(separator: ",") + "}"
    }
  }

  /// `taizhangd device rename REPLICA NAME`.
  struct Rename: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Give a device a name for people, such as 村委会电脑.")

    @OptionGroup var options: DataOptions
    @Argument(help: "The device's replica id.")
    var replica: String
    @Argument(help: "Its name.")
    var name: String

    func run() throws {
      let (replica, name) = (try NameArgument.replica(replica), try NameArgument.name(name))
      let (_, seats) = try options.seats()
      try seats.rename(replica, to: name, at: DataOptions.now())
      try seats.close()
      Output.line("Device \(replica) is called \(name) (已改名).")
    }
  }

  /// `taizhangd device revoke REPLICA`.
  struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shut a device out.",
      discussion:
        "From then on it receives nothing: its open connections end within seconds, and the unused codes made for it are "
        + "taken back. Copies of its folder, which have its key, are shut out with it. What it had and could not send it may "
        + "still hand over; that waits for a decision and is no part of the ledger. What it has received stays on it: nothing "
        + "can be taken back from a disk that is elsewhere. `taizhangd enrol SEAT --again REPLICA` lets it in again."
    )

    @OptionGroup var options: DataOptions
    @Argument(help: "The device's replica id.")
    var replica: String

    func run() throws {
      let replica = try NameArgument.replica(replica)
      let (_, seats) = try options.seats()
      let done = try seats.revoke(replica, at: DataOptions.now())
      let unsent = try seats.device(replica)?.unsent ?? 0
      try seats.close()
      Output.line(
        done.isNew
          ? "Revoked device \(replica) (已停用). A running server ends its connections within seconds."
          : "Device \(replica) was revoked before (早已停用).")
      for copy in done.copies {
        Output.line("copy revoked\t\(copy)\ta copy of its folder, with the same key (同一密钥的副本已停用)")
      }
      Revoke.tell(done)
      guard done.isNew, unsent > 0 else { return }
      Output.line(
        "Unsent when it last said so: \(unsent). What it has it may still hand over; that waits for a decision "
          + "(它上次报告有 \(unsent) 条未送，可以交来，等候处理).")
    }

    /// Which codes ended with it, and which are to be thought of.
    private static func tell(_ done: SeatStore.Revocation) {
      for lookup in done.withdrawn { Output.line("code withdrawn\t\(lookup)-…\t登记码已收回") }
      for lookup in done.open {
        Output.line(
          "code open\t\(lookup)-…\tlets a device in for this seat still; if its line may be in wrong hands: taizhangd code "
            + "withdraw \(lookup) (该岗位还有可用的登记码)")
      }
    }
  }
}
