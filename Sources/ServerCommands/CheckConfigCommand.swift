import ArgumentParser
import LedgerAdmin
import LedgerServer

/// `taizhangd check-config`.
struct CheckConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-config", abstract: "Read the configuration file and say what is wrong with it (检查配置).")

  @Option(help: "The configuration file (TOML).")
  var config: String

  func run() throws {
    let configuration = try ServerConfiguration(file: config)
    try configuration.check()
    let tls = configuration.listenTLS.map { ", listen_tls \($0.text)" } ?? ""
    Output.line("\(config): in order. listen \(configuration.listen.text)\(tls), data \(configuration.data.path)")
  }
}
