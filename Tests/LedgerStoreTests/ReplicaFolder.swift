import EditModel
import Foundation
import LedgerStore
import LineProtocol
import Testing

/// A replica file in a temporary folder that goes with it, and lines and acts to put into it.
final class ReplicaFolder: Sendable {
  let replica = ReplicaFolder.known(ReplicaID("q2w8rt5n"))
  let secret = ReplicaFolder.known(Secret("0123456789abcdefghjkmnpqrs"))
  let problem = ReplicaFolder.known(EntityID("p15"))
  let field = ReplicaFolder.known(FieldName("progress"))
  private let folder: URL

  init() {
    folder = FileManager.default.temporaryDirectory.appending(path: "replica-\(UUID().uuidString)")
    // Without the folder the first use of it fails, and says so.
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private static func known<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("a fixture's text is in its one spelling") }
    return value
  }

  var path: String { folder.appending(path: "replica.sqlite").path }

  func device() throws -> DeviceFile {
    DeviceFile(server: "127.0.0.1:7373", ledger: "tucheng-2023", replica: replica, secret: secret)
  }

  func created() throws -> ReplicaStore { try ReplicaStore.create(path: path, device: device()) }

  func opened() throws -> ReplicaStore { try ReplicaStore.open(path: path) }

  /// Puts problem 15 and a first value of its field into the confirmed lines, as seqs 1 and 2.
  func seed(_ store: ReplicaStore, at milliseconds: UInt64 = 1_000) throws {
    let changes = [
      Change(entity: problem, field: ReplicaFolder.known(FieldName("problem")), value: .text("15")),
      Change(entity: problem, field: field, value: .text("原文")),
    ]
    let act = try Act(
      id: ActID(replica: ReplicaFolder.known(ReplicaID("h4m7xk2v")), n: 1),
      changes: changes.map { ($0, nil) },
      stamp: Stamp(milliseconds: milliseconds), shift: .none)
    try store.begin(ReplicaFolder.known(Epoch("g1.e5f2a90c41d7b366")))
    _ = try store.apply(try accepted(1, act), reached: (2, "g1.e5f2a90c41d7b366.2"))
  }

  /// An act of another author, or of another copy of this replica.
  func act(
    _ value: String, n: UInt64, replica: String, at milliseconds: UInt64 = 2_000
  ) throws
    -> Act
  {
    try Act(
      id: ActID(replica: ReplicaFolder.known(ReplicaID(replica)), n: n),
      changes: [(Change(entity: problem, field: field, value: .text(ExactString(value))), nil)],
      stamp: Stamp(milliseconds: milliseconds), shift: .none)
  }

  func accepted(_ seq: UInt64, _ act: Act) throws -> [AcceptedEdit] {
    let seat = ReplicaFolder.known(SeatID("zhangbaiwan"))
    return act.edits.enumerated().map {
      AcceptedEdit(
        seq: seq + UInt64($0.offset), receipt: Stamp(milliseconds: 5_000), seat: seat,
        edit: $0.element)
    }
  }

  /// Records a value of the field on this replica.
  func record(
    _ store: ReplicaStore, _ value: String, at milliseconds: UInt64 = 3_000, undoing undone: ActID? = nil
  ) throws -> Act {
    try record(
      store, Change(entity: problem, field: field, value: .text(ExactString(value))), at: milliseconds, undoing: undone)
  }

  /// Records a change on this replica.
  func record(
    _ store: ReplicaStore, _ change: Change, at milliseconds: UInt64 = 3_000, undoing undone: ActID? = nil
  ) throws -> Act {
    let time = RecordTime(
      reading: ClockReading(wallMilliseconds: milliseconds), milliseconds: milliseconds)
    guard
      case .recorded(let acts) = try store.record(
        [{ _ in [change] }], at: time, undoing: undone.map { UndoneAt($0, revision: try store.revision()) })
    else {
      throw Act.Flaw.empty
    }
    return try #require(acts.first)
  }
}
