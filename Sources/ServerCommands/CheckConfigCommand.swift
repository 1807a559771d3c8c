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
    try configuration.listen.check()
    Output.line("\(config): in order. listen \(configuration.listen.text), data \(configuration.data.path)")
  }
}
