/// # LedgerClient
///
/// A device's copy of a ledger with its socket: drives `SyncRules` and the replica's store, and offers commands and
/// screens one facade, `Replica`. It may not print, and nothing of the wire shows in what it offers.

package import EditModel
import Glibc
import LedgerRules
package import LedgerStore
import LineProtocol
package import ReplicaKeeping
import SyncRules
import Synchronization

/// # LedgerClient
///
/// What commands and screens see of a ledger: one replica, read and written without a network, synced when there is
/// one.
/// It owns socket, file, timers and locks and drives the rules of `SyncRules`; it decides nothing that is a rule of the
/// ledger or of the protocol, and it words nothing for people.

/// One device's copy of a ledger, in its folder.
///
/// Calls are short transactions on its file and may come from any thread; several processes may use one folder.
package final class Replica: Sendable {
  /// The folder.
  package let home: String
  /// Whether `create` found it there and renewed its address and secret.
  package let wasReadmitted: Bool
  let device: Device
  private let store: Mutex<ReplicaStore>

  /// Enrols the device that the file describes: makes the folder (readable by its owner only) and the replica in it.
  /// A replica that is there already and has the file's id takes its address and secret: the server has re-admitted it.
  package static func create(
    home: String, deviceFile: String, device: Device = .system
  ) throws(ClientError) -> Replica {
    let text = try Folder.read(deviceFile)
    let enrolled: DeviceFile
    do throws(DeviceFile.Flaw) {
      enrolled = try DeviceFile(text: text)
    } catch {
      throw .deviceFile(line: error.line)
    }
    try Folder.make(home)
    let path = Replica.path(home)
    try Folder.makeFile(path)
    do throws(StoreError) {
      try ReplicaStore.create(path: path, device: enrolled).close()
    } catch {
      guard case .exists = error else { throw .store(error) }
      let standing = try Replica(home: home, device: device, wasReadmitted: true)
      let isSame = try standing.withStore { store throws(StoreError) in try store.readmit(enrolled) }
      guard isSame else { throw .replicaExists(home: home) }
      return standing
    }
    return try Replica(home: home, device: device)
  }

  /// Opens the replica in `home`.
  package convenience init(home: String, device: Device = .system) throws(ClientError) {
    try self.init(home: home, device: device, wasReadmitted: false)
  }

  private init(home: String, device: Device, wasReadmitted: Bool) throws(ClientError) {
    self.home = home
    self.device = device
    self.wasReadmitted = wasReadmitted
    try RepairedFile.settle(home)
    // Whoever copied the folder may have left readable for others what holds the device's secret.
    if access(Replica.path(home), W_OK) == 0 { chmod(Replica.path(home), 0o600) }
    do throws(StoreError) {
      self.store = Mutex(try ReplicaStore.open(path: Replica.path(home)))
    } catch {
      if case .missing = error { throw .noReplica(home: home) }
      throw .store(error)
    }
  }

  /// The replica's file.
  var path: String { Replica.path(home) }

  static func path(_ home: String) -> String { home + "/replica.sqlite" }

  /// Works on the file, one caller at a time.
  func withStore<Result: Sendable>(
    _ body: (ReplicaStore) throws(StoreError) -> Result
  ) throws(ClientError) -> Result {
    do throws(StoreError) {
      return try store.withLock { store throws(StoreError) in try body(store) }
    } catch {
      throw .store(error)
    }
  }

  /// Who and what this replica is.
  package func info() throws(ClientError) -> ReplicaInfo {
    ReplicaInfo(
      home: home, header: try withStore { store throws(StoreError) in try store.header() })
  }

  /// The ledger as this device shows it now.
  package func view() throws(ClientError) -> ReplicaView {
    let snapshot = try withStore { store throws(StoreError) in try store.snapshot() }
    return ReplicaView(home: home, snapshot: snapshot)
  }

  /// The same without the confirmed values of some fields, for a list that shows none of them: much sooner there.
  package func view(leavingOut fields: [FieldName]) throws(ClientError) -> ReplicaView {
    let snapshot = try withStore { store throws(StoreError) in try store.snapshot(leavingOut: fields) }
    return ReplicaView(home: home, snapshot: snapshot)
  }

  /// Moves whenever anything in the replica changes, by any process; cheap to ask.
  package func revision() throws(ClientError) -> Int64 {
    try withStore { store throws(StoreError) in try store.revision() }
  }

  /// How far an own act got; nil when it is none of this replica's.
  package func phase(of act: ActID) throws(ClientError) -> OwnActPhase? {
    try withStore { store throws(StoreError) in try store.phase(of: act) }
  }

  /// Every edit of an entity, the one that created it included, or of one field of it, that this device holds: the
  /// confirmed in the server's order, then the own that are not.
  package func history(
    of entity: EntityID, field: FieldName? = nil
  ) throws(ClientError)
    -> [HistoryEntry]
  {
    try withStore { store throws(StoreError) in
      let snapshot = try store.snapshot()
      // An entity that is named by its creating edit was created at its parent.
      let creation = snapshot.confirmed[entity]?.creation.flatMap { $0.edit.entity == entity ? nil : $0 }
      let wanted = creation.flatMap { field == nil || $0.edit.field == field ? $0 : nil }
      let confirmed = [wanted].compactMap(\.self) + (try store.history(of: entity, field: field))
      let present = Set(confirmed.map(\.edit.id))
      let own = (snapshot.overlay + snapshot.shelf + snapshot.offShelf).flatMap { act in
        act.act.edits.filter { edit in
          (edit.entity == entity || .created(edit.id) == entity) && (field == nil || edit.field == field)
            && !present.contains(edit.id)
        }.map { HistoryEntry(edit: $0, accepted: nil, phase: act.phase) }
      }
      return confirmed.map { HistoryEntry(edit: $0.edit, accepted: $0, phase: nil) } + own
    }
  }

  /// How the replica stands.
  package func status() throws(ClientError) -> ReplicaStatus {
    let isBeingSynced = SyncLock.isHeld(home: home)
    let (home, reading) = (self.home, device.reading())
    return try withStore { store throws(StoreError) in
      let open = try store.openNotices()
      let header = try store.header()
      return ReplicaStatus(
        home: home, header: header, offsetMilliseconds: Replica.offset(at: reading, header.anchor),
        counts: try store.counts(),
        damaged: try store.damagedActs(), surplus: try store.surplus(),
        notices: open.notices, lastNotice: open.last, gone: try store.goneTexts(), stateHash: try store.stateHash(),
        isBeingSynced: isBeingSynced
      )
    }
  }

  /// The person has seen the notices of `status`, and nothing of what they say is open any more: they are not shown
  /// again. Does nothing while something is.
  package func noticesWereSeen(in status: ReplicaStatus) throws(ClientError) {
    guard !status.notices.isEmpty, status.isSettled else { return }
    try withStore { store throws(StoreError) in try store.settleNotices(through: status.lastNotice) }
  }
}

/// The few file operations of enrolment, with the system's words when they fail.
enum Folder {
  /// The most bytes that a device file may have.
  static let fileLimit = 65_536

  static func read(_ path: String) throws(ClientError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: fileLimit)
    let count = readBytes(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw failure(path) }
    guard let text = String(validating: bytes.prefix(count), as: UTF8.self) else {
      throw .deviceFile(line: 1)
    }
    return text
  }

  /// Makes the folder and those above it that are missing; the last is readable by its owner only.
  static func make(_ path: String) throws(ClientError) {
    var partial = path.hasPrefix("/") ? "/" : ""
    let names = path.split(separator: "/")
    for (index, name) in names.enumerated() {
      partial += index == 0 ? String(name) : "/" + name
      guard mkdir(partial, index == names.count - 1 ? 0o700 : 0o755) != 0, errno != EEXIST else {
        continue
      }
      throw failure(partial)
    }
  }

  /// Makes an empty file that only its owner can read; SQLite gives its log the same rights.
  static func makeFile(_ path: String) throws(ClientError) {
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    close(descriptor)
  }

  private static func failure(_ path: String) -> ClientError {
    .fileUnreadable(path: path, reason: String(cString: strerror(errno)))
  }
}

/// The system's `read`, under a name that the one above does not hide.
private func readBytes(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}
