import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

/// What `taizhangd serve` runs: the server in a service group that SIGTERM and SIGINT shut down gracefully.
package enum ServerProgram {
  /// Serves until the process is told to end. Logs go to standard error.
  package static func serve(_ configuration: ServerConfiguration) async throws {
    // A peer that is gone must not end the process: writing to it fails, and that is all.
    signal(SIGPIPE, SIG_IGN)
    var logger = Logger(label: "taizhangd") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = configuration.logLevel
    let server = TaizhangServer(configuration: configuration, logger: logger)
    var group = ServiceGroupConfiguration(
      services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = .seconds(configuration.shutdownSeconds + 60)
    try await ServiceGroup(configuration: group).run()
  }
}
