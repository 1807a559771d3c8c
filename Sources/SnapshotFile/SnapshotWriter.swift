import Crypto
import EditModel
package import LineProtocol

/// Words a ledger's snapshot: header, cells, lines in seq order with their salts, kept refusals, index. Hands out blocks to be
/// packed (`PackedBlock`) and written in their order.
///
/// Memory: one block and what was not taken yet. Each method may complete blocks: `takeBlocks` gives them.
package struct SnapshotWriter {
  private let header: SnapshotHeader
  private var section = Section.header
  private var text: [UInt8] = []
  /// The salts of the lines in `text`.
  private var salts: [UInt8] = []
  private var blocks: [SnapshotBlock] = []
  private var cellCount: UInt64 = 0
  private var lineCount: UInt64 = 0
  private var refusalCount: UInt64 = 0
  /// How far the lines that were added are linked, made from their salts.
  package private(set) var head = ChainHead.start

  /// What the lines of a block are; one kind in each.
  private enum Section: Comparable {
    case header, cells, lines, refusals, index
  }

  /// How many salts a line has at the most.
  static let saltsInLine = 512

  /// Begins a snapshot.
  package init(_ header: SnapshotHeader) {
    self.header = header
    add("taizhang-snapshot \(header.format) ledger")
    add("ledger \(header.ledger)")
    add("created \(header.created)")
    add("epoch \(header.epoch)")
    for parent in header.parents { add("parent \(parent.epoch) \(parent.forkSeq) \(parent.linkedSeq)") }
    if let held = header.heldThrough { add("held \(held)") }
    add("taken \(header.takenAt)")
    add("seq \(header.seq)")
    add("head \(header.head)")
  }

  /// The blocks that are complete, in their order; each is given once.
  package mutating func takeBlocks() -> [SnapshotBlock] {
    defer { blocks = [] }
    return blocks
  }

  /// Adds the server's line of a cell, without LF; in the order of their seqs, before the history.
  package mutating func add(cell line: UnsafeRawBufferPointer) {
    go(to: .cells)
    cellCount += 1
    add("=", line)
  }

  /// Adds the server's line of seq `lineCount + 1`, without LF, exactly as it is stored. `salt` is what it was linked with; nil
  /// for those behind the header's head, and for them only.
  package mutating func add(line: UnsafeRawBufferPointer, salt: UnsafeRawBufferPointer?) {
    go(to: .lines)
    lineCount += 1
    precondition((salt != nil) == (lineCount <= header.head.seq), "the lines up to the head have salts")
    if let salt {
      salts += salt
      head = head.next(salt: salt, line: line)
    }
    add("+", line)
  }

  /// Adds a refusal that the server keeps; all of them come behind the last line.
  package mutating func add(_ refusal: KeptRefusal) {
    go(to: .refusals)
    refusalCount += 1
    let id = "\(refusal.act.replica).\(refusal.act.n)"
    add("- \(id) \(refusal.digest.hexadecimal) \(refusal.answer)")
  }

  /// Completes the last block before those of the index. Throws `mismatch` when not all lines up to the header's seq were added, or
  /// their links do not lead to the header's head.
  package mutating func finish() throws(SnapshotError) {
    guard lineCount == header.seq, head == header.head else { throw SnapshotError(.mismatch, at: Int(lineCount)) }
    go(to: .index)
  }

  /// Words the index of `entries`, those of all blocks in their order: the last blocks.
  package mutating func index(_ entries: [IndexEntry]) {
    var hash = SHA256()
    for entry in entries {
      // Not behind the last entry: each block of the index begins with one.
      if text.count >= SnapshotBlock.fullBytes { endIndexBlock(&hash) }
      add(entry.text)
    }
    add("count \(cellCount) \(lineCount) \(refusalCount)")
    hash.update(data: text)
    add("end sha256 \(hash.finalize().hexadecimal)")
    endBlock()
  }

  private mutating func endIndexBlock(_ hash: inout SHA256) {
    hash.update(data: text)
    endBlock()
  }

  private mutating func go(to next: Section) {
    precondition(section <= next, "a snapshot's lines have an order")
    if section != next || text.count >= SnapshotBlock.fullBytes { endBlock() }
    section = next
  }

  private mutating func endBlock() {
    for start in stride(from: 0, to: salts.count, by: SnapshotWriter.saltsInLine * ChainFormula.saltBytes) {
      let end = min(start + SnapshotWriter.saltsInLine * ChainFormula.saltBytes, salts.count)
      add("~ \(Base64URL.text(salts[start..<end]))")
    }
    salts = []
    guard !text.isEmpty else { return }
    blocks.append(SnapshotBlock(text: text, lines: lineCount, head: head))
    text = []
  }

  private mutating func add(_ line: String) {
    text += line.utf8
    text.append(UInt8(ascii: "\n"))
  }

  private mutating func add(_ sign: Unicode.Scalar, _ line: UnsafeRawBufferPointer) {
    text.append(UInt8(ascii: sign))
    text.append(UInt8(ascii: " "))
    text += line
    text.append(UInt8(ascii: "\n"))
  }
}
