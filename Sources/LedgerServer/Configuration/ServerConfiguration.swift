import EditModel
package import LedgerAdmin
package import Logging
import NIOCore
package import SessionRules

/// What an administrator decides about a server; immutable. deploy/taizhangd.toml.example explains every key.
package struct ServerConfiguration: Sendable {
  /// Where to listen; only the machine's own loopback until there is TLS.
  package var listen = ListenAddress("127.0.0.1:7373")
  /// Where everything is kept.
  package var data = DataFolder(path: "/var/lib/taizhangd")
  /// How many event loops serve connections.
  package var threads = System.coreCount
  /// The most connections at once.
  package var connections = 10_000
  /// How much of each ledger's last commits is kept in memory for those who follow, in bytes.
  package var tailBytes = 16 << 20
  /// How long a shutdown waits for connections, in seconds.
  package var shutdownSeconds = 10
  /// The least level that is logged.
  package var logLevel = Logger.Level.info
  /// The bounds of a connection.
  package var limits = ConnectionLimits()

  /// The defaults.
  package init() {}
}

/// Where a server listens, as written: `HOST:PORT`, an IPv6 host in brackets.
package struct ListenAddress: Hashable, Sendable {
  /// The address as written.
  package let text: String

  /// An address that is looked at when the server starts.
  package init(_ text: String) {
    self.text = text
  }

  /// Host and port; throws when the host is not this machine's own loopback, or nothing of the kind.
  func loopbackPlace() throws(ServerError) -> ListenPlace {
    guard let colon = text.lastIndex(of: ":") else { throw .notAddress(text, reason: "it has no port") }
    let digits = String(text[text.index(after: colon)...])
    guard let port = Decimal.number(digits), port <= 65_535 else {
      throw .notAddress(text, reason: "\"\(digits)\" is no port, which is a number from 0 to 65535")
    }
    let host = String(text[..<colon])
    switch host {
    case "localhost": return ListenPlace(host: "127.0.0.1", port: Int(port))
    case "[::1]": return ListenPlace(host: "::1", port: Int(port))
    default:
      // What cannot be read as an address is as far from loopback as another machine's.
      guard host.hasPrefix("127."), (try? SocketAddress(ipAddress: host, port: Int(port))) != nil else {
        throw .notLoopback(text)
      }
      return ListenPlace(host: host, port: Int(port))
    }
  }

  /// Whether the server would listen on it.
  package func check() throws(ServerError) {
    _ = try loopbackPlace()
  }
}

/// A loopback address that can be listened on.
struct ListenPlace: Hashable, Sendable {
  let host: String
  let port: Int

  /// The host as it stands in front of a port.
  var hostText: String { host.contains(":") ? "[\(host)]" : host }
}
