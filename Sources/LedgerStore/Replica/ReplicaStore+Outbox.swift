package import EditModel
import GRDB
import LedgerRules
package import LineProtocol

// What becomes of own acts.

extension ReplicaStore {
  /// The acts of the id in force that the server has not decided, as far as is known, in the order of `n`; and the
  /// greatest `n` given out.
  package func outbox() throws(StoreError) -> (acts: [OwnAct], counter: UInt64) {
    try file.snapshot("read") { db in
      let header = try ReplicaHeader(db, file: self.file.path)
      let acts = try self.ownActs(db, where: "generation = ? AND phase IN (0, 1, 3)", [header.generation])
      return (acts, header.counter)
    }
  }

  /// Marks acts as sent; must have returned before their first byte leaves.
  package func markSent(_ numbers: [UInt64]) throws(StoreError) {
    try change("mark sent") { db, header in
      for n in numbers {
        try self.change(db, where: "generation = ? AND n = ? AND phase = 0", arguments: [header.generation, Int64(n)]) {
          $0.phase = .sent
        }
      }
    }
  }

  /// The server accepted these acts; `firstSeq` is the seq of each one's first edit.
  package func acknowledge(_ acts: [(n: UInt64, firstSeq: UInt64)]) throws(StoreError) {
    try change("acknowledge") { db, header in
      for (n, firstSeq) in acts {
        try self.change(
          db, where: "generation = ? AND n = ? AND phase IN (0, 1, 3)", arguments: [header.generation, Int64(n)]
        ) { row in
          row.phase = .acknowledged(firstSeq: firstSeq)
          row.firstSeq = firstSeq
        }
      }
      if acts.contains(where: { $0.firstSeq <= header.reached }) {
        try self.confirm(db, upTo: header.reached)
      }
    }
  }

  /// The server refused act `n`: it goes to the shelf with the answer. Where another act stands under its number, what is about
  /// a thing that it would have made goes with it: alone it would be about what that other act made.
  package func shelve(_ n: UInt64, answer: WireError) throws(StoreError) {
    try change("shelve") { db, header in
      let undecided = "generation = ? AND phase IN (0, 1, 3)"
      var shelved: Set<ActID> = [ActID(replica: header.replica, n: n)]
      if answer.code == .forked {
        for own in try self.ownActs(db, where: undecided, [header.generation]) where own.act.speaks(of: shelved) {
          shelved.insert(own.act.id)
        }
      }
      for id in shelved {
        try self.change(db, where: undecided + " AND n = ?", arguments: [header.generation, Int64(id.n)]) { row in
          row.phase = .shelved
          row.answer = answer.text
        }
      }
    }
  }

  /// The server has another act under number `n`: this one waits for a new identity.
  package func markForked(_ n: UInt64) throws(StoreError) {
    try change("mark forked") { db, header in
      try self.change(
        db, where: "generation = ? AND n = ? AND phase IN (0, 1)", arguments: [header.generation, Int64(n)]
      ) { $0.phase = .forked }
    }
  }

  /// Remembers that a new id must be had before new acts are sent.
  package func needNewID() throws(StoreError) {
    try change("note") { db, _ in try db.executeKept(sql: "UPDATE replica SET needs_new_id = 1") }
  }

  /// Keeps what the server says of the seat; writes nothing when it is known already.
  package func noteSeat(seat: String, role: String, place: String?, holder: String? = nil) throws(StoreError) {
    let known = try header()
    guard
      known.removal != nil || known.seat?.description != seat || known.role?.rawValue != role
        || known.place?.string != place || known.holder?.string != holder
    else { return }
    try change("note") { db, _ in
      try db.executeKept(
        sql: "UPDATE replica SET seat = ?, role = ?, place = ?", arguments: [seat, role, place])
      for table in ["removal", "holder"] { try db.executeKept(sql: "DELETE FROM \(table)") }
      if let holder { try db.executeKept(sql: "INSERT INTO holder VALUES (1, ?)", arguments: [holder]) }
    }
  }

  /// Takes the address and secret of a device file that re-admits this very replica; false when it is of another
  /// replica
  /// or ledger, and then nothing is changed.
  package func readmit(_ device: DeviceFile, trust: ReplicaTrust? = nil) throws(StoreError) -> Bool {
    try change("re-admit") { db, header in
      guard header.replica == device.replica, header.ledger == device.ledger else { return false }
      try db.executeKept(sql: "UPDATE replica SET server = ?", arguments: [device.server])
      try db.executeKept(
        sql: "UPDATE identity SET secret = ? WHERE generation = ?",
        arguments: [device.secret.digits, header.generation])
      try trust?.write(db)
      return true
    }
  }

  /// Takes a new id: every undecided act that never was accepted, and every refused one that speaks of such an act, is
  /// issued anew under it, in the same transaction.
  /// `reissuing` is given those acts in their order and returns them under the new id, from number 1.
  package func adopt(
    _ replica: ReplicaID, secret: Secret, _ reissuing: ([Act]) -> [Act]
  ) throws(StoreError) {
    try change("take a new id") { db, header in
      // What came back and could not be told for ours yet is not issued anew: it would stand twice.
      for own in try self.ownActs(db, where: "generation = ? AND phase IN (0, 1)", [header.generation]) {
        self.echoed.insert(own.act.id)
      }
      try self.confirm(db, upTo: header.reached)
      let acts = try self.actsToRenew(header.generation, db)
      let generation = header.generation + 1
      try db.executeKept(
        sql: "INSERT OR REPLACE INTO given_out (generation, counter) VALUES (?, ?)",
        arguments: [header.generation, Int64(header.counter)])
      for act in acts {
        try db.executeKept(
          sql: "INSERT OR REPLACE INTO renamed (generation, n) SELECT generation, ? FROM identity WHERE replica = ?",
          arguments: [Int64(act.act.id.n), act.act.id.replica.description])
        try db.executeKept(
          sql: "DELETE FROM act WHERE n = ? AND generation = (SELECT generation FROM identity WHERE replica = ?)",
          arguments: [Int64(act.act.id.n), act.act.id.replica.description])
      }
      try db.executeKept(
        sql: "INSERT INTO identity (generation, replica, secret) VALUES (?, ?, ?)",
        arguments: [generation, replica.description, secret.digits])
      let renamed = reissuing(acts.map(\.act))
      for act in renamed { try self.write(ActRow(generation: generation, act: act, phase: .pending), db) }
      for (old, new) in zip(acts, renamed) {
        try self.renameUndo(old.act.id, to: new.id, db)
        try self.renameMoment(of: old.act.id, to: new.id, db)
      }
      try db.executeKept(
        sql: "UPDATE replica SET generation = ?, counter = ?, needs_new_id = 0",
        arguments: [generation, renamed.count])
      try self.note(.folderCopied(old: header.replica, new: replica), db)
    }
  }

  /// The undecided acts that were never accepted, and the refused ones that speak of them: those were judged against
  /// what another copy of this folder had made under the same numbers. An act of this generation that was sent is undecided
  /// for good: where a stop came before it could be marked as forked with the one that it is about.
  private func actsToRenew(_ generation: Int, _ db: Database) throws -> [OwnAct] {
    var renewed: Set<ActID> = []
    let condition = "(phase IN (0, 3, 4) OR phase = 1 AND generation = ?) AND was_accepted = 0"
    return try ownActs(db, where: condition, [generation]).filter { own in
      let speaks = own.act.edits.contains { edit in
        if let base = edit.base, renewed.contains(base.act) { return true }
        guard case .created(let id) = edit.entity else { return false }
        return renewed.contains(id.act)
      }
      guard own.phase != .shelved || speaks else { return false }
      renewed.insert(own.act.id)
      return true
    }
  }

  /// Takes what the stream is past out of the overlay: an act whose lines all came is gone for its lines; one whose
  /// lines
  /// this view may not see is kept apart.
  func confirm(_ db: Database, upTo reached: UInt64) throws {
    for own in try ownActs(db, where: "phase = 2 AND first_seq <= ?", [Int64(reached)]) {
      try settle(own.act, db)
    }
    // What makes a thing before what is about it.
    for id in echoed.sorted(by: { $0.n < $1.n }) {
      // A pending act may have been sent too: by another copy of this folder, to which it was copied with it.
      let candidates = try ownActs(db, where: "n = ? AND phase IN (0, 1, 2)", [Int64(id.n)])
      for own in candidates where own.act.id == id {
        if try holds(own.act, db), try !speaksOfUndecided(own.act, db) { try settle(own.act, db) }
      }
    }
    echoed = []
    try forgetMoments(db)
  }

  /// Whether `act` is about a thing that an own act makes which the server has not accepted: then another copy of this folder
  /// may have said the same, under the same number, of a thing of its own.
  private func speaksOfUndecided(_ act: Act, _ db: Database) throws -> Bool {
    let undecided = """
      SELECT EXISTS (SELECT 1 FROM act JOIN identity USING (generation)
                     WHERE replica = ? AND n = ? AND phase IN (0, 1, 3, 4))
      """
    return try act.edits.contains { edit in
      guard case .created(let id) = edit.entity, id.act != act.id else { return false }
      let arguments: StatementArguments = [id.replica.description, Int64(id.n)]
      return try Bool.fetchOne(db.cachedStatement(sql: undecided), arguments: arguments) ?? false
    }
  }

  private func settle(_ act: Act, _ db: Database) throws {
    guard try holds(act, db) else { return try change(act.id, db) { $0.phase = .confirmed } }
    try db.execute(
      sql: "DELETE FROM act WHERE n = ? AND generation = (SELECT generation FROM identity WHERE replica = ?)",
      arguments: [Int64(act.id.n), act.id.replica.description])
  }

  /// Whether the server's lines of this very act are all here.
  private func holds(_ act: Act, _ db: Database) throws -> Bool {
    let sql = "SELECT line FROM line WHERE replica = ? AND n = ? ORDER BY i"
    let lines = try String.fetchAll(
      db.cachedStatement(sql: sql), arguments: [act.id.replica.description, Int64(act.id.n)])
    let edits = lines.compactMap { EditLine.accepted($0)?.edit }
    return edits.count == act.edits.count
      && zip(edits, act.edits).allSatisfy { $0.isCopy(of: $1) }
  }

  /// One changing transaction; what was read before it is forgotten.
  func change<Result>(
    _ operation: String, _ body: (Database, ReplicaHeader) throws -> Result
  ) throws(StoreError) -> Result {
    try file.transaction(operation) { db in
      let result = try body(db, try ReplicaHeader(db, file: self.file.path))
      try self.touch(db)
      return result
    }
  }

  /// Keeps something that the owner must be told.
  func note(_ notice: ReplicaNotice, _ db: Database) throws {
    try db.executeKept(
      sql: "INSERT INTO notice (kind, detail) VALUES (?, ?)",
      arguments: [notice.kind, notice.detail])
  }
}
