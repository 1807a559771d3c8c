import ArgumentParser
import EditModel
import LedgerStore

/// `taizhangd moved ADDRESS`.
struct MovedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "moved", abstract: "Tell every device that comes in that the server is reached elsewhere (迁址).",
    discussion:
      "Devices look for the server there when it does not answer where it was, and keep the new address once it has opened "
      + "the ledger for them there. So announce it while this server runs, and stop this one before the other begins. Who does "
      + "not come in between sets it by hand: taizhang server ADDRESS. `moved -` takes the announcement back.")

  @OptionGroup var options: DataOptions
  @Argument(help: "The new address HOST:PORT, or `-` to tell nothing more.")
  var address: String

  func run() throws {
    let place = address == "-" ? nil : try NameArgument.address(address, "ADDRESS")
    if let place, place.standsForAll {
      throw CommandProblem(
        "\(place) is every address of a machine, and none that a device can connect to. Nothing was announced. Give the address "
          + "by which devices reach the server.",
        chinese: "\(place) 代表一台机器的所有地址，设备无法连接，没有通知。请写设备实际连接的地址。")
    }
    let (_, seats) = try options.seats()
    try seats.setMoved(place, at: DataOptions.now())
    try seats.close()
    Output.line(
      place.map {
        "Devices are told to look for the server at \($0) when it is here no more (已通知迁址). A running server tells them within "
          + "seconds."
      }
        ?? "Devices are told of no other address any more (已取消迁址通知).")
  }
}
