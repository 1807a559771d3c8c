import ArgumentParser
import LedgerServer

/// `taizhangd serve`.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve the ledgers of a data folder until SIGTERM or SIGINT (启动服务).",
    discussion: "Listens on this machine only until there is TLS; others come in through `ssh -L`. Says so on standard "
      + "output once it does; logs go to standard error.")

  @OptionGroup var options: DataOptions

  @Option(help: "The address to listen on, HOST:PORT; port 0 takes a free one. DATA/port says which.")
  var listen: String?

  func run() async throws {
    var configuration = try options.configuration()
    if let listen { configuration.listen = ListenAddress(listen) }
    try configuration.listen.check()
    try await ServerProgram.serve(configuration) { address in Output.line("listening on \(address)") }
  }
}
