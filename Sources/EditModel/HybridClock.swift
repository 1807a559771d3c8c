/// The clock that gives out stamps: never the same one twice, never one below what it has seen.
///
/// A value without a source of time: the caller passes the wall clock in. Owned by whoever stamps edits (a replica, in
/// the transaction that writes the edit; a server's ledger, for receipts).
package struct HybridClock: Hashable, Sendable {
  /// The greatest stamp given out or observed so far.
  package private(set) var latest: Stamp

  /// A clock that has already seen `latest`.
  package init(latest: Stamp = .zero) {
    self.latest = latest
  }

  /// The next stamp: at `wallMilliseconds` when that is ahead of everything seen, else just above it.
  package mutating func tick(wallMilliseconds: UInt64) -> Stamp {
    let wall = Stamp(milliseconds: wallMilliseconds)
    latest = wall > latest ? wall : latest.next
    return latest
  }

  /// Notes a stamp that came from elsewhere, so that the next own one is above it.
  package mutating func observe(_ stamp: Stamp) {
    latest = max(latest, stamp)
  }
}
