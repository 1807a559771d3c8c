import Crypto
import EditModel
import LedgerTestKit
import LineProtocol
import Testing

@testable import SnapshotFile

/// A generated ledger: what goes into a snapshot and must come out of it.
struct SnapshotSample {
  let header: SnapshotHeader
  let edits: [AcceptedEdit]
  let refusals: [KeptRefusal]
  /// The salts of the lines that are linked.
  let salts: [[UInt8]]
  /// Which of the lines stand as cells.
  let cells: [Int]

  /// A ledger of `acts` acts and `refusals` refused ones, behind `parents` earlier histories; the last `unlinked` of its lines
  /// have no links yet.
  init(seed: UInt64 = 1, acts: Int, refusals count: Int = 0, parents: Int = 0, unlinked: Int = 0) throws {
    var generator = Generator(seed: seed)
    edits = generator.accepted(generator.history(replicas: 3, acts: acts))
    cells = edits.indices.filter { $0 % 3 == 0 }
    salts = edits.dropLast(unlinked).map { line in (0..<16).map { UInt8(truncatingIfNeeded: Int(line.seq) * 7 + $0) } }
    var head = ChainHead.start
    for (salt, edit) in zip(salts, edits) {
      salt.withUnsafeBytes { salt in
        Array(EditLine.text(edit).utf8).withUnsafeBytes { head = head.next(salt: salt, line: $0) }
      }
    }
    let replica = generator.replica()
    refusals = (0..<count).map { number in
      KeptRefusal(
        act: ActID(replica: replica, n: UInt64(number + 1)),
        digest: (0..<16).map { UInt8(truncatingIfNeeded: $0 * number) },
        answer: "shelve stage-needs opinion")
    }
    let earlier = (0..<UInt32(parents)).map { number in
      ParentEpoch(
        epoch: Epoch(generation: number + 1, id: 7), forkSeq: UInt64(number), linkedSeq: UInt64(number) / 2)
    }
    header = SnapshotHeader(
      ledger: "土城镇-2023", created: Stamp(milliseconds: 1_690_000_000_000),
      history: SnapshotHistory(
        epoch: Epoch(generation: UInt32(parents + 1), id: 9), parents: earlier),
      takenAt: Stamp(milliseconds: 1_697_000_000_000), seq: UInt64(edits.count), head: head)
  }

  /// The lines, as they are pushed.
  var lines: [[UInt8]] { edits.map { Array(EditLine.text($0).utf8) } }

  /// The file.
  func file() throws -> [UInt8] {
    var writer = SnapshotWriter(header)
    let lines = lines
    for index in cells { lines[index].withUnsafeBytes { writer.add(cell: $0) } }
    for (index, line) in lines.enumerated() {
      line.withUnsafeBytes { line in
        guard index < salts.count else { return writer.add(line: line, salt: nil) }
        salts[index].withUnsafeBytes { writer.add(line: line, salt: $0) }
      }
    }
    for refusal in refusals { writer.add(refusal) }
    try writer.finish()
    var packed = try writer.takeBlocks().map { try PackedBlock($0) }
    writer.index(packed.map(\.entry))
    packed += try writer.takeBlocks().map { try PackedBlock($0) }
    return packed.flatMap(\.bytes)
  }

  /// What reading the file must give.
  var entries: [SnapshotEntry] {
    [.header(header)] + cells.map { .cell(edits[$0]) }
      + zip(lines, edits).enumerated().map { index, line in
        let salt = index < salts.count ? salts[index][...] : nil
        return .line(SnapshotLine(text: line.0[...], edit: line.1, salt: salt))
      } + refusals.map { .refusal($0) } + [.end]
  }

  /// The file's text, one line an element.
  func text() throws -> [String] { try textLines(of: file()) }
}

/// The text of a file of blocks, one line an element.
func textLines(of file: [UInt8]) throws -> [String] {
  let text = try #require(String(validating: try blocks(of: file).flatMap(GzipBlock.unpacked), as: UTF8.self))
  return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
}

/// The members of a file of blocks.
func blocks(of file: [UInt8]) throws -> [ArraySlice<UInt8>] {
  var blocks: [ArraySlice<UInt8>] = []
  var rest = file[...]
  while !rest.isEmpty {
    let length = try #require(try GzipBlock.length(rest))
    blocks.append(rest.prefix(length))
    rest = rest.dropFirst(length)
  }
  return blocks
}

/// All entries of a file that arrives in pieces of `size` bytes; throws what the reader throws.
func entries(of file: [UInt8], size: Int = 65_536) throws -> [SnapshotEntry] {
  var reader = SnapshotReader()
  var entries: [SnapshotEntry] = []
  for start in stride(from: 0, to: file.count, by: size) {
    try reader.receive(Array(file[start..<min(start + size, file.count)]))
    while let entry = try reader.next() { entries.append(entry) }
  }
  try reader.finish()
  return entries
}

/// What reading `file` is refused with; nil when it is not.
func refusal(of file: [UInt8]) throws -> SnapshotError.Kind? {
  do {
    _ = try entries(of: file)
    return nil
  } catch let error as SnapshotError {
    return error.kind
  }
}

/// `bytes` as one gzip member.
func packed(_ bytes: [UInt8]) throws -> [UInt8] {
  let gzip = try GzipEncoder()
  var output: [UInt8] = []
  try gzip.write(bytes, to: &output)
  try gzip.finish(to: &output)
  return output
}

/// The plain bytes of a gzip member.
func unpacked(_ bytes: [UInt8]) throws -> [UInt8] {
  let gzip = try GzipDecoder()
  var plain: [UInt8] = []
  try gzip.receive(bytes)
  while let piece = try gzip.next() { plain += piece }
  try gzip.finish()
  return plain
}

/// The SHA-256 of `text` in lower-case hexadecimal.
func sha256(_ text: String) -> String { SHA256.hash(data: Array(text.utf8)).hexadecimal }
