package import EditModel
import GRDB
import LedgerRules
package import LineProtocol

/// What applying lines brought.
package struct AppliedLines: Sendable {
  /// The lines that were not here before.
  package var fresh: [AcceptedEdit] = []
  /// Whether one is of the id in force and was not written by this replica: its folder was copied.
  package var foundStranger = false
}

// What the server says.

extension ReplicaStore {
  /// Keeps lines of the stream, and where it stands when the server said so, in one transaction. A line that came
  /// before
  /// counts once.
  package func apply(
    _ lines: [AcceptedEdit], reached: (seq: UInt64, cursor: ExactString)?
  ) throws(StoreError) -> AppliedLines {
    do throws(StoreError) {
      return try file.transaction("apply") { db in try self.apply(lines, reached: reached, db) }
    } catch {
      cache = nil
      cells = nil
      echoed = []
      throw error
    }
  }

  private func apply(
    _ lines: [AcceptedEdit], reached: (seq: UInt64, cursor: ExactString)?, _ db: Database
  ) throws -> AppliedLines {
    // Mostly nothing has changed: then the cells, of which there may be many, need not be read.
    guard !lines.isEmpty else {
      try reach(reached, db)
      try touch(db)
      return AppliedLines()
    }
    let header = try ReplicaHeader(db, file: file.path)
    if header.cursor == nil { try leaveBranchesUnread(db) }
    let confirmed = try confirmedCells(db, header: header)
    // Let go of before they are changed, so that they are changed in place.
    cache = nil
    cells = nil
    var writing = try LineWriting(
      db, file: file.path, state: consume confirmed, arrivals: header.arrivals,
      watchesBranches: !hasUnreadBranches(db))
    var applied = AppliedLines()
    var greatest = header.seen
    for accepted in lines {
      guard try writing.write(accepted) else { continue }
      if accepted.edit.entity == .root, Vocabulary.creation(by: accepted.edit)?.kind == .problem {
        hasUnnumbered = true
      }
      applied.fresh.append(accepted)
      greatest = max(greatest, accepted.edit.stamp)
      guard accepted.edit.id.replica == header.replica else { continue }
      echoed.insert(accepted.edit.id.act)
      if try !isOwn(accepted.edit, header, db) { applied.foundStranger = true }
    }
    try db.cachedStatement(
      sql: "DELETE FROM withdrawn_line WHERE EXISTS (SELECT 1 FROM line WHERE line.seq = withdrawn_line.seq)"
    ).execute()
    try reach(reached, db)
    let clock = max(greatest, header.clock)
    try db.cachedStatement(
      sql: "UPDATE replica SET seen = ?, clock = ?, arrivals = ?, needs_new_id = max(needs_new_id, ?)"
    ).execute(
      arguments: [
        Int64(bitPattern: greatest.rawValue), Int64(bitPattern: clock.rawValue),
        Int64(writing.arrivals),
        applied.foundStranger,
      ])
    try touch(db)
    cells = (writing.state, writing.arrivals, header.drops)
    return applied
  }

  /// The stream stands there: the cursor is kept, own acts that have come back leave the overlay, and clashes are found.
  private func reach(_ reached: (seq: UInt64, cursor: ExactString)?, _ db: Database) throws {
    guard let reached else { return }
    try db.cachedStatement(sql: "UPDATE replica SET cursor = ?, reached = ?").execute(
      arguments: [reached.cursor.string, Int64(reached.seq)])
    try confirm(db, upTo: reached.seq)
    try lookForClashes(upTo: reached.seq, db)
    // Not before: what came with it may lie in front, or have gone.
    if hasUnnumbered, try !hasUnreadBranches(db) {
      try keepFirstNumbers(db)
      hasUnnumbered = false
    }
  }

  /// Whether this replica wrote `edit`, whose line it did not have: the act must be among its own unconfirmed ones.
  private func isOwn(_ edit: Edit, _ header: ReplicaHeader, _ db: Database) throws -> Bool {
    let condition = "generation = ? AND n = ?"
    let place: StatementArguments = [header.generation, Int64(edit.id.n)]
    guard let own = try ownActs(db, where: condition, place).first else {
      // What stood in a row that cannot be read any more is not known to be another's.
      let isDamaged =
        try Bool.fetchOne(
          db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM act WHERE \(condition))"), arguments: place) ?? false
      return try isDamaged || wasWithdrawn(edit, db)
    }
    return own.act.edits.contains { $0.isCopy(of: edit) }
  }

  /// The ledger was opened for the first time, in `epoch`.
  package func begin(_ epoch: Epoch) throws(StoreError) {
    try change("begin") { db, _ in
      try db.executeKept(sql: "UPDATE replica SET epoch = ?", arguments: [epoch.description])
    }
  }

  /// The server went back to `seq` and stands in `epoch`: confirmed lines above it are dropped. The own whole acts
  /// among
  /// them are put again as they were accepted; the others are kept aside until the server sends them again.
  package func rewind(to seq: UInt64, epoch: Epoch) throws(StoreError) {
    try drop(above: seq, epoch: epoch, notice: .historyWentBack(seq: seq), keepsCursor: true)
  }

  /// The server has another history and stands in `epoch`: the same with every line. `keepsOthers` is false when it has
  /// all of them and only what this seat may see is another: what does not come again is then not kept.
  package func restart(epoch: Epoch, keepsOthers: Bool = true) throws(StoreError) {
    try drop(above: 0, epoch: epoch, notice: .historyReplaced, keepsCursor: false, keepsOthers: keepsOthers)
  }

  private func drop(
    above seq: UInt64, epoch: Epoch, notice: ReplicaNotice, keepsCursor: Bool, keepsOthers: Bool = true
  ) throws(StoreError) {
    cache = nil
    cells = nil
    echoed = []
    try change("go back") { db, header in
      let dropped = try String.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT line FROM (SELECT seq, line FROM line UNION ALL SELECT seq, line FROM withdrawn_line)
            WHERE seq > ? ORDER BY seq
            """), arguments: [Int64(seq)]
      ).compactMap { EditLine.accepted($0) }
      let own = try self.putAgain(dropped, header, db)
      if keepsOthers {
        for accepted in dropped where !own.contains(accepted.edit.id.act) { try SurplusRows(db).keep(accepted) }
        try self.keepAsideEarlier(above: seq, header, db)
      } else {
        try self.keepEarlier(dropped, header, db)
      }
      for table in ["line", "withdrawn_line"] {
        try db.executeKept(sql: "DELETE FROM \(table) WHERE seq > ?", arguments: [Int64(seq)])
      }
      // What was acknowledged above the fork is undecided again.
      try self.change(
        db, where: "phase IN (2, 5) AND first_seq > ? AND generation = ?", arguments: [Int64(seq), header.generation]
      ) { row in
        row.phase = .sent
        row.firstSeq = 0
        row.wasAccepted = true
      }
      if header.epoch != epoch, header.epoch != nil { try self.note(notice, db) }
      try db.executeKept(
        sql: "UPDATE replica SET epoch = ?, reached = min(reached, ?), drops = drops + 1",
        arguments: [epoch.description, Int64(seq)])
      if !keepsCursor { try db.executeKept(sql: "UPDATE replica SET cursor = NULL") }
      try self.deriveWinners(db)
      try self.readAllBranches(db)
    }
  }

  /// Puts the whole acts of the id in force among `dropped` into the outbox; returns which. An act that another copy of this
  /// folder made under the number of one of ours is not put in the place of that: it may be written nowhere else.
  private func putAgain(
    _ dropped: [AcceptedEdit], _ header: ReplicaHeader, _ db: Database
  ) throws
    -> Set<ActID>
  {
    let own = Dictionary(grouping: dropped.map(\.edit).filter { $0.id.replica == header.replica }) {
      $0.id.act
    }
    var again: Set<ActID> = []
    var others: Set<ActID> = []
    for (id, edits) in own.sorted(by: { $0.key.n < $1.key.n }) {
      // An act of which this view had only a part cannot be put: its lines are kept aside with the others.
      guard let act = try? Act(edits: edits.sorted { $0.id.i < $1.id.i }) else { continue }
      // What is about a thing of another copy is that copy's too.
      guard try !isTaken(act, header, db), !act.speaks(of: others) else {
        others.insert(id)
        continue
      }
      try write(ActRow(generation: header.generation, act: act, phase: .sent, wasAccepted: true), db)
      again.insert(id)
    }
    return again
  }

  /// Whether another act of ours than `act`, which is no copy of it, stands under its number.
  private func isTaken(_ act: Act, _ header: ReplicaHeader, _ db: Database) throws -> Bool {
    let present = try ownActs(db, where: "generation = ? AND n = ?", [header.generation, Int64(act.id.n)]).first
    return present.map { !$0.act.isCopy(of: act) } ?? false
  }

  /// Keeps aside the acts of an id that the replica had before which the server had accepted above `seq` and whose lines are
  /// not here: under that id nothing can be put any more, so as acts they would wait for ever.
  private func keepAsideEarlier(above seq: UInt64, _ header: ReplicaHeader, _ db: Database) throws {
    guard let seat = header.seat else { return }
    let condition = "phase IN (2, 5) AND first_seq > ? AND generation < ?"
    let arguments: StatementArguments = [Int64(seq), header.generation]
    let surplus = SurplusRows(db)
    for own in try ownActs(db, where: condition, arguments) {
      for edit in own.act.edits {
        // When it was received is not known here; nobody is told of it.
        try surplus.keep(AcceptedEdit(seq: seq + UInt64(edit.id.i), receipt: edit.stamp, seat: seat, edit: edit))
      }
    }
    try db.executeKept(sql: "DELETE FROM act WHERE \(condition)", arguments: arguments)
  }

  /// Keeps as acts what this folder made under an id that the replica had before: the seat may see it no more, and should the
  /// server lose it too, it would be nowhere. Lines that come again with this view settle them.
  private func keepEarlier(_ dropped: [AcceptedEdit], _ header: ReplicaHeader, _ db: Database) throws {
    let sql = """
      SELECT generation FROM identity JOIN given_out USING (generation)
      WHERE replica = ?1 AND generation < ?2 AND ?3 <= counter
        AND NOT EXISTS (SELECT 1 FROM renamed WHERE renamed.generation = identity.generation AND renamed.n = ?3)
        AND NOT EXISTS (SELECT 1 FROM act WHERE act.generation = identity.generation AND act.n = ?3)
      """
    let earlier = Dictionary(grouping: dropped.filter { $0.edit.id.replica != header.replica }) { $0.edit.id.act }
    for (id, lines) in earlier {
      let place: StatementArguments = [id.replica.description, header.generation, Int64(id.n)]
      // An act of which this view had only a part is not one to keep.
      guard let generation = try Int.fetchOne(db.cachedStatement(sql: sql), arguments: place),
        let act = try? Act(edits: lines.map { $0.edit }.sorted { $0.id.i < $1.id.i }),
        let first = lines.map({ $0.seq }).min()
      else { continue }
      let row = ActRow(
        generation: generation, act: act, phase: .acknowledged(firstSeq: first), firstSeq: first, wasAccepted: true)
      try write(row, db)
    }
  }

  /// Derives `winner` from all lines anew.
  private func deriveWinners(_ db: Database) throws {
    try db.executeKept(sql: "DELETE FROM winner")
    var writing = try LineWriting(db, file: file.path, state: LedgerState(), arrivals: 0, watchesBranches: false)
    for text in try String.fetchAll(db.cachedStatement(sql: "SELECT line FROM line ORDER BY seq")) {
      guard let accepted = EditLine.accepted(text) else {
        throw StoreError.unreadable(file: file.path, seq: 0)
      }
      try writing.derive(accepted)
    }
  }
}

/// Writes lines and what is derived from them, within one transaction.
private struct LineWriting {
  private let insertion: RawStatement
  private let winner: RawStatement
  private let present: RawStatement
  /// What stands aside and one of the lines may bring back; nil where that is nothing.
  private let surplus: SurplusRows?
  /// Nil where all lines will be looked at together.
  private let branches: BranchRows?
  private let file: String
  private let db: Database
  private(set) var state: LedgerState
  private(set) var arrivals: UInt64

  init(_ db: Database, file: String, state: LedgerState, arrivals: UInt64, watchesBranches: Bool) throws {
    self.db = db
    self.branches = watchesBranches ? try BranchRows(db, file: file) : nil
    self.file = file
    self.state = state
    self.arrivals = arrivals
    insertion = try RawStatement(
      kept: """
        INSERT INTO line (seq, arrival, replica, n, i, entity, line) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """, on: db, file: file, operation: "apply")
    winner = try RawStatement(
      kept: "INSERT OR REPLACE INTO winner (entity, field, seq) VALUES (?, ?, ?)", on: db, file: file,
      operation: "apply")
    present = try RawStatement(
      kept: "SELECT line FROM line WHERE seq = ?", on: db, file: file, operation: "apply")
    surplus = try SurplusRows(db).nonEmpty
  }

  /// Writes one line; false when it is here already. Another line under the same seq is a broken server or file.
  mutating func write(_ accepted: AcceptedEdit) throws -> Bool {
    let text = EditLine.text(accepted)
    let id = accepted.edit.id
    insertion.bind(accepted.seq, at: 1)
    insertion.bind(arrivals + 1, at: 2)
    insertion.bind(id.replica.description, at: 3)
    insertion.bind(id.n, at: 4)
    insertion.bind(UInt64(id.i), at: 5)
    insertion.bind(accepted.edit.entity.description, at: 6)
    insertion.bind(text, at: 7)
    try insertion.run()
    guard db.changesCount == 1 else {
      try checkCopy(of: text, seq: accepted.seq)
      return false
    }
    arrivals += 1
    try surplus?.letGo(of: accepted.edit)
    try derive(accepted)
    return true
  }

  /// Notes the cells that `accepted` wins.
  mutating func derive(_ accepted: AcceptedEdit) throws {
    let edit = accepted.edit
    try branches?.note(edit, after: state[edit.entity]?.cells[edit.field]?.winner.edit)
    for key in state.apply(accepted) {
      winner.bind(key.entity.description, at: 1)
      winner.bind(key.field.description, at: 2)
      winner.bind(accepted.seq, at: 3)
      try winner.run()
    }
  }

  private func checkCopy(of text: String, seq: UInt64) throws {
    present.bind(seq, at: 1)
    defer { present.reset() }
    guard try present.step(), ExactString(bytes: present.bytes(0)) == ExactString(text) else {
      throw StoreError.unreadable(file: file, seq: seq)
    }
  }
}
