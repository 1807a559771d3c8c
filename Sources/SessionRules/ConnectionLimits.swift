import LineProtocol

/// The bounds of one connection; the defaults are those of the protocol, a test or an administrator may tighten them.
package struct ConnectionLimits: Hashable, Sendable {
  /// The longest line in bytes.
  package var lineBytes: Int
  /// The most acts that wait for their answer.
  package var actsInFlight: Int
  /// How long authentication may take, in seconds.
  package var authSeconds: UInt64
  /// How long a connection may be silent in both directions, in seconds.
  package var idleSeconds: UInt64
  /// How long a reader may take nothing of what waits for it, in seconds.
  package var stallSeconds: UInt64

  /// The protocol's limits (protocol/08-limits.md).
  package init(
    lineBytes: Int = Limits.lineBytes, actsInFlight: Int = Limits.actsInFlight,
    authSeconds: UInt64 = UInt64(Limits.authSeconds), idleSeconds: UInt64 = UInt64(Limits.idleSeconds),
    stallSeconds: UInt64 = UInt64(Limits.stallSeconds)
  ) {
    self.lineBytes = lineBytes
    self.actsInFlight = actsInFlight
    self.authSeconds = authSeconds
    self.idleSeconds = idleSeconds
    self.stallSeconds = stallSeconds
  }
}
