import EditModel
import LedgerAdmin
import LedgerIdentity
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The identity of a running server: signs devices' certificates, and gives each TLS connection what it is made with.
/// Renews its own certificate before it runs out and reads an outside one anew when its files change; connections that
/// there are keep what they were made with.
final class TLSDesk: Sendable {
  private let folder: IdentityFolder
  private let minimum: TLSMinimum
  private let outside: OutsideCertificate?
  private let logger: Logger
  private let present: Mutex<Present>

  /// What is in force.
  private struct Present: Sendable {
    var identity: ServerIdentity
    var shown: ShownCertificate
    var context: NIOSSLContext
    var mark: [FileMark]
  }

  /// Reads the identity, or makes it at the first start, and what is to be shown.
  init(_ configuration: ServerConfiguration, at now: Stamp, logger: Logger) throws(ServerError) {
    folder = IdentityFolder(configuration.data)
    minimum = configuration.tlsMinimum
    outside = try configuration.outsideCertificate()
    self.logger = logger
    present = Mutex(try TLSDesk.present(folder, outside, minimum, at: now))
  }

  private static func present(
    _ folder: IdentityFolder, _ outside: OutsideCertificate?, _ minimum: TLSMinimum, at now: Stamp
  ) throws(ServerError) -> Present {
    let identity: ServerIdentity
    do throws(AdminError) {
      identity = try folder.ready(at: now)
    } catch {
      throw .identity(error.description)
    }
    // Before the files are read: what changes meanwhile is read again.
    let mark = outside?.mark ?? []
    do {
      let shown = try outside.map { try ShownCertificate($0) } ?? ShownCertificate(identity)
      return Present(identity: identity, shown: shown, context: try shown.context(minimum: minimum), mark: mark)
    } catch let error as ServerError {
      throw error
    } catch {
      throw .certificate(file: outside?.certificate ?? folder.folder.identity, .noCertificate)
    }
  }

  /// The organisation's key, for certificates of devices.
  var organisation: OrganisationKey { present.withLock { $0.identity.organisation } }

  /// What the next connection is made with.
  func connection() -> (TLSPeer, NIOSSLServerHandler) {
    let (shown, organisation, context) = present.withLock { ($0.shown, $0.identity.organisation.publicKey, $0.context) }
    let peer = TLSPeer(shown: shown, organisation: organisation)
    var configuration = NIOSSLHandler.Configuration()
    configuration.maximumPreservedOutboundBufferCapacity = 4_096
    let handler = NIOSSLServerHandler(
      context: context,
      customVerificationCallback: { chain, promise in
        peer.showed(chain)
        promise.succeed(.certificateVerified)
      }, configuration: configuration)
    return (peer, handler)
  }

  /// A certificate for `device` as replica `name` from `now` on, DER.
  func deviceCertificate(for key: PublicKey, name: String, at now: Stamp) -> [UInt8]? {
    do {
      return try organisation.deviceCertificate(for: key, name: name, now: now)
    } catch {
      logger.error("a device's certificate could not be made", metadata: [LogKey.error: "\(error)"])
      return nil
    }
  }

  /// Looks at the time and at the files. Any thread; waits for the disk when something is to be done.
  func keepUp(at now: Stamp) {
    let (identity, mark) = present.withLock { ($0.identity, $0.mark) }
    guard IdentityFolder.isDue(identity, at: now) || outside?.mark ?? [] != mark else { return }
    do throws(ServerError) {
      let fresh = try TLSDesk.present(folder, outside, minimum, at: now)
      present.withLock { $0 = fresh }
      logger.notice("the server's certificate was replaced")
    } catch {
      logger.error(
        "the server's certificate could not be replaced; the former is still used", metadata: [LogKey.error: "\(error)"]
      )
      // Told once, and tried again when the files change again.
      present.withLock { $0.mark = outside?.mark ?? [] }
    }
  }
}
