import ArgumentParser
import LedgerServer

/// `taizhangd serve`.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve the ledgers of a data folder until SIGTERM or SIGINT (启动服务).",
    discussion:
      "Plain connections are taken from this machine only; others come in over TLS, which --listen-tls or the "
      + "configuration's listen_tls turns on. Says on standard output where it listens; logs go to standard error.")

  @OptionGroup var options: DataOptions

  @Option(help: "The address to listen on, HOST:PORT; port 0 takes a free one. DATA/port says which.")
  var listen: String?

  @Option(help: "The address to listen on for TLS, such as 0.0.0.0:7374; DATA/port says which in its second line.")
  var listenTls: String?

  func run() async throws {
    var configuration = try options.configuration()
    if let listen { configuration.listen = ListenAddress(listen) }
    if let listenTls { configuration.listenTLS = ListenAddress(listenTls) }
    try configuration.check()
    try await ServerProgram.serve(configuration) { address in Output.line("listening on \(address)") }
  }
}
