/// # LineProtocol
///
/// The wire as values: framing, the one canonical spelling of every line, messages, limits, error codes. Sans-IO: bytes
/// in, values out, and back. It may import `EditModel`, `CZlib` and `NIOCore` (for `ByteBuffer` only) and knows no socket, file,
/// clock or rule of the town. The text that it follows is `protocol/`.

/// Every limit of protocol version 1. Each is stated in protocol/08-limits.md and enforced before authentication too.
package enum Limits {
  /// The version that the greeting names.
  package static let version = 1
  /// The longest line in bytes, without its LF (and a CR before it).
  package static let lineBytes = 65_536
  /// The longest author's part in bytes, so that the server's prefix or a client's tag fits in front of it.
  package static let authorBytes = 65_280
  /// The most edits in one act.
  package static let actEdits = 1_024
  /// The most bytes in the author's parts of one act, together.
  package static let actBytes = 1_048_576
  /// The longest tag in bytes.
  package static let tagBytes = 16
  /// The most bytes of lines in one block of a deflated connection.
  package static let blockBytes = 65_536
  /// The longest block as it is sent, in bytes, without its length: text that does not shrink fits.
  package static let deflatedBytes = 65_792
  /// The longest cursor in bytes.
  package static let cursorBytes = 96
  /// The longest mark of a welcome in bytes.
  package static let welcomeBytes = 16
  /// The longest seat, ledger, place or user-given name on the wire, in bytes.
  package static let nameBytes = 128
  /// How many characters a device's secret may have.
  package static let secretCharacters = 26...64
  /// The most acts of one connection that wait for their answer; one more is answered `retry busy`.
  package static let actsInFlight = 256
  /// How many acts of one connection a server knows by number of those that were answered `forked`.
  package static let forkedActs = 4_096
  /// The most `unsent` that a client may report.
  package static let unsent: UInt64 = 999_999_999
  /// How far from the server's time a device may say its clock is, either way, in milliseconds (3,168 years).
  package static let offsetMilliseconds: UInt64 = 99_999_999_999_999
  /// How far ahead of the server's time a stamp may be, in milliseconds (2 minutes).
  package static let stampAheadMilliseconds: UInt64 = 120_000
  /// How long a connection may take to authenticate, in seconds.
  package static let authSeconds = 30
  /// How long an authenticated connection may be silent in both directions, in seconds.
  package static let idleSeconds = 300
  /// How long a reader may take nothing of what waits for it, in seconds.
  package static let stallSeconds = 60
}
