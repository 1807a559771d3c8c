import EditModel
import GRDB

/// What became of looking for what is wrong with a replica's file.
package enum RepairFinding: Sendable {
  /// Nothing that a new file would mend.
  case whole
  /// Who the device is cannot be read anywhere in it; these of its acts can.
  case noIdentity(acts: [OwnAct])
  /// A new file can be made.
  case mendable(ReplicaRepair)
}

/// All that could be read of a damaged replica, ready to be written as a new file.
///
/// First by SQLite, then from the bytes of file and log: a row that SQLite does not reach may lie there still. What was
/// found there only may be older than what was last known of it, so it counts as sent: the server knows an act by its
/// number, content and moment, which are all in its text, and what it has it does not take twice. What was acknowledged counts
/// as sent once more too, since the confirmed lines are fetched anew.
package struct ReplicaRepair: Sendable {
  /// The own acts that are in the new file, in their own order.
  package let saved: [OwnAct]
  /// Those that are damaged themselves, with what can be read of them; told on until their owner has seen to it.
  package let damaged: [DamagedAct]
  /// Numbers of the id in force that were given out and of whose acts nothing was found here: the server may have them.
  package let missing: [ClosedRange<UInt64>]

  let rows: [ActRow]
  let broken: [[DatabaseValue]]
  let header: RescuedHeader
  let identities: [Int64: RescuedIdentity]
  let trust: [DatabaseValue]?
  let others: [KeptTable: [[DatabaseValue]]]
  let counter: UInt64
  let clock: UInt64
  let revision: Int64

  /// Looks at the file at `path` and writes nothing. Throws `newer` for one of a later version.
  package static func look(at path: String) throws(StoreError) -> RepairFinding {
    let live = try LiveRows(path: path)
    let found = FoundRows(path: path)
    let header = live.header ?? found.header
    let read = found.identities.merging(live.identities) { _, live in live }
    let identities = named(read, by: found.acts.merging(live.acts) { _, live in live })
    guard let header, let force = identities[header.generation] else {
      let acts = found.acts.merging(live.acts) { _, live in live }.values
      return .noIdentity(acts: acts.sorted { $0.act.id.n < $1.act.id.n }.map(\.own))
    }
    let rows = ReplicaRepair.rows(live, found, last: Int(header.generation))
    let isMended = rows.contains { live.acts[$0.act.id] == nil } || !live.misplaced.isEmpty || identities != read
    guard !live.isWhole || isMended else { return .whole }
    return .mendable(ReplicaRepair(live, found, rows: rows, header: header, force: force, identities: identities))
  }

  /// The replica's ids, each as its own acts have it: those are checked, and the row of an id is not.
  private static func named(
    _ identities: [Int64: RescuedIdentity], by acts: [ActID: ActRow]
  ) -> [Int64: RescuedIdentity] {
    var identities = identities
    for row in acts.values { identities[Int64(row.generation)]?.replica = row.act.id.replica }
    return identities
  }

  private init(
    _ live: LiveRows, _ found: FoundRows, rows: [ActRow], header: RescuedHeader, force: RescuedIdentity,
    identities: [Int64: RescuedIdentity]
  ) {
    let known = Set(rows.map(\.act.id))
    let damaged = live.broken.map { row in
      let generation = Int64.fromDatabaseValue(row.of(.generation)) ?? header.generation
      return (row, DamagedAct(row, replica: identities[generation]?.replica ?? force.replica))
    }.filter { !known.contains($0.1.id) }
    self.damaged = damaged.map(\.1)
    self.broken = damaged.map { Array($0.0.databaseValues.prefix(ActColumn.count)) }
    self.rows = rows
    self.saved = rows.map(\.own)
    self.header = header
    self.identities = identities
    self.trust = live.trust ?? found.trust
    self.others = live.others
    let confirmed = live.confirmed.union(found.confirmed)
    let numbers = known.union(confirmed).union(damaged.map(\.1.id)).filter { $0.replica == force.replica }.map(\.n)
    let given = max(UInt64(max(header.counter, found.header?.counter ?? 0)), numbers.max() ?? 0)
    self.counter = given < EditID.counterLimit ? given : numbers.max() ?? 0
    self.missing = ReplicaRepair.gaps(in: Set(numbers), upTo: counter)
    self.clock = rows.compactMap { $0.act.edits.first?.stamp.rawValue }.reduce(header.clock, max)
    self.revision = max(header.revision, found.header?.revision ?? 0) + 1
  }

  /// The acts for the new file.
  private static func rows(_ live: LiveRows, _ found: FoundRows, last: Int) -> [ActRow] {
    var rows = live.acts
    let revision = live.header?.revision ?? 0
    for (id, row) in found.acts where rows[id] == nil {
      let isBroken = live.broken.contains { Int64.fromDatabaseValue($0.of(.n)).map { UInt64(clamping: $0) } == id.n }
      // Where SQLite has read every row, what else lies there was taken out, unless it is newer than all of that: the
      // revision moves behind every write.
      guard !live.hasAllActs || isBroken || row.revision >= revision, !live.confirmed.contains(id) else { continue }
      rows[id] = rescued(row, last: last)
    }
    return rows.values.map { undecided($0, last: last) }
      .sorted { ($0.generation, $0.act.id.n) < ($1.generation, $1.act.id.n) }
  }

  /// An act that only the bytes hold. One of an id that is in force no more may have been made anew under the next: it is
  /// kept, and not sent.
  private static func rescued(_ row: ActRow, last: Int) -> ActRow {
    var row = row
    if row.generation < last, row.phase.isUndecided { row.phase = .discarded }
    if row.phase == .pending { row.phase = .sent }
    return row
  }

  /// What was accepted under the id in force is put again: its lines are gone with the old file, and the new one begins before
  /// them. Under an earlier id nothing can be put any more; the lines of such an act come with the others.
  private static func undecided(_ row: ActRow, last: Int) -> ActRow {
    guard row.generation == last else { return row }
    var row = row
    switch row.phase {
    case .acknowledged, .confirmed:
      row.phase = .sent
      row.firstSeq = 0
      row.wasAccepted = true
    case .pending, .sent, .forked, .shelved, .discarded, .retried: break
    }
    return row
  }

  private static func gaps(in numbers: Set<UInt64>, upTo counter: UInt64) -> [ClosedRange<UInt64>] {
    var (gaps, next): ([ClosedRange<UInt64>], UInt64) = ([], 1)
    for number in numbers.sorted() + [counter + 1] {
      if number > next { gaps.append(next...number - 1) }
      next = number + 1
    }
    return gaps
  }
}
