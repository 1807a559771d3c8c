import ArgumentParser
import EditModel
import LedgerStore

/// `taizhangd moved ADDRESS`.
struct MovedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "moved", abstract: "Tell every device that comes in that the server is reached elsewhere (迁址).",
    discussion:
      "Devices keep the new address and use it from their next connection on; who does not come in before the old "
      + "address ends sets it by hand: taizhang server ADDRESS. `moved -` takes the announcement back. Nothing else is changed: "
      + "have the server listen there first.")

  @OptionGroup var options: DataOptions
  @Argument(help: "The new address HOST:PORT, or `-` to tell nothing more.")
  var address: String

  func run() throws {
    let place = address == "-" ? nil : try NameArgument.address(address, "ADDRESS")
    let (_, seats) = try options.seats()
    try seats.setMoved(place, at: DataOptions.now())
    try seats.close()
    Output.line(
      place.map { "Devices are told that the server is at \($0) (已通知迁址). A running server tells them within seconds." }
        ?? "Devices are told of no other address any more (已取消迁址通知).")
  }
}
