import GRDB
import GRDBSQLite

/// A statement driven by SQLite's own calls, for the few that run once per line: half the cost of GRDB's way.
///
/// GRDB prepares and finalises it. It belongs to one connection and is used only inside that connection's closures.
/// Whoever steps it must `reset()` it, or it keeps its read transaction open.
struct RawStatement {
  private let owner: Statement
  private let pointer: OpaquePointer
  private let file: String
  private let operation: String

  /// Prepares `sql`; `operation` is what its errors name.
  init(_ sql: String, on db: Database, file: String, operation: String) throws {
    owner = try db.makeStatement(sql: sql)
    pointer = owner.sqliteStatement
    self.file = file
    self.operation = operation
  }

  /// The same with a statement that the connection keeps, for the next time that it is asked for. Nobody else steps it
  /// meanwhile.
  init(kept sql: String, on db: Database, file: String, operation: String) throws {
    owner = try db.cachedStatement(sql: sql)
    pointer = owner.sqliteStatement
    self.file = file
    self.operation = operation
    sqlite3_reset(pointer)
    sqlite3_clear_bindings(pointer)
  }

  /// Binds a number to parameter `index` (from 1).
  func bind(_ number: UInt64, at index: Int32) { sqlite3_bind_int64(pointer, index, Int64(bitPattern: number)) }

  /// Binds a copy of `text` to parameter `index` (from 1).
  func bind(_ text: String, at index: Int32) {
    var copy = text
    copy.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        _ = sqlite3_bind_text(pointer, index, characters.baseAddress, Int32(characters.count), RawStatement.copied)
      }
    }
  }

  /// Binds `bytes` without copying them to parameter `index` (from 1): they must outlive the step and the reset.
  func bindBorrowed(_ bytes: UnsafeRawBufferPointer, at index: Int32) {
    sqlite3_bind_blob(pointer, index, bytes.baseAddress, Int32(bytes.count), nil)
  }

  /// Steps once and resets: for statements without rows. Returns SQLite's code, `SQLITE_DONE` when all is well.
  func execute() -> Int32 {
    let code = sqlite3_step(pointer)
    return sqlite3_reset(pointer) == SQLITE_OK ? code : sqlite3_extended_errcode(sqlite3_db_handle(pointer))
  }

  /// Steps once and resets; throws unless it is done.
  func run() throws(StoreError) { try check(execute()) }

  /// The same with `bytes`, which are not copied, bound to parameter `index` (from 1).
  func run(binding bytes: [UInt8], at index: Int32) throws(StoreError) {
    let code = bytes.withUnsafeBytes { bytes in
      bindBorrowed(bytes, at: index)
      return execute()
    }
    try check(code)
  }

  /// Throws when `code` is an error.
  func check(_ code: Int32) throws(StoreError) {
    guard code == SQLITE_DONE || code == SQLITE_ROW || code == SQLITE_OK else {
      throw StoreError(StoreFault(file: file, code: code, operation: operation))
    }
  }

  /// The next row; false when there is none. Resets itself at the end and on an error.
  func step() throws(StoreError) -> Bool {
    let code = sqlite3_step(pointer)
    if code == SQLITE_ROW { return true }
    sqlite3_reset(pointer)
    try check(code)
    return false
  }

  /// Lets go of the row and the read transaction.
  func reset() {
    sqlite3_reset(pointer)
    sqlite3_clear_bindings(pointer)
  }

  /// Column `index` (from 0) of the row as a number.
  func number(_ index: Int32) -> UInt64 { UInt64(bitPattern: sqlite3_column_int64(pointer, index)) }

  /// Column `index` (from 0) of the row as bytes, valid until the next step or reset.
  func bytes(_ index: Int32) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(pointer, index)
    return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, index)))
  }

  /// Whether column `index` (from 0) of the row is empty.
  func isNull(_ index: Int32) -> Bool { sqlite3_column_type(pointer, index) == SQLITE_NULL }

  /// `SQLITE_TRANSIENT`, a macro that is not imported: SQLite copies what is bound.
  private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}
