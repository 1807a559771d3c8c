/// What snapshots are sealed to: the public half of a `RecoverySecret`, `age1…` (c2sp.org/age, "The X25519 recipient
/// type"). Every server may have it; it opens nothing.
package struct RecoveryKey: Hashable, Sendable, CustomStringConvertible {
  /// The point of the curve, 32 bytes.
  let point: [UInt8]

  private static let prefix = "age"

  /// Reads `age1…`, lower case; nil for anything else, keys of other kinds (`age1pq1…`, `ssh-ed25519 …`) among it.
  package init?(_ text: some StringProtocol) {
    guard let point = Bech32.bytes(text, prefix: RecoveryKey.prefix, count: X25519.byteCount) else { return nil }
    self.init(point: point)
  }

  /// The key that is this point; nil for one that no secret has. A secret's own point has one spelling, which goes into each
  /// file (RFC 7748, section 5, lets others pass), and is of no small order: sealed to such a point, a file could be opened
  /// by nobody, or by everybody.
  init?(point: [UInt8]) {
    // Small order shows with any secret: each is a multiple of eight, as small orders divide, and none is one of the great
    // order (RFC 7748, section 5, "decodeScalar25519").
    let probe = X25519.secret([UInt8](repeating: 1, count: X25519.byteCount))
    guard RecoveryKey.isReduced(point), X25519.agreement(of: probe, with: point) != nil else { return nil }
    self.point = point
  }

  /// `age1…`.
  package var description: String { Bech32.text(point, prefix: RecoveryKey.prefix) }

  /// Whether the number, the least byte first, is below 2^255 - 19.
  private static func isReduced(_ point: [UInt8]) -> Bool {
    guard point.count == X25519.byteCount, point[31] <= 0x7F else { return false }
    return point[31] < 0x7F || point[1..<31].contains { $0 < 0xFF } || point[0] < 0xED
  }
}
