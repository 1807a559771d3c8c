import EditModel
import Glibc
import LedgerRules
import LedgerStore
import LedgerTestKit
import LineProtocol
import NIOCore
import Testing

@testable import LedgerAdmin

/// A data folder of its own, removed with everything in it at the end.
final class DataFolderSample: Sendable {
  let path: String
  var folder: DataFolder { DataFolder(path: path + "/data") }

  init() throws {
    var template = Array(
      "\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/taizhang-admin-XXXXXX".utf8CString)
    path = try #require(mkdtemp(&template).map { String(cString: $0) })
    try Disk.makeFolder(folder.ledgers)
  }

  deinit { DataFolderSample.removeAll(path) }

  private static func removeAll(_ path: String) {
    for name in Disk.names(in: path) { removeAll("\(path)/\(name)") }
    if unlink(path) != 0 { rmdir(path) }
  }

  static let now = Stamp(milliseconds: 1_697_000_000_000)

  /// Makes the ledger `name`, lists it, and puts `acts` generated acts into it; its writer is handed over open.
  @discardableResult
  func ledger(_ name: ExactString, acts: Int, seed: UInt64 = 1) throws -> ServerStore {
    let seats = try seatStore()
    try seats.addLedger(name, at: DataFolderSample.now)
    try seats.close()
    let header = LedgerHeader(
      name: name, epoch: Epoch(generation: 1, id: seed), created: DataFolderSample.now)
    try ServerStore.create(path: folder.ledger(name), header: header)
    let store = try ServerStore(path: folder.ledger(name))
    try store.append(HistoryBatch(DataFolderSample.edits(acts, seed: seed)))
    return store
  }

  /// The seats, made when they are not there.
  func seatStore() throws -> SeatStore {
    if !Disk.exists(folder.seats) { try SeatStore.create(path: folder.seats) }
    return try SeatStore(path: folder.seats)
  }

  /// Adds a seat and a device for it; answers the device.
  func device(of seat: String, ledger: ExactString) throws -> DeviceGrant {
    let seats = try seatStore()
    defer { try? seats.close() }  // a test's own store
    let facts = SeatFacts(seat: try #require(SeatID(seat)), role: .roundOwner, place: "办公室")
    try seats.addSeat(facts, ledger: ledger)
    var generator = SplitMix64(seed: 5)
    return try seats.addDevice(
      facts.seat, of: ledger, draw: DeviceDraw(using: &generator), at: DataFolderSample.now)
  }

  func take(
    at milliseconds: UInt64 = 0, leavingOut leftOut: [ExactString] = [], isServed: Bool = false
  ) throws -> SnapshotSet {
    let stamp = Stamp(milliseconds: DataFolderSample.now.milliseconds + milliseconds)
    return try SnapshotTaking.take(of: folder, leavingOut: leftOut, isServed: isServed, at: stamp).set
  }

  @discardableResult
  func restore(
    _ set: SnapshotSet, only ledgers: [ExactString] = [], overwrite: Bool = false, at milliseconds: UInt64 = 60_000
  ) throws -> SnapshotRestoring.Report {
    try SnapshotRestoring.restore(order(set, only: ledgers, overwrite: overwrite, at: milliseconds), into: folder)
  }

  /// An order to restore `set`, up to `moment` where one is given.
  func order(
    _ set: SnapshotSet, only ledgers: [ExactString] = [], until moment: RestoreMoment? = nil, overwrite: Bool = false,
    at milliseconds: UInt64 = 60_000
  ) -> RestoreOrder {
    let stamp = Stamp(milliseconds: DataFolderSample.now.milliseconds + milliseconds)
    var order = RestoreOrder(set: set, now: stamp) { 0xABCD }
    order.ledgers = ledgers
    order.until = moment
    order.overwrite = overwrite
    order.author = .user("root")
    return order
  }

  /// Every line of a ledger's file, read by another connection.
  func lines(of path: String) throws -> [String] {
    let reader = try HistoryReader(path: path)
    defer { try? reader.close() }  // a test's own reader
    return try reader.lines(after: 0, through: .max, limitBytes: 1 << 30).map {
      String(buffer: $0.line)
    }
  }

  static func edits(_ acts: Int, seed: UInt64 = 1) -> [AcceptedEdit] {
    var generator = Generator(seed: seed)
    return generator.accepted(generator.history(replicas: 3, acts: acts))
  }

  /// Every file below `path` with its bytes: what must be the same when nothing was touched.
  static func contents(_ path: String, under prefix: String = "") throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for name in Disk.names(in: path) where !name.hasSuffix("-shm") && !name.hasSuffix(".lock") {
      let full = "\(path)/\(name)"
      var facts = stat()
      guard lstat(full, &facts) == 0 else { continue }
      if facts.st_mode & S_IFMT == S_IFDIR {
        found.merge(try contents(full, under: "\(prefix)\(name)/")) { $1 }
      } else {
        found[prefix + name] = try bytes(full)
      }
    }
    return found
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    let reader = try DiskReader(path)
    var bytes: [UInt8] = []
    while true {
      let piece = try reader.read()
      if piece.isEmpty { return bytes }
      bytes += piece
    }
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    unlink(path)
    let writer = try DiskWriter(creating: path)
    try writer.write(bytes)
    try writer.finish()
  }
}

extension HistoryBatch {
  init(_ edits: some Sequence<AcceptedEdit>) {
    self.init(
      rows: edits.map { HistoryRow(seq: $0.seq, line: ByteBuffer(string: EditLine.text($0))) })
  }
}
