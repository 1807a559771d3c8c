import GRDB

/// Why a store could not do what it was asked: the one error of this module.
///
/// It names the file, the operation and SQLite's code, and never what was stored: no value, line or secret is in a
/// case or a sentence, so it may be logged whole.
package enum StoreError: Error, Hashable, Sendable {
  /// No room is left on the disk, or a quota is used up.
  case full(StoreFault)
  /// The disk or its driver failed; `StoreFault.isSyncFailure` tells a failed fsync apart.
  case inputOutput(StoreFault)
  /// The file, its folder or the whole file system can only be read.
  case readOnly(StoreFault)
  /// What was read is not what SQLite or this program wrote.
  case corrupt(StoreFault)
  /// Another program holds the file's lock for longer than we wait.
  case busy(StoreFault)
  /// The file could not be opened: no right to it, or no folder for it.
  case unopened(StoreFault)
  /// SQLite refused for a reason that is none of the above.
  case engine(StoreFault)
  /// There is no file at `file`.
  case missing(file: String)
  /// There is already something at `file`, and creating would overwrite it.
  case exists(file: String)
  /// The file is a database of another program, or another kind of ours.
  case wrongKind(file: String, expected: String)
  /// A later version of this program wrote the file.
  case newer(file: String, version: Int, known: Int)
  /// An earlier version wrote the file, and who only reads cannot bring it up to date.
  case older(file: String, version: Int, known: Int)
  /// `PRAGMA synchronous` could not be set to FULL: what is acknowledged would not be on the disk.
  case notDurable(file: String, synchronous: Int)
  /// The log beside the file was left by another one, which stood in its place.
  case foreignLog(file: String)
  /// A stored line is not in its one spelling.
  case unreadable(file: String, seq: UInt64)
  /// A batch does not begin right behind the last seq.
  case gap(file: String, expected: UInt64, found: UInt64)
  /// An earlier write failed; nothing is written before `reopen()`.
  case suspended(file: String)
  /// The store was closed.
  case closed(file: String)
  /// A ledger, seat or device that was named is not known, or is known already.
  case seats(SeatProblem)
}

/// What SQLite said, where, and during what.
package struct StoreFault: Hashable, Sendable {
  /// The path of the file.
  package let file: String
  /// SQLite's extended result code.
  package let code: Int32
  /// What was being done, as a verb: "append", "open" …
  package let operation: String

  /// A fault from its parts; see the properties.
  package init(file: String, code: Int32, operation: String) {
    self.file = file
    self.code = code
    self.operation = operation
  }

  /// Whether the file is not a database at all, in place of a damaged one.
  var isNoDatabase: Bool { ResultCode(rawValue: code).primaryResultCode == .SQLITE_NOTADB }

  /// Whether an fsync failed. The kernel may have dropped the pages after it, so that nothing written before is sure
  /// until it was written again: the store is checked before it goes on.
  package var isSyncFailure: Bool {
    code == ResultCode.SQLITE_IOERR_FSYNC.rawValue || code == ResultCode.SQLITE_IOERR_DIR_FSYNC.rawValue
  }
}

extension StoreError {
  /// The case that `fault.code` belongs to.
  init(_ fault: StoreFault) {
    // The index of a log could not be made longer: there is no room for it.
    if fault.code == ResultCode.SQLITE_IOERR_SHMSIZE.rawValue {
      self = .full(fault)
      return
    }
    switch ResultCode(rawValue: fault.code).primaryResultCode {
    case .SQLITE_FULL: self = .full(fault)
    case .SQLITE_IOERR: self = .inputOutput(fault)
    case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly(fault)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(fault)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(fault)
    case .SQLITE_CANTOPEN: self = .unopened(fault)
    default: self = .engine(fault)
    }
  }

  /// Any error from inside a connection's closure. Of GRDB's only the code is kept: its message may hold the SQL.
  init(_ error: any Error, file: String, operation: String) {
    if let own = error as? StoreError {
      self = own
    } else {
      let code = (error as? DatabaseError)?.extendedResultCode ?? .SQLITE_ERROR
      self.init(StoreFault(file: file, code: code.rawValue, operation: operation))
    }
  }

  /// What SQLite said, nil when it was not SQLite that refused.
  package var fault: StoreFault? {
    switch self {
    case .full(let fault), .inputOutput(let fault), .readOnly(let fault), .corrupt(let fault), .busy(let fault),
      .unopened(let fault), .engine(let fault):
      fault
    case .missing, .exists, .wrongKind, .newer, .older, .notDurable, .foreignLog, .unreadable, .gap, .suspended,
      .closed, .seats:
      nil
    }
  }
}

extension StoreError: CustomStringConvertible {
  /// What happened, what it affects, what to do next, in English; `chinese` says it to those who read that.
  package var description: String {
    switch self {
    case .full(let fault):
      "No room is left for \(fault.place). Nothing more is written until there is; reading goes on. Free some space."
    case .inputOutput(let fault):
      "The disk failed under \(fault.place). Writing stops; reading goes on where it can. Check the disk and its cables, "
        + "and take a snapshot."
    case .readOnly(let fault):
      "\(fault.place) can only be read. Nothing is written until the file and its folder belong to the user that the "
        + "program runs as, and the file system is mounted for writing."
    case .corrupt(let fault):
      "\(fault.place) is \(fault.isNoDatabase ? "no database" : "damaged"). It is left as it is. Stop the server and "
        + "restore the newest snapshot (taizhangd restore SET --overwrite; with --ledger NAME that ledger alone); a restore keeps "
        + "the file."
    case .busy(let fault):
      "Another program holds \(fault.place). Nothing was changed. End the other program, or try again."
    case .unopened(let fault):
      "\(fault.place) could not be opened. Nothing was changed. Check that its folder exists and may be written to."
    case .engine(let fault):
      "SQLite refused \(fault.place). Nothing was changed. This is a fault of the program: report it with this line."
    case .missing, .exists, .wrongKind, .newer, .older, .notDurable, .foreignLog, .unreadable, .gap, .suspended,
      .closed, .seats:
      ownDescription
    }
  }

  private var ownDescription: String {
    switch self {
    case .missing(let file):
      "There is no file \(file). Check the path; a ledger that was there comes back with `taizhangd restore`."
    case .exists(let file): "\(file) is there already. It is left as it is; choose another name or move it away."
    case .wrongKind(let file, let expected): "\(file) is not a \(expected). It is left as it is; check the path."
    case .newer(let file, let version, let known):
      "\(file) was written by a later version of this program (format \(version), this one knows up to \(known)). "
        + "It is left as it is. Install the later version, or restore a snapshot."
    case .older(let file, let version, let known):
      "\(file) has the older format \(version) and must be brought to \(known). Open it with the program that writes it."
    case .notDurable(let file, let synchronous):
      "\(file) was opened with synchronous=\(synchronous) in place of 2, so that a power cut could lose what was "
        + "acknowledged. It is not used. This is a fault of the program: report it with this line."
    case .foreignLog(let file):
      "\(file) was put in the place of another file, whose log \(file)-wal still stands beside it: together they would mix "
        + "two histories. Both are left as they are. Restore the newest snapshot; a restore keeps both."
    case .unreadable(let file, let seq):
      "Line \(seq) of \(file) is not in its one spelling. The file was changed from outside; restore a snapshot."
    case .gap(let file, let expected, let found):
      "\(file) expects line \(expected) next and was given \(found). Nothing was written. Report it with this line."
    case .suspended(let file): "An earlier write to \(file) failed. Nothing is written until it was opened again."
    case .closed(let file): "\(file) was closed already."
    case .seats(let problem): problem.description
    default: ""
    }
  }
}

extension StoreFault { fileprivate var place: String { "\(file) (\(operation), SQLite code \(code))" } }
