import Crypto
import EditModel
import LineProtocol

/// The order in which the blocks of a snapshot may come, and what their lines say.
struct BlockParser {
  private enum Section: Int {
    case header, cells, lines, refusals, index
  }

  private var section: Section?
  private var header: SnapshotHeader?
  private var index = IndexLines()
  private var cells = CellLines()
  private var lineCount: UInt64 = 0
  private var refusalCount: UInt64 = 0
  private var lastRefusal: KeptRefusal?
  private var head = ChainHead.start
  /// The number of the line within the whole text, from 1.
  private var line = 0

  /// How many blocks were taken.
  private(set) var blockCount = 0

  /// Whether the index was read to its end, which is that of the file.
  var isEnded: Bool { index.isEnded }

  /// Takes the next block; answers what it says. Throws where what it says cannot stand there.
  mutating func take(_ block: FoundBlock) throws(SnapshotError) -> [SnapshotEntry] {
    do throws(SnapshotError) {
      let entries = try read(block)
      blockCount += 1
      if section != .index { index.expect(IndexEntry(block.bytes, lines: lineCount, head: head)) }
      return entries
    } catch {
      throw SnapshotError(error.kind, at: error.position, block: blockCount + 1)
    }
  }

  private mutating func read(_ block: FoundBlock) throws(SnapshotError) -> [SnapshotEntry] {
    guard block.text.last == UInt8(ascii: "\n") else { throw fault(.malformed) }
    let lines = block.text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
    guard lines.allSatisfy({ $0.count <= SnapshotHeader.limitLineBytes }) else { throw fault(.malformed) }
    let next = try section(of: lines.first ?? [])
    // Of all but the header there may be several blocks.
    guard (section?.rawValue ?? -1) < next.rawValue || section == next && next != .header else {
      throw fault(.malformed)
    }
    guard (section == nil) == (next == .header) else { throw fault(.malformed) }
    section = next
    switch next {
    case .header: return try readHeader(lines)
    case .cells:
      return try readEach(lines, "=") { (parser, text, edit) throws(SnapshotError) in
        guard parser.cells.add(text, edit.seq) else { throw parser.fault(.mismatch) }
        return .cell(edit)
      }
    case .lines: return try readHistory(lines)
    case .refusals: return try readRefusals(lines)
    case .index: return try readIndex(lines)
    }
  }

  private func section(of first: ArraySlice<UInt8>) throws(SnapshotError) -> Section {
    switch first.first {
    case UInt8(ascii: "t"): .header
    case UInt8(ascii: "="): .cells
    case UInt8(ascii: "+"): .lines
    case UInt8(ascii: "-"): .refusals
    case UInt8(ascii: "b"): .index
    default: throw fault(.malformed)
    }
  }

  private mutating func readHeader(_ lines: ArraySlice<ArraySlice<UInt8>>) throws(SnapshotError) -> [SnapshotEntry] {
    var first = HeaderParser(format: SnapshotHeader.presentFormat)
    for bytes in lines {
      line += 1
      guard header == nil else { throw fault(.malformed) }
      header = try first.take(try text(bytes), at: line)
    }
    guard let header else { throw fault(.malformed) }
    return [.header(header)]
  }

  /// Reads lines that all are edits behind `sign`.
  private mutating func readEach(
    _ lines: ArraySlice<ArraySlice<UInt8>>, _ sign: Unicode.Scalar,
    _ take: (inout BlockParser, ArraySlice<UInt8>, AcceptedEdit) throws(SnapshotError) -> SnapshotEntry
  ) throws(SnapshotError) -> [SnapshotEntry] {
    var entries: [SnapshotEntry] = []
    entries.reserveCapacity(lines.count)
    for bytes in lines {
      line += 1
      let text = bytes.dropFirst(2)
      guard bytes.first == UInt8(ascii: sign), bytes.dropFirst().first == UInt8(ascii: " "),
        let edit = text.withUnsafeBytes({ EditLine.accepted($0) })
      else { throw fault(.malformed) }
      entries.append(try take(&self, text, edit))
    }
    return entries
  }

  /// Lines, and behind them the salts of those that are linked.
  private mutating func readHistory(_ lines: ArraySlice<ArraySlice<UInt8>>) throws(SnapshotError) -> [SnapshotEntry] {
    guard let header else { throw fault(.malformed) }
    let isSalts = { (bytes: ArraySlice<UInt8>) in bytes.first == UInt8(ascii: "~") }
    let edits = lines.prefix { !isSalts($0) }
    let linked = Int(min(UInt64(edits.count), header.head.seq - min(header.head.seq, lineCount)))
    let salts = try readSalts(lines.dropFirst(edits.count), of: linked)
    var index = 0
    let entries = try readEach(edits, "+") { (parser, text, edit) throws(SnapshotError) in
      parser.lineCount += 1
      guard edit.seq == parser.lineCount, edit.seq <= header.seq, parser.cells.meet(text, edit.seq) else {
        throw parser.fault(.mismatch)
      }
      defer { index += 1 }
      guard index < linked else { return .line(SnapshotLine(text: text, edit: edit, salt: nil)) }
      let salt = salts[(index * ChainFormula.saltBytes)..<((index + 1) * ChainFormula.saltBytes)]
      parser.head = salt.withUnsafeBytes { salt in
        text.withUnsafeBytes { parser.head.next(salt: salt, line: $0) }
      }
      return .line(SnapshotLine(text: text, edit: edit, salt: salt))
    }
    line += lines.count - edits.count
    guard head.seq < header.head.seq || head == header.head else { throw fault(.mismatch) }
    return entries
  }

  /// The salts of `count` lines: as many in each line as go there.
  private func readSalts(_ lines: ArraySlice<ArraySlice<UInt8>>, of count: Int) throws(SnapshotError) -> [UInt8] {
    var salts: [UInt8] = []
    for bytes in lines {
      let wanted = min(SnapshotWriter.saltsInLine, count - salts.count / ChainFormula.saltBytes)
      guard bytes.prefix(2).elementsEqual("~ ".utf8), let found = Base64URL.bytes(try text(bytes.dropFirst(2))),
        wanted > 0, found.count == wanted * ChainFormula.saltBytes
      else { throw fault(.malformed) }
      salts += found
    }
    guard salts.count == count * ChainFormula.saltBytes else { throw fault(.malformed) }
    return salts
  }

  private mutating func readRefusals(_ lines: ArraySlice<ArraySlice<UInt8>>) throws(SnapshotError) -> [SnapshotEntry] {
    var entries: [SnapshotEntry] = []
    for bytes in lines {
      line += 1
      guard let refusal = KeptRefusal(line: try text(bytes)) else { throw fault(.malformed) }
      guard refusal.follows(lastRefusal) else { throw fault(.mismatch) }
      lastRefusal = refusal
      entries.append(.refusal(refusal))
    }
    refusalCount += UInt64(entries.count)
    return entries
  }

  private mutating func readIndex(_ lines: ArraySlice<ArraySlice<UInt8>>) throws(SnapshotError) -> [SnapshotEntry] {
    guard let header, lineCount == header.seq, head == header.head, cells.isMet,
      index.take(lines, count: "count \(cells.count) \(lineCount) \(refusalCount)")
    else { throw fault(.mismatch) }
    line += lines.count
    return index.isEnded ? [.end] : []
  }

  private func text(_ bytes: ArraySlice<UInt8>) throws(SnapshotError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw fault(.malformed) }
    return text
  }

  private func fault(_ kind: SnapshotError.Kind) -> SnapshotError { SnapshotError(kind, at: max(1, line)) }
}

/// The cells that were read, and whether each is the line of its seq.
private struct CellLines {
  private var seqs: [UInt64] = []
  private var metCount = 0
  private var cells = SHA256()
  private var lines = SHA256()

  var count: Int { seqs.count }

  /// Takes a cell's line; false where it does not come behind those before.
  mutating func add(_ text: ArraySlice<UInt8>, _ seq: UInt64) -> Bool {
    guard seq > seqs.last ?? 0 else { return false }
    seqs.append(seq)
    update(&cells, text)
    return true
  }

  /// Takes the line `seq` of the history; false where one of a cell was passed over.
  mutating func meet(_ text: ArraySlice<UInt8>, _ seq: UInt64) -> Bool {
    guard metCount < seqs.count, seqs[metCount] <= seq else { return true }
    guard seqs[metCount] == seq else { return false }
    metCount += 1
    update(&lines, text)
    return true
  }

  /// Whether every cell's line was among the lines, byte for byte.
  var isMet: Bool { metCount == seqs.count && cells.finalize() == lines.finalize() }

  private func update(_ hash: inout SHA256, _ text: ArraySlice<UInt8>) {
    text.withUnsafeBytes { hash.update(bufferPointer: $0) }
    // Told apart from the next; no line has one in it.
    hash.update(data: [UInt8(ascii: "\n")])
  }
}
