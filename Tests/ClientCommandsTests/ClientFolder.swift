import EditModel
import Foundation
import LedgerStore
import LineProtocol
import Testing

/// A device's folder with a replica in it whose server is never there, and the `taizhang` of this build to run on it.
final class ClientFolder {
  /// What a command did.
  struct Answer {
    let status: Int32
    let output: String
    let errors: String
  }

  private let folder: URL
  private var lastSeq: UInt64 = 0
  private var lastActs: [String: UInt64] = [:]

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "client-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var path: String { folder.path }

  /// The names of what is in the folder.
  var content: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

  /// Puts a file of its own into the folder.
  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  /// Puts `text` in place of a file of the folder, and takes the logs beside it away.
  func overwrite(_ name: String, with text: String) throws {
    for log in ["-wal", "-shm"] { try? FileManager.default.removeItem(at: folder.appending(path: name + log)) }
    try Data(String(repeating: text, count: 1_000).utf8).write(to: folder.appending(path: name))
  }

  /// Makes the replica of a round owner's device.
  func replica() throws -> ReplicaStore {
    let device = DeviceFile(
      // Nobody may listen on port 1 of it.
      server: "127.0.0.1:1", ledger: "tucheng", replica: try #require(ReplicaID("q2w8rt5n")),
      secret: try #require(Secret("0123456789abcdefghjkmnpqrs")))
    let store = try ReplicaStore.create(path: folder.appending(path: "replica.sqlite").path, device: device)
    try store.noteSeat(seat: "bangongshi", role: "round_owner", place: nil)
    try store.begin(try #require(Epoch("g1.e5f2a90c41d7b366")))
    return store
  }

  /// The replica as another process sees it.
  func opened() throws -> ReplicaStore {
    try ReplicaStore.open(path: folder.appending(path: "replica.sqlite").path)
  }

  /// Lets an act arrive from the server: `entity field value` each, the value to the end; its author had seen `base`, and made
  /// it `at` that many milliseconds, or now.
  @discardableResult
  func arrive(
    _ changes: [String], in store: ReplicaStore, from author: String = "h4m7xk2v", base: EditID? = nil,
    at milliseconds: UInt64? = nil
  ) throws -> [AcceptedEdit] {
    let n = (lastActs[author] ?? 0) + 1
    lastActs[author] = n
    let act = try Act(
      id: ActID(replica: try #require(ReplicaID(author)), n: n),
      changes: try changes.map { (try ClientFolder.change($0), base) },
      stamp: Stamp(milliseconds: milliseconds ?? 1_700_000_000_000 + lastSeq), shift: .none)
    let seat = try #require(SeatID("dangzheng"))
    let accepted = act.edits.enumerated().map { offset, edit in
      AcceptedEdit(
        seq: lastSeq + UInt64(offset) + 1, receipt: Stamp(milliseconds: 1_700_000_000_000), seat: seat, edit: edit)
    }
    lastSeq += UInt64(accepted.count)
    _ = try store.apply(accepted, reached: (lastSeq, ExactString("g1.e5f2a90c41d7b366.\(lastSeq)")))
    return accepted
  }

  /// Lets an act of one change arrive once more, at a server that had lost it.
  func arriveAgain(_ change: String, as id: EditID, in store: ReplicaStore) throws {
    let act = try Act(
      id: id.act, changes: [(try ClientFolder.change(change), nil)], stamp: Stamp(milliseconds: 1_700_000_000_000),
      shift: .none)
    let seq = try store.header().reached + 1
    let accepted = act.edits.map {
      AcceptedEdit(seq: seq, receipt: Stamp(milliseconds: 1_700_000_000_000), seat: ClientFolder.seat, edit: $0)
    }
    _ = try store.apply(accepted, reached: (seq, ExactString("g2.0011223344556677.\(seq)")))
  }

  private static let seat: SeatID = {
    guard let seat = SeatID("dangzheng") else { preconditionFailure("it is a seat's name") }
    return seat
  }()

  private static func change(_ text: String) throws -> Change {
    let words = text.split(separator: " ", maxSplits: 2).map(String.init)
    return Change(
      entity: try #require(EntityID(words[0])), field: try #require(FieldName(words[1])),
      value: .text(ExactString(words[2])))
  }

  /// Runs a command on the folder to its end.
  func taizhang(_ arguments: String..., columns: Int? = nil) throws -> Answer {
    try ClientFolder.taizhang(arguments, home: path, language: "zh", columns: columns)
  }

  /// Runs a command to its end.
  static func taizhang(_ arguments: [String], home: String, language: String, columns: Int? = nil) throws -> Answer {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "taizhang")
    process.arguments = arguments
    process.environment = ["TAIZHANG_HOME": home, "HOME": home, "LANG": language]
    process.environment?["COLUMNS"] = columns.map(String.init)
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    let complained = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Answer(
      status: process.terminationStatus, output: String(decoding: said, as: UTF8.self),
      errors: String(decoding: complained, as: UTF8.self))
  }
}
