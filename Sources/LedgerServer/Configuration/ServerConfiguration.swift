import EditModel
package import LedgerAdmin
package import Logging
import NIOCore
package import SessionRules

/// What an administrator decides about a server; immutable. deploy/taizhangd.toml.example explains every key.
package struct ServerConfiguration: Sendable {
  /// Where to listen for plain TCP; only the machine's own loopback.
  package var listen = ListenAddress("127.0.0.1:7373")
  /// Where to listen for TLS, on any address; nil: nowhere.
  package var listenTLS: ListenAddress?
  /// The least version of TLS that is spoken.
  package var tlsMinimum = TLSMinimum.v13
  /// The file of a certificate that another authority made for the server; nil: the organisation's own is shown.
  package var certificate: String?
  /// The file of that certificate's private key.
  package var privateKey: String?
  /// The file of the certificate of the authority that signed it.
  package var authority: String?
  /// Where everything is kept.
  package var data = DataFolder(path: "/var/lib/taizhangd")
  /// The folders that snapshot sets are shipped to, each from the root; none: to none.
  package var shipTo: [String] = []
  /// How many event loops serve connections.
  package var threads = System.coreCount
  /// The most connections at once.
  package var connections = 10_000
  /// The most connections at once that have not said who they are.
  package var waitingConnections = 2_000
  /// The most connections at once of one device; beyond it the oldest goes.
  package var deviceConnections = 8
  /// The most connections at once of one seat; beyond it the oldest of the device that has the most goes.
  package var seatConnections = 64
  /// Whether clients are offered blocks of compressed lines.
  package var deflate = true
  /// How many edits a seat may hand over a second, once it has used its burst.
  package var editsPerSecond = 1_000
  /// How many edits a seat may hand over at once.
  package var editBurst = 100_000
  /// How much of each ledger's last commits is kept in memory for those who follow, in bytes.
  package var tailBytes = 16 << 20
  /// How long a shutdown waits for connections, in seconds.
  package var shutdownSeconds = 10
  /// How many minutes after a snapshot set the next is taken, when something has changed; 0: none is by itself.
  package var snapshotMinutes = 60
  /// Which sets are kept.
  package var retention = Retention.usual
  /// After how many hours without a set that was proved somebody is woken.
  package var proofHours = 26
  /// What is run by the shell then; nil: nothing.
  package var alarmCommand: String?
  /// How many seconds after its start a server first looks whether a set is due.
  package var snapshotDelaySeconds = 600
  /// The least level that is logged.
  package var logLevel = Logger.Level.info
  /// The bounds of a connection.
  package var limits = ConnectionLimits()

  /// The defaults.
  package init() {}

  /// Whether a server would start with it, as far as the addresses and the files of an outside certificate tell.
  package func check() throws(ServerError) {
    try listen.check()
    _ = try listenTLS?.place()
    if let outside = try outsideCertificate() { _ = try ShownCertificate(outside) }
  }

  /// The outside certificate's files; nil when there is none. All three or none must be named.
  func outsideCertificate() throws(ServerError) -> OutsideCertificate? {
    guard let certificate, let privateKey, let authority else {
      guard certificate == nil, privateKey == nil, authority == nil else { throw .incompleteCertificate }
      return nil
    }
    return OutsideCertificate(certificate: certificate, privateKey: privateKey, authority: authority)
  }
}

/// The least version of TLS that a server speaks.
package enum TLSMinimum: String, CaseIterable, Sendable {
  /// For machines whose TLS is old.
  case v12 = "1.2"
  /// What every client of ours speaks.
  case v13 = "1.3"
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
    let place = try place(else: .notLoopback(text))
    guard place.host.hasPrefix("127.") || place.host == "::1" else { throw .notLoopback(text) }
    return place
  }

  /// Host and port of any address of the machine.
  func place() throws(ServerError) -> ListenPlace {
    try place(else: .notAddress(text, reason: "its host is no IP address, such as 0.0.0.0 for all of this machine's"))
  }

  private func place(else problem: ServerError) throws(ServerError) -> ListenPlace {
    guard let colon = text.lastIndex(of: ":") else { throw .notAddress(text, reason: "it has no port") }
    let digits = String(text[text.index(after: colon)...])
    guard let port = Decimal.number(digits), port <= 65_535 else {
      throw .notAddress(text, reason: "\"\(digits)\" is no port, which is a number from 0 to 65535")
    }
    var host = String(text[..<colon])
    if host == "localhost" { host = "127.0.0.1" }
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    if isBracketed { host = String(host.dropFirst().dropLast()) }
    // What cannot be read as an address is as far from loopback as another machine's.
    guard isBracketed == host.contains(":"), (try? SocketAddress(ipAddress: host, port: Int(port))) != nil else {
      throw problem
    }
    return ListenPlace(host: host, port: Int(port))
  }

  /// Whether the server would listen on it.
  package func check() throws(ServerError) {
    _ = try loopbackPlace()
  }
}

/// An address that can be listened on.
struct ListenPlace: Hashable, Sendable {
  let host: String
  let port: Int

  /// The host as it stands in front of a port.
  var hostText: String { host.contains(":") ? "[\(host)]" : host }

  /// `host:port`, with the port that `listener` got.
  func text(_ listener: (any Channel)?) -> String { "\(hostText):\(listener?.localAddress?.port ?? port)" }
}
