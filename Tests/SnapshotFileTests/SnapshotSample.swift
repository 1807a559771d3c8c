import Crypto
import EditModel
import LedgerTestKit
import LineProtocol
import SnapshotFile
import Testing

/// A generated ledger: what goes into a snapshot and must come out of it.
struct SnapshotSample {
  let header: SnapshotHeader
  let edits: [AcceptedEdit]
  let refusals: [KeptRefusal]

  /// A ledger of `acts` acts and `refusals` refused ones, behind `parents` earlier histories.
  init(seed: UInt64 = 1, acts: Int, refusals count: Int = 0, parents: Int = 0) throws {
    var generator = Generator(seed: seed)
    edits = generator.accepted(generator.history(replicas: 3, acts: acts))
    let replica = generator.replica()
    refusals = (0..<count).map { number in
      KeptRefusal(
        act: ActID(replica: replica, n: UInt64(number + 1)),
        digest: (0..<16).map { UInt8(truncatingIfNeeded: $0 * number) },
        answer: "shelve stage-needs opinion")
    }
    let earlier = (0..<parents).map {
      ParentEpoch(epoch: Epoch(generation: UInt32($0 + 1), id: 7), forkSeq: UInt64($0))
    }
    header = SnapshotHeader(
      ledger: "土城镇-2023", created: Stamp(milliseconds: 1_690_000_000_000),
      history: SnapshotHistory(
        epoch: Epoch(generation: UInt32(parents + 1), id: 9), parents: earlier),
      takenAt: Stamp(milliseconds: 1_697_000_000_000), seq: UInt64(edits.count))
  }

  /// The file.
  func file() throws -> [UInt8] {
    var bytes: [UInt8] = []
    var writer = try SnapshotWriter(header, to: &bytes)
    for edit in edits { try writer.add(line: Array(EditLine.text(edit).utf8), to: &bytes) }
    for refusal in refusals { try writer.add(refusal, to: &bytes) }
    try writer.finish(to: &bytes)
    return bytes
  }

  /// What reading the file must give.
  var entries: [SnapshotEntry] {
    [.header(header)] + edits.map { .line(text: EditLine.text($0), edit: $0) }
      + refusals.map { .refusal($0) } + [.end]
  }

  /// The file's text, one line an element.
  func lines() throws -> [String] {
    let text = try #require(String(validating: try unpacked(file()), as: UTF8.self))
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
}

/// All entries of a file that arrives in pieces of `size` bytes; throws what the reader throws.
func entries(of file: [UInt8], size: Int = 65_536) throws -> [SnapshotEntry] {
  var reader = try SnapshotReader()
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
