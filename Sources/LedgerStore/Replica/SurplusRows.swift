import EditModel
import GRDB
import LineProtocol

/// Lines that a server which went back no longer has, kept aside until it sends them again, within one transaction.
struct SurplusRows {
  private let db: Database

  init(_ db: Database) { self.db = db }

  /// Itself, or nil where nothing stands aside.
  var nonEmpty: SurplusRows? {
    get throws {
      let isAny = try Bool.fetchOne(db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM surplus)")) ?? false
      return isAny ? self : nil
    }
  }

  /// Keeps `accepted` aside, in the place of the same edit where that stood under another seq. Another act that stands aside
  /// under its identity, of another copy of the folder, stays.
  func keep(_ accepted: AcceptedEdit) throws {
    let id = accepted.edit.id
    try letGo(of: accepted.edit)
    try db.executeKept(
      sql: "INSERT OR REPLACE INTO surplus (replica, n, i, line) VALUES (?, ?, ?, ?)",
      arguments: [id.replica.description, Int64(id.n), Int64(id.i), EditLine.text(accepted)])
  }

  /// Lets go of what stands aside and is a copy of `edit`: the server has it again. Another act may have come under the same
  /// identity, of another copy of the folder: what stands aside is not here then.
  func letGo(of edit: Edit) throws {
    let identity: StatementArguments = [edit.id.replica.description, Int64(edit.id.n), Int64(edit.id.i)]
    let condition = "replica = ? AND n = ? AND i = ?"
    let lines = try String.fetchAll(
      db.cachedStatement(sql: "SELECT line FROM surplus WHERE \(condition)"), arguments: identity)
    for line in lines where EditLine.accepted(line)?.edit.isCopy(of: edit) ?? false {
      try db.executeKept(sql: "DELETE FROM surplus WHERE \(condition) AND line = ?", arguments: identity + [line])
    }
  }
}
