import Crypto
package import EditModel
package import LedgerRules
package import LineProtocol

/// The random bits of one device: the caller draws them, so that the store needs no source of its own.
package struct DeviceDraw: Sendable {
  /// Its replica id.
  package private(set) var replica: ReplicaID
  /// Its secret.
  package let secret: Secret

  /// The draw for `replica`, which keeps its id and gets a new secret.
  package func keeping(_ replica: ReplicaID) -> DeviceDraw {
    var draw = self
    draw.replica = replica
    return draw
  }

  /// Draws 40 bits for the replica id and 160 for the secret.
  package init(using generator: inout some RandomNumberGenerator) {
    replica = ReplicaID(random: generator.next())
    // Four times forty bits: eight digits each.
    let digits = (0..<4).map { _ in Crockford.text(generator.next(), digits: 8) }.joined()
    guard let secret = Secret(digits) else { preconditionFailure("thirty-two base-32 digits make a secret") }
    self.secret = secret
  }
}

/// What a device is told once, and is nowhere stored.
package struct DeviceGrant: Sendable {
  /// Its replica id.
  package let replica: ReplicaID
  /// Its secret; the server keeps only the digest.
  package let secret: Secret
  /// The seat that it acts for.
  package let seat: SeatFacts
  /// The ledger of that seat.
  package let ledger: ExactString
}

/// What a server knows of a device.
package struct DeviceFacts: Hashable, Sendable {
  /// Its replica id.
  package let replica: ReplicaID
  /// The seat that it acts for.
  package let seat: SeatFacts
  /// The ledger of that seat.
  package let ledger: ExactString
  /// When it was last heard from, nil when never.
  package let contact: Stamp?
  /// How many acts it last said were unsent.
  package let unsent: UInt64
  /// When it was let in.
  package internal(set) var enrolled = Stamp.zero
  /// SHA-256, in hexadecimal, of its public key (x963 form); nil for one that has none and comes in over loopback.
  package internal(set) var key: String?
  /// What people call it, nil when it was given no name.
  package internal(set) var name: ExactString?
  /// The software that it said it runs, nil when it did not say.
  package internal(set) var version: ExactString?
  /// How far its clock was ahead of the server's time when it last came in, in milliseconds; nil when it did not say.
  package internal(set) var clockOffset: Int64?
  /// Since when it is shut out, nil while it is not.
  package internal(set) var revoked: Stamp?

  /// A device without a key and a name.
  package init(replica: ReplicaID, seat: SeatFacts, ledger: ExactString, contact: Stamp?, unsent: UInt64) {
    self.replica = replica
    self.seat = seat
    self.ledger = ledger
    self.contact = contact
    self.unsent = unsent
  }
}

/// A ledger in the list of a server.
package struct LedgerEntry: Hashable, Sendable {
  /// Its name.
  package let name: ExactString
  /// When it was added.
  package let added: Stamp
  /// Whether it takes no more edits.
  package let isArchived: Bool
}

/// That a device was heard from.
package struct DeviceContact: Hashable, Sendable {
  /// Which device.
  package let replica: ReplicaID
  /// When, on the server's time line.
  package let at: Stamp
  /// How many acts it said were unsent, nil when it did not say.
  package let unsent: UInt64?
  /// The software that it said it runs, nil when it did not say.
  package let version: ExactString?
  /// How far its clock is ahead of the server's time, in milliseconds; nil when it did not say.
  package let clockOffset: Int64?

  /// A contact from its parts.
  package init(
    replica: ReplicaID, at: Stamp, unsent: UInt64?, version: ExactString? = nil, clockOffset: Int64? = nil
  ) {
    self.replica = replica
    self.at = at
    self.unsent = unsent
    self.version = version
    self.clockOffset = clockOffset
  }
}

/// What is kept of a secret: its SHA-256, without salt and without stretching. Both protect secrets that can be
/// guessed; ours are 160 random bits (130 at least), and a handshake of five thousand devices is to stay cheap.
struct SecretDigest: Sendable {
  /// Sixty-four hexadecimal digits.
  let text: String

  init(of secret: Secret) {
    var hash = SHA256()
    hash.update(bytes: secret.digits)
    text = hash.finalize().hexadecimal
  }

  /// Whether `stored` is this digest, in a time that does not tell how much of it agrees.
  func matches(_ stored: String) -> Bool {
    guard stored.utf8.count == text.utf8.count else { return false }
    return zip(stored.utf8, text.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
