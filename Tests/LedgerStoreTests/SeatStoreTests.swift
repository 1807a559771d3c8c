import EditModel
import GRDB
import LedgerRules
import LedgerTestKit
import LineProtocol
import Testing

@testable import LedgerStore

@Suite struct SeatStoreTests {
  private let folder: FaultDiskFolder
  private let store: SeatStore
  private let clerk: SeatFacts
  private let office: SeatFacts
  private let now = Stamp(milliseconds: 1_697_000_000_000)

  init() throws {
    folder = try FaultDiskFolder()
    try SeatStore.create(path: folder.path + "/seats.sqlite")
    store = try SeatStore(path: folder.path + "/seats.sqlite")
    clerk = SeatFacts(seat: try #require(SeatID("zhangbaiwan")), role: .villageClerk, place: "张百万村")
    office = SeatFacts(seat: try #require(SeatID("bangongshi")), role: .roundOwner, place: nil)
    try store.addLedger("tucheng-2023", at: now)
    for seat in [clerk, office] { try store.addSeat(seat, ledger: "tucheng-2023") }
  }

  private func draw(_ seed: UInt64) -> DeviceDraw {
    var numbers = SplitMix64(seed: seed)
    return DeviceDraw(using: &numbers)
  }

  @Test func aDeviceIsKnownByItsSecretAlone() throws {
    let grant = try store.addDevice(clerk.seat, of: "tucheng-2023", draw: draw(1), at: now)
    #expect(grant.seat == clerk && grant.ledger == "tucheng-2023")
    let facts = try #require(try store.authenticate(grant.replica, grant.secret))
    #expect(facts.seat == clerk && facts.ledger == "tucheng-2023" && facts.enrolled == now)
    #expect(facts.contact == nil && facts.unsent == 0 && facts.key == nil && facts.revoked == nil)
    let other = try store.addDevice(office.seat, of: "tucheng-2023", draw: draw(2), at: now)
    #expect(try store.authenticate(grant.replica, other.secret) == nil)
    #expect(try store.authenticate(try #require(ReplicaID("zzzzzzzz")), grant.secret) == nil)
    #expect(try store.device(other.replica)?.seat == office)
  }

  @Test func secretsAreNotInTheFile() throws {
    let grant = try store.addDevice(clerk.seat, of: "tucheng-2023", draw: draw(1), at: now)
    #expect(try !store.seatLines().joined().contains(grant.secret.digits))
    #expect(grant.secret.digits.utf8.count == 32)
    #expect(SecretDigest(of: grant.secret).matches(SecretDigest(of: grant.secret).text))
    #expect(!SecretDigest(of: grant.secret).matches(""))
  }

  @Test func aCopiedFolderGetsAnIdOfItsOwn() throws {
    let grant = try store.addDevice(clerk.seat, of: "tucheng-2023", draw: draw(1), at: now)
    let copy = try store.newReplica(for: grant.replica, draw: draw(2), at: now)
    #expect(copy.replica != grant.replica)
    #expect(copy.seat == clerk)
    // The old one is still served: two folders, two ids.
    #expect(try store.authenticate(grant.replica, grant.secret) != nil)
    #expect(try store.authenticate(copy.replica, copy.secret) != nil)
  }

  @Test func aLostDeviceComesBackUnderItsId() throws {
    let grant = try store.addDevice(clerk.seat, of: "tucheng-2023", draw: draw(1), at: now)
    let again = try store.deviceAgain(clerk.seat, of: "tucheng-2023", replica: grant.replica, draw: draw(2), at: now)
    #expect(again.replica == grant.replica)
    #expect(try store.authenticate(grant.replica, grant.secret) == nil)
    #expect(try store.authenticate(grant.replica, again.secret) != nil)
    #expect(throws: StoreError.seats(.otherSeat(grant.replica, clerk.seat, "tucheng-2023"))) {
      _ = try store.deviceAgain(office.seat, of: "tucheng-2023", replica: grant.replica, draw: draw(3), at: now)
    }
    // One that the restored file never heard of is taken in.
    let unknown = try #require(ReplicaID("q2w8rt5n"))
    let taken = try store.deviceAgain(office.seat, of: "tucheng-2023", replica: unknown, draw: draw(4), at: now)
    #expect(try store.authenticate(unknown, taken.secret)?.seat == office)
  }

  @Test func namesThatAreNotThereAreSaid() throws {
    let (nobody, none) = (try #require(SeatID("nobody")), try #require(ReplicaID("zzzzzzzz")))
    #expect(throws: StoreError.seats(.noSeat(nobody, "tucheng-2023"))) {
      _ = try store.addDevice(nobody, of: "tucheng-2023", draw: draw(1), at: now)
    }
    #expect(throws: StoreError.seats(.noDevice(none))) { _ = try store.newReplica(for: none, draw: draw(1), at: now) }
    #expect(throws: StoreError.seats(.noLedger("x"))) { try store.addSeat(clerk, ledger: "x") }
    #expect(throws: StoreError.seats(.noLedger("x"))) { try store.setArchived("x", true) }
    #expect(throws: StoreError.seats(.seatTaken(clerk.seat, "tucheng-2023"))) {
      try store.addSeat(clerk, ledger: "tucheng-2023")
    }
    #expect(throws: StoreError.seats(.ledgerTaken("tucheng-2023"))) { try store.addLedger("tucheng-2023", at: now) }
    let grant = try store.addDevice(clerk.seat, of: "tucheng-2023", draw: draw(1), at: now)
    #expect(throws: StoreError.seats(.deviceTaken(grant.replica))) {
      _ = try store.addDevice(office.seat, of: "tucheng-2023", draw: draw(1), at: now)
    }
  }

  /// A seat is its ledger's: two towns on one server may each have one of a name.
  @Test func twoLedgersHaveASeatOfTheSameName() throws {
    try store.addLedger("chaoyang-2023", at: now)
    let theirs = SeatFacts(seat: clerk.seat, role: .secretary)
    try store.addSeat(theirs, ledger: "chaoyang-2023")
    let (ours, other) = (
      try store.addDevice(clerk.seat, of: "tucheng-2023", draw: draw(1), at: now),
      try store.addDevice(clerk.seat, of: "chaoyang-2023", draw: draw(2), at: now)
    )
    #expect(try store.authenticate(ours.replica, ours.secret)?.seat == clerk)
    let facts = try store.authenticate(other.replica, other.secret)
    #expect(facts?.seat == theirs)
    #expect(facts?.ledger == "chaoyang-2023")
    #expect(try store.devices(of: "chaoyang-2023").map(\.replica) == [other.replica])
    #expect(try store.newReplica(for: other.replica, draw: draw(3), at: now).ledger == "chaoyang-2023")
    #expect(throws: StoreError.seats(.otherSeat(other.replica, clerk.seat, "chaoyang-2023"))) {
      _ = try store.deviceAgain(clerk.seat, of: "tucheng-2023", replica: other.replica, draw: draw(4), at: now)
    }
  }

  @Test func anEarlierFileKeepsItsSeatsAndDevices() throws {
    let path = folder.path + "/earlier.sqlite"
    let frozen = try #require(FrozenSchema.all.first { $0.schema.applicationID == Schema.seats.applicationID })
    let grant = try store.addDevice(clerk.seat, of: "tucheng-2023", draw: draw(1), at: now)
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: frozen.sql)
      try db.execute(sql: "PRAGMA application_id = \(frozen.schema.applicationID); PRAGMA user_version = 1")
      try db.execute(
        sql: """
          INSERT INTO ledger VALUES ('tucheng-2023', 0, 0);
          INSERT INTO seat VALUES ('\(clerk.seat)', 'tucheng-2023', '\(clerk.role.rawValue)', '\(clerk.place ?? "")');
          INSERT INTO device VALUES
            ('\(grant.replica)', '\(clerk.seat)', '\(SecretDigest(of: grant.secret).text)', 0, NULL, 4);
          """)
    }
    try queue.close()
    let upgraded = try SeatStore(path: path)
    let facts = try #require(try upgraded.authenticate(grant.replica, grant.secret))
    #expect(facts.seat == clerk)
    #expect(facts.ledger == "tucheng-2023")
    #expect(facts.unsent == 4)
    try upgraded.close()
  }

  @Test func contactsAreNotedTogether() throws {
    let first = try store.addDevice(clerk.seat, of: "tucheng-2023", draw: draw(1), at: now)
    let second = try store.addDevice(office.seat, of: "tucheng-2023", draw: draw(2), at: now)
    try store.note([
      DeviceContact(replica: first.replica, at: now, unsent: 7),
      DeviceContact(replica: second.replica, at: now, unsent: nil),
    ])
    try store.note([DeviceContact(replica: first.replica, at: now.next, unsent: nil)])
    #expect(try store.device(first.replica)?.contact == now.next)
    #expect(try store.device(first.replica)?.unsent == 7)
    #expect(try store.device(second.replica)?.contact == now)
    #expect(try store.devices(of: "tucheng-2023").count == 2)
    #expect(try store.devices(of: "none").isEmpty)
  }

  @Test func linesMakeTheSameFileAgain() throws {
    let grant = try store.addDevice(clerk.seat, of: "tucheng-2023", draw: draw(1), at: now)
    try store.note([DeviceContact(replica: grant.replica, at: now, unsent: 3)])
    _ = try store.addDevice(office.seat, of: "tucheng-2023", draw: draw(2), at: now)
    try store.setArchived("tucheng-2023", true)
    _ = try store.handOver(
      clerk.seat, of: "tucheng-2023", to: "张三", until: CivilDate(year: 2026, month: 12, day: 31), keepsDevices: true,
      at: now)
    _ = try store.handOver(clerk.seat, of: "tucheng-2023", to: "李四", keepsDevices: false, at: now)
    try store.rename(grant.replica, to: "村委会电脑", at: now)
    try store.setMoved(HostPort("10.1.2.3:7374"), at: now)
    let lines = try store.seatLines()
    #expect(lines.count { $0.hasPrefix("audit ") } == 12)
    #expect(lines.count == 5 + 2 + 1 + 12)
    let path = folder.path + "/restored.sqlite"
    try SeatStore.create(path: path, lines: lines)
    let restored = try SeatStore(path: path)
    #expect(try restored.seatLines() == lines)
    #expect(try restored.authenticate(grant.replica, grant.secret)?.unsent == 3)
    #expect(try restored.ledgers() == store.ledgers())
    #expect(throws: StoreError.exists(file: path)) { try SeatStore.create(path: path, lines: []) }
  }

  @Test(arguments: [
    "", "ledger", "ledger A 01hfn7ysv0000 live", "ledger a x live", "ledger a 01hfn7ysv0000 dead",
    "seat a l no_such_role -", "seat a l admin", "device zzzzzzzz l a 00 01hfn7ysv0000 - 0",
    "holder a l 张三 01hfn7ysv0000 2026-13-01 -", "setting other 10.0.0.1:1", "setting moved nowhere",
    "audit 00 1 01hfn7ysv0000 server ledger-add l",
    "ledger a 01hfn7ysv0000 live ",
  ])
  func aBadLineMakesNoFile(_ line: String) throws {
    let path = folder.path + "/restored.sqlite"
    #expect(throws: StoreError.seats(.badLine(2))) {
      try SeatStore.create(path: path, lines: ["ledger l 01hfn7ysv0000 live", line])
    }
    #expect(throws: StoreError.missing(file: path)) { _ = try SeatStore(path: path) }
  }

  @Test func aSecondProgramSeesAndIsSeen() throws {
    let command = try SeatStore(path: store.path)
    let grant = try command.addDevice(clerk.seat, of: "tucheng-2023", draw: draw(9), at: now)
    #expect(try store.authenticate(grant.replica, grant.secret)?.seat == clerk)
    try command.close()
    try store.close()
  }
}
