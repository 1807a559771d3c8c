import EditModel
import FoundationEssentials
import Glibc
import LedgerAdmin
import LedgerIdentity
import LedgerServer
import LedgerStore
import LineProtocol
import NIOCore
import NIOSSL
import Testing

/// A server as other machines reach it.
struct TLSServerTests {
  let fixture: ServerFixture

  init() throws {
    fixture = try ServerFixture()
    _ = try IdentityFolder(fixture.folder).ready(at: TLSServerTests.now)
  }

  private var organisation: OrganisationKey {
    get throws { try IdentityFolder(fixture.folder).load().organisation }
  }

  private static var now: Stamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Stamp(milliseconds: UInt64(time.tv_sec) * 1_000)
  }

  /// The device's key, which every device of these tests has.
  let key = KeyPair()

  private func side(of device: DeviceGrant, now: Stamp = TLSServerTests.now) throws -> TLSSide {
    try TLSSide(organisation, key: key, name: device.replica.description, now: now)
  }

  @Test func showsItsCertificateAndTheOrganisations() async throws {
    try await fixture.servingTLS { port in
      let side = TLSSide()
      let peer = try await ServerPeer.connected(to: port, tls: side)
      #expect(try await peer.line()?.hasPrefix("* taizhang 1 ") == true)
      let identity = try IdentityFolder(fixture.folder).load()
      #expect(side.shown == [identity.certificate.der, try identity.organisation.certificateDER()])
      await peer.close()
    }
  }

  @Test func saysInItsPortFileWhereItListens() async throws {
    try await fixture.servingTLS { port in
      let lines = try #require(PlainFile.text(of: fixture.folder.port)).split(separator: "\n")
      #expect(lines.count == 2)
      #expect(lines[1] == "tls 127.0.0.1:\(port)")
    }
  }

  @Test func takesAnActOfADeviceWithItsCertificate() async throws {
    let device = try fixture.device(key: key)
    try await fixture.servingTLS { port in
      let peer = try await ServerPeer.authenticated(device, to: port, tls: try side(of: device))
      try await peer.send("p put \(device.replica).1/1 1 01hcd4g9s0000 0 - . problem 问题\n")
      #expect(try await peer.line() == "p ok 1")
      await peer.close()
    }
  }

  @Test func refusesADeviceWithoutItsCertificateInWords() async throws {
    let device = try fixture.device(key: key)
    try await fixture.servingTLS { port in
      let old = Stamp(milliseconds: TLSServerTests.now.milliseconds - 4 * 365 * 86_400_000)
      let stranger = try OrganisationKey.make(name: "taizhang", now: .init(TLSServerTests.now))
      for (side, what) in [
        (TLSSide(), "missing"),
        (try TLSSide(organisation, key: KeyPair(), name: device.replica.description, now: TLSServerTests.now), "other"),
        (try side(of: device, now: old), "expired"),
        (try TLSSide(stranger, key: key, name: device.replica.description, now: TLSServerTests.now), "other"),
      ] {
        let peer = try await ServerPeer.connected(to: port, tls: side)
        try await peer.send("a auth \(device.replica) \(device.secret.digits) unsent=0\n")
        #expect(try await peer.lines(3).last == "a stop certificate \(what)")
        try await peer.closed()
      }
    }
  }

  @Test func givesADeviceItsNextCertificateForTheSameKey() async throws {
    let device = try fixture.device(key: key)
    try await fixture.servingTLS { port in
      let side = try side(of: device)
      let peer = try await ServerPeer.authenticated(device, to: port, tls: side)
      try await peer.send("c certificate\n")
      let line = try #require(try await peer.line())
      let prefix = "c ok certificate="
      #expect(line.hasPrefix(prefix))
      let der = try #require(Base64URL.bytes(line.dropFirst(prefix.count)))
      let next = try PeerCertificate(der: der, as: .device, signedBy: organisation.publicKey)
      #expect(next.name == device.replica.description)
      #expect(next.key == side.key.publicKey)
      await peer.close()
    }
    let plain = try fixture.device()
    try await fixture.serving { port in
      let peer = try await ServerPeer.authenticated(plain, to: port)
      try await peer.send("c certificate\n")
      #expect(try await peer.line() == "c stop certificate missing")
      // A device that has a key never comes in without it.
      let keyed = try await ServerPeer.connected(to: port)
      try await keyed.send("a auth \(device.replica) \(device.secret.digits) unsent=0\n")
      #expect(try await keyed.lines(2).last == "a stop certificate missing")
    }
  }

  @Test func speaksTLS12OnlyWhenItIsToldTo() async throws {
    try await fixture.servingTLS { port in
      let peer = try await ServerPeer.connected(to: port, tls: TLSSide(version: .tlsv12))
      #expect(try await peer.line() == nil)
    }
    try await fixture.servingTLS("tls_minimum = \"1.2\"") { port in
      let peer = try await ServerPeer.connected(to: port, tls: TLSSide(version: .tlsv12))
      #expect(try await peer.line()?.hasPrefix("* taizhang 1 ") == true)
      await peer.close()
    }
  }

  @Test func aHandshakeThatNeverComesIsEndedWithTheTimeToAuthenticate() async throws {
    try await fixture.servingTLS("auth_seconds = 5") { port in
      let peer = try await ServerPeer.connected(to: port)
      try await peer.closed()
      let slow = try await ServerPeer.connected(to: port)
      // On a busy machine its time may be over before it has said so much; that it ends is what is asked.
      try? await slow.send(bytes: ByteBuffer(bytes: [0x16, 0x03, 0x01]))
      try await slow.closed()
    }
  }

  @Test func whoIsNotTLSIsEnded() async throws {
    try await fixture.servingTLS { port in
      let peer = try await ServerPeer.connected(to: port)
      try await peer.send("a ping\n")
      try await peer.closed()
    }
  }

  @Test func answersEverythingBeforeAPeersEndAndClosesItsOwnSide() async throws {
    let device = try fixture.device(key: key)
    try await fixture.servingTLS { port in
      let peer = try await ServerPeer.authenticated(device, to: port, tls: try side(of: device))
      let value = String(repeating: "改", count: 4_000)
      let acts = (1...200).map { "p\($0) put \(device.replica).\($0)/1 1 01hcd4g9s0000 0 - . problem \(value)\n" }
      try await peer.send(acts.joined())
      try await peer.sendsNoMore()
      let lines = try await peer.lines(1_000)
      #expect(lines.count { $0.contains(" ok ") } == 200)
      try await peer.closed()
      // More than any buffer on the way holds: the end comes behind all of it.
      let reader = try await ServerPeer.authenticated(device, to: port, tls: try side(of: device))
      try await reader.send("o open \(ServerFixture.ledger) -\n")
      try await reader.sendsNoMore()
      let stream = try await reader.lines(1_000)
      #expect(stream.count { $0.hasPrefix("+ ") } == 200)
      #expect(stream.last?.hasPrefix("= 200 ") == true)
      try await reader.closed()
    }
  }

  @Test func aCutBelowTLSEndsTheConnectionAndNothingElse() async throws {
    let device = try fixture.device(key: key)
    try await fixture.servingTLS { port in
      let peer = try await ServerPeer.authenticated(device, to: port, tls: try side(of: device))
      try await peer.send("p put \(device.replica).1/1 2 01hcd4g9s0000 0 - . problem 半个\n")
      try await peer.cutsBelowTLS()
      try await peer.closed()
      let next = try await ServerPeer.authenticated(device, to: port, tls: try side(of: device))
      try await next.send("p put \(device.replica).1/1 1 01hcd4g9s0000 0 - . problem 整个\n")
      #expect(try await next.line() == "p ok 1")
      await next.close()
    }
  }

  @Test func aConnectionBeyondTheLimitIsToldSo() async throws {
    try await fixture.servingTLS("connections = 1") { port in
      let first = try await ServerPeer.connected(to: port, tls: TLSSide())
      _ = try await first.line()
      let second = try await ServerPeer.connected(to: port, tls: TLSSide())
      #expect(try await second.line() == "* stop crowded")
      try await second.closed()
      await first.close()
    }
  }

  @Test func showsAnOutsideCertificateAndReadsItAgainWhenItsFilesChange() async throws {
    let files = try OutsideFiles(fixture.folder.path)
    let first = try files.write()
    try await fixture.servingTLS(files.keys) { port in
      let side = TLSSide()
      let peer = try await ServerPeer.connected(to: port, tls: side)
      _ = try await peer.line()
      #expect(side.shown.first == first.certificate.der)
      await peer.close()
      let second = try files.write()
      // Upkeep looks every two seconds.
      let limit = ContinuousClock.now + .seconds(60)
      var shown: [UInt8]?
      while shown != second.certificate.der, ContinuousClock.now < limit {
        let side = TLSSide()
        let peer = try await ServerPeer.connected(to: port, tls: side)
        _ = try await peer.line()
        shown = side.shown.first
        await peer.close()
      }
      #expect(shown == second.certificate.der)
    }
  }

  @Test func doesNotStartWithAnOutsideCertificateThatIsWrong() async throws {
    let files = try OutsideFiles(fixture.folder.path)
    try files.write()
    let other = try ServerIdentity.make(
      of: .make(name: "other", now: .init(TLSServerTests.now)), now: TLSServerTests.now)
    try files.replace("outside.key", other.key.pem)
    let configuration = try fixture.configuration(files.keys)
    let error = #expect(throws: ServerError.self) { try configuration.check() }
    #expect(error?.description.contains("outside.key") == true)
    #expect(throws: ServerError.self) { try fixture.configuration("certificate = \"a\"").check() }
  }
}

/// The files of a certificate that another authority made.
private struct OutsideFiles {
  let folder: String
  let authority: OrganisationKey

  init(_ folder: String) throws {
    self.folder = folder
    authority = try OrganisationKey.make(name: "county", now: .init(Stamp(milliseconds: 1_700_000_000_000)))
  }

  var keys: String {
    """
    certificate = "\(folder)/outside.pem"
    private_key = "\(folder)/outside.key"
    authority = "\(folder)/outside-authority.pem"
    """
  }

  @discardableResult
  func write() throws -> ServerIdentity {
    let server = try ServerIdentity.make(of: authority, now: Stamp(milliseconds: 1_700_000_000_000))
    try replace("outside-authority.pem", PEMText.text(certificate: try authority.certificateDER()) ?? "")
    try replace("outside.key", server.key.pem)
    try replace("outside.pem", PEMText.text(certificate: server.certificate.der) ?? "")
    return server
  }

  func replace(_ name: String, _ text: String) throws {
    try PlainFile.write(text, to: "\(folder)/\(name)", mode: 0o600)
  }
}

extension ServerFixture {
  /// Runs `body` beside a server that listens for TLS, with that port; the server is stopped at the end.
  func servingTLS(_ keys: String = "", _ body: (_ port: Int) async throws -> Void) async throws {
    var configuration = try configuration(keys)
    configuration.listenTLS = ListenAddress("127.0.0.1:0")
    let server = TaizhangServer(configuration: configuration)
    _ = try await server.start()
    let port = await server.tlsAddress?.split(separator: ":").last.flatMap { Int($0) }
    do {
      try await body(try #require(port))
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }
}

extension TLSServerTests {
  @Test func doesNotComeUpAsAStrangerToItsDevices() async throws {
    _ = try fixture.device(key: key)
    let folder = fixture.folder.identity
    for name in PlainFile.names(in: folder) { PlainFile.remove("\(folder)/\(name)") }
    rmdir(folder)
    var configuration = try fixture.configuration()
    configuration.listenTLS = ListenAddress("127.0.0.1:0")
    let server = TaizhangServer(configuration: configuration)
    let error = await #expect(throws: ServerError.self) { try await server.start() }
    #expect(error?.description.contains("identity import") == true)
    #expect(!IdentityFolder(fixture.folder).exists)
  }
}
