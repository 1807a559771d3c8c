import Crypto
import EditModel
import GRDB
package import LineProtocol

/// The links of lines that follow each other, as one row of the table has them: what each line was salted with, by what it is
/// told which line was changed, and the link of the last.
struct ChainRow: Hashable, Sendable {
  /// The seq before the first of its lines.
  let before: UInt64
  /// The last of its lines.
  let last: UInt64
  /// `ChainFormula.saltBytes` for each line.
  let salts: [UInt8]
  /// The first `checkBytes` of each line's digest. The link proves; these only say where to look when it does not hold.
  let checks: [UInt8]
  /// The link of the last line.
  let link: [UInt8]

  /// How many bytes of a digest are kept.
  static let checkBytes = 4
  /// How many lines a row has at the most.
  static let lineLimit = 512

  /// How many lines it has.
  var lineCount: Int { Int(last - before) }
  /// Whether it has no more lines than a row may have: of a longer one nothing can be told.
  var isPlausible: Bool { last - before <= UInt64(ChainRow.lineLimit) }
}

/// Links of lines that were committed, to be written behind them.
package struct ChainRows: Sendable {
  /// Where the chain stood without them.
  private let start: ChainHead
  let rows: [ChainRow]
  /// Where the chain stands with them.
  package let head: ChainHead

  init(after start: ChainHead, rows: [ChainRow], head: ChainHead) {
    (self.start, self.rows, self.head) = (start, rows, head)
  }

  /// Whether they go on behind `head`: another hand may have linked meanwhile, or the ledger be another.
  package func goOn(behind head: ChainHead) -> Bool { start == head }

  /// Writes the rows, as part of the caller's transaction.
  func write(_ db: Database, file: String) throws {
    let statement = try RawStatement(
      kept: "INSERT INTO chain (seq, salts, checks, link) VALUES (?1, ?2, ?3, ?4)", on: db, file: file,
      operation: "write behind")
    for row in rows {
      let code = row.salts.withUnsafeBytes { salts in
        row.checks.withUnsafeBytes { checks in
          row.link.withUnsafeBytes { link in
            statement.bind(row.last, at: 1)
            statement.bindBorrowed(salts, at: 2)
            statement.bindBorrowed(checks, at: 3)
            statement.bindBorrowed(link, at: 4)
            return statement.execute()
          }
        }
      }
      try statement.check(code)
    }
  }
}

extension ChainHead {
  /// How far the lines of a file are linked.
  static func last(_ db: Database) throws -> ChainHead {
    let row = try Row.fetchOne(db, sql: "SELECT seq, lower(hex(link)) FROM chain ORDER BY seq DESC LIMIT 1")
    return row.map { ChainHead(seq: UInt64(bitPattern: $0[0]), link: [UInt8](hexadecimal: $0[1]) ?? []) } ?? .start
  }
}

/// Links line after line.
package struct ChainLinking: Sendable {
  private let start: ChainHead
  private var rows: [ChainRow] = []
  private var link: [UInt8]
  private var before: UInt64
  /// The last line that was linked.
  package private(set) var last: UInt64
  private var salts: [UInt8] = []
  private var checks: [UInt8] = []

  /// The chain goes on behind `head`.
  package init(after head: ChainHead) {
    (start, link, before, last) = (head, head.link, head.seq, head.seq)
  }

  /// Links the next line.
  mutating func add(_ line: UnsafeRawBufferPointer, using generator: inout some RandomNumberGenerator) {
    for _ in 0..<(ChainFormula.saltBytes / 8) {
      withUnsafeBytes(of: generator.next()) { salts.append(contentsOf: $0) }
    }
    link(line)
  }

  /// Links the next line with a salt that it was linked with before: `ChainFormula.saltBytes` of a snapshot.
  package mutating func add(_ line: UnsafeRawBufferPointer, salt: some Collection<UInt8>) {
    precondition(salt.count == ChainFormula.saltBytes)
    salts += salt
    link(line)
  }

  /// Links the next line with the salt that was put behind the others.
  private mutating func link(_ line: UnsafeRawBufferPointer) {
    let digest = salts.withUnsafeBytes {
      ChainFormula.digest(salt: UnsafeRawBufferPointer(rebasing: $0.suffix(ChainFormula.saltBytes)), line: line)
    }
    checks.append(contentsOf: digest.prefix(ChainRow.checkBytes))
    link = ChainFormula.link(digest, behind: link)
    last += 1
    if Int(last - before) == ChainRow.lineLimit { endRow() }
  }

  /// What was linked; nothing may be linked behind it.
  package mutating func finish() -> ChainRows {
    if last > before { endRow() }
    return ChainRows(after: start, rows: rows, head: ChainHead(seq: last, link: link))
  }

  private mutating func endRow() {
    rows.append(ChainRow(before: before, last: last, salts: salts, checks: checks, link: link))
    (salts, checks, before) = ([], [], last)
  }
}
