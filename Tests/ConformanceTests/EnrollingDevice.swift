import EditModel
import LedgerIdentity
import LedgerTestKit

/// A device that a transcript enrols: its key, and what it proved last. The spec of both is protocol/04-messages.md.
struct EnrollingDevice {
  let key = KeyPair()
  /// The code's key and the three public keys that the proof was over.
  var proved: (code: EnrolmentKey, parties: EnrolmentParties)?
}

/// What a transcript does with TLS and enrolment.
extension TranscriptPlayer {
  /// Makes the connection `name` to where the server listens for TLS.
  mutating func connect(_ name: String, _ manner: Transcript.TLSManner) throws {
    guard sockets[name] == nil else { throw TranscriptFailure("\(name) is there already") }
    guard let address = server.tlsAddress else { throw TranscriptFailure("the server listens for no TLS") }
    switch manner {
    case .bare: sockets[name] = try LineSocket(address, isBare: true)
    case .tls(let device, let isOld):
      let certificate = try device.map { try base64("\($0).certificate") }
      let key = device.flatMap { devices[$0]?.key } ?? KeyPair()
      let layer = try TLSLayer(certificate: certificate, key: key, isOld: isOld)
      sockets[name] = try LineSocket(address, tls: layer)
    }
  }

  /// Checks what the server showed: its certificate, and behind it that of its authority, which is always the same one.
  /// Answers both keys.
  mutating func shownKeys(on socket: LineSocket) throws -> (server: PublicKey, authority: PublicKey) {
    guard let shown = socket.tls?.shown else { throw TranscriptFailure("the connection is not over TLS") }
    guard shown.count == 2, let authorityKey = PublicKey(certificate: shown[1]) else {
      throw TranscriptFailure("the server showed \(shown.count) certificates; it shows its own and its authority's")
    }
    guard authority == nil || authority == shown[1] else { throw TranscriptFailure("the authority is another one now") }
    authority = shown[1]
    do throws(PeerCertificate.Flaw) {
      return (try PeerCertificate(der: shown[0], as: .server, signedBy: authorityKey).key, authorityKey)
    } catch {
      throw TranscriptFailure("the server's certificate is not one of its authority for a server: \(error)")
    }
  }

  /// Makes the proof that `device` knows the code of the line that was captured as `code.line`.
  mutating func prove(_ code: String, _ device: String, over socket: LineSocket) throws {
    let written = String(decoding: try text("\(code).line"), as: UTF8.self)
    let line: EnrolmentLine
    do throws(EnrolmentLineProblem) {
      line = try EnrolmentLine(written)
    } catch {
      throw TranscriptFailure("the keeper's line is none: \(error)")
    }
    let shown = try shownKeys(on: socket)
    guard shown.authority.fingerprint == line.fingerprint else {
      throw TranscriptFailure("the server's authority is not the one of the line's fingerprint")
    }
    var known = devices[device] ?? EnrollingDevice()
    let parties = EnrolmentParties(
      device: known.key.publicKey.key, server: shown.server.key, organisation: shown.authority.key)
    let codeKey = try EnrolmentKey(of: line.code)
    known.proved = (codeKey, parties)
    devices[device] = known
    captures["\(device).lookup"] = Array(line.code.lookup.utf8)
    captures["\(device).key"] = Array(Base64URL.text(known.key.publicKey.x963).utf8)
    captures["\(device).proof"] = Array(EnrolmentProof.ofClient(codeKey, parties).text.utf8)
  }

  /// Checks the server's proof, captured as `device.answer`, and the certificate that it is over.
  func checkEnrolment(of device: String) throws {
    guard let proved = devices[device]?.proved else { throw TranscriptFailure("\(device) has proved nothing") }
    try checkCertificate(of: device)
    let proof = EnrolmentProof.ofServer(
      proved.code, proved.parties, certificate: try base64("\(device).certificate"))
    guard proof.matches(try base64("\(device).answer")) else {
      throw TranscriptFailure("the server's proof is not over the code, the three keys and the certificate")
    }
  }

  /// Checks that the certificate is one of the authority's for a device, for this device's key and replica id.
  func checkCertificate(of device: String) throws {
    guard let key = devices[device]?.key, let authority = authority.flatMap(PublicKey.init(certificate:)) else {
      throw TranscriptFailure("\(device) has proved nothing")
    }
    let certificate: PeerCertificate
    let der = try base64("\(device).certificate")
    do throws(PeerCertificate.Flaw) {
      certificate = try PeerCertificate(der: der, as: .device, signedBy: authority)
    } catch {
      throw TranscriptFailure("the device's certificate is not one of the authority for a device: \(error)")
    }
    guard certificate.key == key.publicKey else { throw TranscriptFailure("the certificate is for another key") }
    guard certificate.name == String(decoding: try text("\(device).replica"), as: UTF8.self) else {
      throw TranscriptFailure("the certificate names another replica")
    }
  }

  private func text(_ name: String) throws -> [UInt8] {
    guard let text = captures[name] else { throw TranscriptFailure("nothing was captured as \(name)") }
    return text
  }

  private func base64(_ name: String) throws -> [UInt8] {
    guard let bytes = Base64URL.bytes(String(decoding: try text(name), as: UTF8.self)) else {
      throw TranscriptFailure("\(name) is not base 64 with - and _, without padding")
    }
    return bytes
  }
}
