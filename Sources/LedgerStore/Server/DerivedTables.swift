import EditModel
import LedgerRules

/// What lines of the history imply, as rows of the derived tables: which line won each cell, which lines touched an
/// entity, where each act stands. Sorted by key, so that writing visits each page of a table once.
///
/// Working it out looks at every line and is the dear part; writing has a row for each cell, entity and replica only.
/// So one thread makes it and the writer's thread stores it.
package struct DerivedTables: Sendable {
  /// Everything up to this seq is in these rows or was written before.
  package let applied: UInt64
  /// How many lines these are the rows of.
  package let lineCount: Int
  /// The greatest stamp of the lines, receipts included.
  let greatestStamp: Stamp
  let cells: [CellRow]
  let touched: [TouchedRow]
  let acts: [ActRow]

  /// The winning line of a cell that changed.
  struct CellRow: Sendable {
    let entity: String
    let field: String
    let seq: UInt64
  }

  /// Lines that are edits of an entity, ascending. A created entity's own creating line is found by its identity.
  struct TouchedRow: Sendable {
    let entity: String
    let last: UInt64
    let seqs: PackedNumbers
  }

  /// Acts of a replica by number: the numbers, then the first line of each.
  struct ActRow: Sendable {
    let replica: String
    let numbers: ClosedRange<UInt64>
    let acts: PackedNumbers
  }

  /// How many seqs, or acts, one row holds at the most: whoever looks for one unpacks a row.
  private static let rowCount = 512

  /// What `rows` come to.
  package init(_ rows: DerivedRows) {
    applied = rows.applied
    lineCount = rows.lineCount
    greatestStamp = rows.greatestStamp
    let groups = Groups(rows)
    cells = groups.cellRows
    touched = groups.touchedRows
    acts = groups.actRows
  }

  /// How many rows there are to write.
  package var rowCount: Int { cells.count + touched.count + acts.count }

  /// The lines by what they are about.
  private struct Groups {
    private struct Entity {
      var cells: [FieldName: UInt64] = [:]
      var seqs: [UInt64] = []

      /// Adds a line that is an edit of this entity, and the field that it won.
      mutating func add(_ seq: UInt64, wins field: FieldName?) {
        seqs.append(seq)
        if let field { cells[field] = seq }
      }
    }

    private var entities: [EntityID: Entity] = [:]
    private var acts: [ReplicaID: [(n: UInt64, seq: UInt64)]] = [:]

    init(_ rows: DerivedRows) {
      var seq = rows.before
      for line in rows.lines {
        seq += 1
        let edit = line.edit
        entities[edit.entity, default: Entity()].add(seq, wins: line.isField ? edit.field : nil)
        if line.isCreation, let cell = line.first { entities[cell.entity, default: Entity()].cells[cell.field] = seq }
        if edit.id.i == 1 { acts[edit.id.replica, default: []].append((edit.id.n, seq)) }
      }
    }

    // Sorting is for speed only, so Swift's own order of strings will do: it is the bytes' order but for the rare text
    // that is not normalised, and it compares several times faster.

    var cellRows: [CellRow] {
      entities.flatMap { id, entity in
        let name = id.description
        return entity.cells.map { CellRow(entity: name, field: $0.key.description, seq: $0.value) }
      }.sorted { ($0.entity, $0.field) < ($1.entity, $1.field) }
    }

    var touchedRows: [TouchedRow] {
      entities.flatMap { id, entity in
        let name = id.description
        return pieces(of: entity.seqs).map { seqs in
          TouchedRow(entity: name, last: seqs[seqs.endIndex - 1], seqs: PackedNumbers(seqs))
        }
      }.sorted { ($0.entity, $0.last) < ($1.entity, $1.last) }
    }

    var actRows: [ActRow] {
      acts.sorted { $0.key < $1.key }.flatMap { replica, acts in
        pieces(of: acts.sorted { $0.n < $1.n }).map { piece in
          ActRow(
            replica: replica.description, numbers: piece[piece.startIndex].n...piece[piece.endIndex - 1].n,
            acts: PackedNumbers(piece.map(\.n) + piece.map(\.seq)))
        }
      }
    }

    private func pieces<Element>(of all: [Element]) -> [ArraySlice<Element>] {
      stride(from: 0, to: all.count, by: rowCount).map { all[$0..<min(all.count, $0 + rowCount)] }
    }
  }
}
