package import EditModel
import GRDB
package import LedgerRules
import LineProtocol

/// When an edit is made.
package struct RecordTime: Hashable, Sendable {
  /// What the device's clocks show.
  package let reading: ClockReading
  /// What to stamp with, in milliseconds since 1970: the wall clock, or that put right by what is known of it.
  package let milliseconds: UInt64
  /// Whether that counts from a contact in the same boot.
  package let isAnchored: Bool

  /// A time from its parts.
  package init(reading: ClockReading, milliseconds: UInt64, isAnchored: Bool = false) {
    self.reading = reading
    self.milliseconds = milliseconds
    self.isAnchored = isAnchored
  }
}

/// What came of recording.
package enum RecordOutcome: Sendable {
  /// The acts are on the disk.
  case recorded([Act])
  /// The rules refuse one of them already here; nothing was recorded.
  case refused(Refusal)
  /// One has no edit, too many, or a value that no line can hold; nothing was recorded.
  case notWritable(FieldName?)
  /// The replica was changed since what is to be undone was found; nothing was recorded.
  case overtaken
}

extension ReplicaStore {
  /// Records acts, all or none: counter, clock and acts move in one fsynced transaction.
  ///
  /// Each of `drafts` is given the identity of its act and says what changes. Bases are filled with what is shown.
  /// `undone` is the act that the first of them takes back, if it takes one back, as found at a revision of the file.
  package func record(
    _ drafts: [(ActID) -> [Change]], at time: RecordTime, undoing undone: UndoneAt? = nil
  ) throws(StoreError) -> RecordOutcome {
    do throws(StoreError) {
      return try file.transaction("record") { db in
        if let undone, try !self.isStill(at: undone, db) { return .overtaken }
        let outcome = try self.record(drafts, at: time, db)
        if let undone, case .recorded(let acts) = outcome { try self.noteUndo(of: undone.act, by: acts.first?.id, db) }
        return outcome
      }
    } catch {
      cache = nil
      throw error
    }
  }

  /// The same as a part of `db`'s transaction.
  func record(
    _ drafts: [(ActID) -> [Change]], at time: RecordTime, _ db: Database
  ) throws
    -> RecordOutcome
  {
    var state = try refreshed(db)
    cache = nil
    let header = state.header
    var clock = HybridClock(latest: header.clock)
    var counter = max(header.counter, try greatestNumber(header, db))
    var acts: [Act] = []
    for draft in drafts {
      counter += 1
      let stamp = clock.tick(wallMilliseconds: time.milliseconds)
      let id = ActID(replica: header.replica, n: counter)
      let changes = draft(id)
      if let flaw = ReplicaStore.flaw(in: changes) { return .notWritable(flaw.field) }
      let shift = Shift(
        seconds: (Int64(clamping: stamp.milliseconds) - Int64(clamping: time.reading.wallMilliseconds))
          / 1_000)
      let act = try Act(
        id: id, changes: changes.map { ($0, state.shown.baseSeen(by: $0)) }, stamp: stamp,
        shift: shift)
      guard let bytes = ReplicaStore.lineBytes(act), bytes <= Limits.actBytes else {
        return .notWritable(nil)
      }
      if let facts = header.facts,
        let refusal = ActGuard.refusal(of: act, by: facts, in: state.expectation())
      {
        return .refused(refusal)
      }
      state.add(OwnAct(act: act, phase: .pending, wasAccepted: false, refusal: nil))
      acts.append(act)
    }
    // Only now, when no act can be refused any more: the transaction is all of them or none.
    let moment = ActMoment(reading: time.reading, seen: header.seen, isAnchored: time.isAnchored)
    for act in acts {
      try write(ActRow(generation: header.generation, act: act, phase: .pending), db)
      try keep(moment, of: act.id, db)
    }
    try db.executeKept(
      sql: "UPDATE replica SET counter = ?, clock = ?",
      arguments: [Int64(counter), Int64(bitPattern: clock.latest.rawValue)])
    try touch(db)
    state.header = try ReplicaHeader(db, file: file.path)
    cache = state
    return .recorded(acts)
  }

  /// The greatest number of an own act in the file: also where the counter was damaged none is written over.
  private func greatestNumber(_ header: ReplicaHeader, _ db: Database) throws -> UInt64 {
    let sql = "SELECT max(n) FROM act WHERE generation = ?"
    let greatest = try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: [header.generation]) ?? 0
    // One that no counter can have reached is itself damaged.
    return greatest > 0 && UInt64(greatest) < EditID.counterLimit ? UInt64(greatest) : 0
  }

  private struct WritingFlaw { let field: FieldName? }

  private static func flaw(in changes: [Change]) -> WritingFlaw? {
    guard (1...Limits.actEdits).contains(changes.count) else { return WritingFlaw(field: nil) }
    for change in changes {
      if let text = change.value.text, !ValueText.isAllowed(text) {
        return WritingFlaw(field: change.field)
      }
    }
    return nil
  }

  /// The bytes of the act's author's parts together; nil when one of them is over its limit.
  private static func lineBytes(_ act: Act) -> Int? {
    var sum = 0
    for edit in act.edits {
      let bytes = EditLine.text(edit).utf8.count
      guard bytes <= Limits.authorBytes else { return nil }
      sum += bytes
    }
    return sum
  }
}

extension LedgerState {
  /// The edit whose value the author of `change` sees; what creates a thing has none, a transition has the stage's.
  fileprivate func baseSeen(by change: Change) -> EditID? {
    Vocabulary.isCreating(change.field) && change.field != .stage
      ? nil : shownEdit(change.entity, change.field)?.id
  }
}
