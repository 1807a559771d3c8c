import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

/// What `taizhangd serve` runs: the server in a service group that SIGTERM and SIGINT shut down gracefully.
package enum ServerProgram {
  /// Serves until the process is told to end. Logs go to standard error; `whenListening` is given the address
  /// `HOST:PORT` once connections are taken.
  package static func serve(
    _ configuration: ServerConfiguration, whenListening: @escaping @Sendable (String) -> Void
  ) async throws {
    // A peer that is gone must not end the process: writing to it fails, and that is all.
    signal(SIGPIPE, SIG_IGN)
    var logger = Logger(label: "taizhangd") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = configuration.logLevel
    let server = TaizhangServer(configuration: configuration, logger: logger, whenListening: whenListening)
    var group = ServiceGroupConfiguration(
      services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = .seconds(configuration.shutdownSeconds + 60)
    try await ServiceGroup(configuration: group).run()
  }
}
