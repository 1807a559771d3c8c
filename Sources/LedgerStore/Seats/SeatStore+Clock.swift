package import EditModel
import GRDB

/// The server's time line, as it is kept across its restarts. No snapshot holds it: it is about this machine.
extension SeatStore {
  /// Where the time line was last, and what the machine's clocks showed then; nil when none was kept.
  package func clockMark() throws(StoreError) -> ClockAnchor? {
    try file.run("read the clock") { db in
      try String.fetchOne(db, sql: "SELECT value FROM setting WHERE name = 'clock'").flatMap { ClockAnchor(kept: $0) }
    }
  }

  /// Keeps where the time line is.
  package func keep(clockMark mark: ClockAnchor) throws(StoreError) {
    try file.transaction("keep the clock") { db in try db.set("clock", mark.kept) }
  }

  /// Asks that the wall clock be taken for right, which showed `stamp`: a running server does it at once, else the next one
  /// that starts.
  package func requestClock(at stamp: Stamp) throws(StoreError) {
    try file.transaction("accept the clock") { db in
      try db.set("clock-accept", stamp.description)
      try db.audit(.clockAccept, [stamp.description], at: stamp, by: author)
    }
  }

  /// What the wall clock showed when that was asked; nil when it was not, or was done.
  package func clockRequest() throws(StoreError) -> Stamp? {
    try file.run("read the clock") { db in
      try String.fetchOne(db, sql: "SELECT value FROM setting WHERE name = 'clock-accept'").flatMap(Stamp.init)
    }
  }

  /// It was done, or cannot be.
  package func endClockRequest() throws(StoreError) {
    try file.transaction("accept the clock") { db in
      try db.execute(sql: "DELETE FROM setting WHERE name = 'clock-accept'")
    }
  }
}

extension Database {
  fileprivate func set(_ name: String, _ value: String) throws {
    try execute(
      sql: "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2", arguments: [name, value])
  }
}

extension ClockAnchor {
  /// Four words: the time line, wall clock and boot clock in milliseconds, the boot's id or `-`.
  fileprivate var kept: String {
    "\(now) \(reading.wallMilliseconds) \(reading.bootMilliseconds) \(reading.boot ?? "-")"
  }

  fileprivate init?(kept: String) {
    let words = kept.split(separator: " ").map(String.init)
    guard words.count == 4, let now = Stamp(words[0]), let wall = Decimal.number(words[1]),
      let boot = Decimal.number(words[2])
    else { return nil }
    let reading = ClockReading(
      wallMilliseconds: wall, bootMilliseconds: boot, boot: words[3] == "-" ? nil : words[3])
    self.init(now: now, reading: reading)
  }
}
