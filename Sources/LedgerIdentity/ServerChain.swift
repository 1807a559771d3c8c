package import EditModel

/// By what a client recognises its server.
package enum ServerPin: Hashable, Sendable {
  /// The authority's key, as the replica keeps it.
  case key(PublicKey)
  /// The authority's fingerprint, as the enrolment line has it.
  case fingerprint(Fingerprint)
  /// Nothing yet: the server's proof of the code is what will tell.
  case proof
}

/// Why a client does not talk to a server.
package enum Distrust: Error, Hashable, Sendable {
  /// Another authority than the pinned one signed the server's certificate.
  case otherAuthority(pinned: Fingerprint, found: Fingerprint)
  /// The server's certificate ran out, which the server itself should have prevented.
  case expired(Stamp)
  /// What was shown is no server's certificate and its authority's.
  case malformed
}

/// What a server showed, found to be what the client expects: its certificate, then its authority's.
package struct ServerChain: Hashable, Sendable {
  /// The server's certificate.
  package let server: PeerCertificate
  /// The authority's key.
  package let authority: PublicKey

  /// Checks `chain`, DER each, the server's first. The client's own clock is not asked: `lastContact` is the server's
  /// time as the replica last heard it, behind which its certificate cannot have run out.
  package init(_ chain: [[UInt8]], pin: ServerPin, lastContact: Stamp?) throws(Distrust) {
    guard let first = chain.first else { throw .malformed }
    let shown = chain.dropFirst().first.flatMap { PublicKey(certificate: $0) }
    switch pin {
    case .key(let key): authority = key
    case .fingerprint(let fingerprint):
      guard let shown else { throw .malformed }
      guard shown.fingerprint == fingerprint else {
        throw .otherAuthority(pinned: fingerprint, found: shown.fingerprint)
      }
      authority = shown
    case .proof:
      guard let shown else { throw .malformed }
      authority = shown
    }
    do throws(PeerCertificate.Flaw) {
      server = try PeerCertificate(der: first, as: .server, signedBy: authority)
    } catch {
      guard error == .otherAuthority, let found = shown ?? PublicKey(certificate: first), found != authority else {
        throw .malformed
      }
      throw .otherAuthority(pinned: authority.fingerprint, found: found.fingerprint)
    }
    if let lastContact, server.hasEnded(at: lastContact) { throw .expired(server.ends) }
  }
}
