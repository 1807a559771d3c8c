import EditModel
import GRDB
import LedgerRules
import LedgerTestKit
import LineProtocol
import Testing

@testable import LedgerStore

/// What administrators do to seats and devices, and that the log has it.
@Suite struct SeatAdminTests {
  private let folder: FaultDiskFolder
  private let store: SeatStore
  private let seat: SeatID
  private let ledger: ExactString = "tucheng-2023"
  private let now = Stamp(milliseconds: 1_697_000_000_000)

  init() throws {
    folder = try FaultDiskFolder()
    try SeatStore.create(path: folder.path + "/seats.sqlite")
    store = try SeatStore(path: folder.path + "/seats.sqlite", author: .user("root"))
    seat = try #require(SeatID("zhangbaiwan"))
    try store.addLedger(ledger, at: now)
    try store.addSeat(SeatFacts(seat: seat, role: .villageClerk, place: "张百万村"), ledger: ledger)
  }

  private func draw(_ seed: UInt64) -> DeviceDraw {
    var numbers = SplitMix64(seed: seed)
    return DeviceDraw(using: &numbers)
  }

  // MARK: Holders

  @Test func aSeatHasOneHolderAtATime() throws {
    try store.hold(seat, of: ledger, person: "张三", until: nil, at: now)
    #expect(try store.seats().first?.seat.holder == "张三")
    #expect(throws: StoreError.seats(.seatHeld(seat, ledger, "张三"))) {
      try store.hold(seat, of: ledger, person: "李四", until: nil, at: now)
    }
    let device = try store.addDevice(seat, of: ledger, draw: draw(1), at: now)
    #expect(try store.device(device.replica)?.seat.holder == "张三")
    let handover = try store.handOver(seat, of: ledger, to: "李四", keepsDevices: false, at: now)
    #expect(handover == SeatStore.Handover(before: "张三", revoked: [device.replica], withdrawn: []))
    #expect(try store.device(device.replica)?.revoked == now)
    #expect(try store.device(device.replica)?.seat.holder == "李四")
    let terms = try store.terms(of: ledger)
    #expect(terms.map(\.person) == ["张三", "李四"])
    // Terms never overlap, not even when they end and begin in one moment.
    let ended = try #require(terms[0].ended)
    #expect(terms[0].began <= ended && ended < terms[1].began && terms[1].ended == nil)
  }

  @Test func theDayOfATermIsSetAnewForItsHolderOnly() throws {
    let (first, later) = (CivilDate(year: 2026, month: 1, day: 31), CivilDate(year: 2027, month: 1, day: 31))
    #expect(try store.hold(seat, of: ledger, person: "张三", until: first, at: now))
    #expect(try !store.hold(seat, of: ledger, person: "张三", until: later, at: now))
    #expect(try store.terms(of: ledger).map(\.until) == [later])
    for (person, until) in [("李四", later), ("张三", nil)] as [(ExactString, CivilDate?)] {
      #expect(throws: StoreError.seats(.seatHeld(seat, ledger, "张三"))) {
        try store.hold(seat, of: ledger, person: person, until: until, at: now)
      }
    }
    #expect(try store.terms(of: ledger).map(\.until) == [later])
  }

  @Test func aSeatThatEndedIsFree() throws {
    #expect(throws: StoreError.seats(.seatFree(seat, ledger))) {
      _ = try store.endHolding(seat, of: ledger, keepsDevices: true, at: now)
    }
    try store.hold(seat, of: ledger, person: "张三", until: nil, at: now)
    #expect(try store.endHolding(seat, of: ledger, keepsDevices: true, at: now).before == "张三")
    #expect(try store.seats().first?.seat.holder == nil)
    try store.hold(seat, of: ledger, person: "李四", until: nil, at: now)
    #expect(try store.seats().first?.seat.holder == "李四")
  }

  // MARK: Devices

  @Test func aRevokedDeviceIsLetInAgainOnlyByName() throws {
    let device = try store.addDevice(seat, of: ledger, draw: draw(1), at: now)
    #expect(try store.revoke(device.replica, at: now).isNew)
    #expect(try !store.revoke(device.replica, at: now).isNew)
    #expect(try store.revoked() == [device.replica])
    #expect(try store.authenticate(device.replica, device.secret)?.revoked == now)
    _ = try store.deviceAgain(seat, of: ledger, replica: device.replica, draw: draw(2), at: now)
    #expect(try store.revoked().isEmpty)
    let nobody = try #require(ReplicaID("zzzzzzzz"))
    #expect(throws: StoreError.seats(.noDevice(nobody))) { _ = try store.revoke(nobody, at: now) }
    #expect(throws: StoreError.seats(.noDevice(nobody))) { try store.rename(nobody, to: "a", at: now) }
  }

  @Test func whatADeviceSaysOfItselfIsKept() throws {
    let device = try store.addDevice(seat, of: ledger, draw: draw(1), at: now)
    try store.rename(device.replica, to: "村委会电脑", at: now)
    try store.note([
      DeviceContact(replica: device.replica, at: now, unsent: 2, version: "taizhang/0.1.0", clockOffset: -86_400_000)
    ])
    try store.note([DeviceContact(replica: device.replica, at: now.next, unsent: nil)])
    let facts = try #require(try store.device(device.replica))
    #expect(facts.name == "村委会电脑" && facts.version == "taizhang/0.1.0" && facts.clockOffset == -86_400_000)
  }

  // MARK: Codes

  private func code(_ lookup: String, again: ReplicaID? = nil) -> EnrolmentFacts {
    EnrolmentFacts(
      lookup: lookup, seat: seat, ledger: ledger, key: [UInt8](repeating: 7, count: 32),
      expires: Stamp(milliseconds: now.milliseconds + 1_000), again: again)
  }

  private let one = String(repeating: "1", count: 64)
  private let two = String(repeating: "2", count: 64)

  @Test func aCodeLetsOneKeyInHoweverOftenItAsks() throws {
    try store.addEnrolment(code("k7m2"), at: now)
    #expect(throws: StoreError.seats(.codeTaken)) { try store.addEnrolment(code("k7m2"), at: now) }
    let first = try #require(try store.enrol("k7m2", deviceKey: one, draw: draw(1), at: now))
    let again = try #require(try store.enrol("k7m2", deviceKey: one, draw: draw(2), at: now))
    #expect(again.replica == first.replica && again.secret.digits != first.secret.digits)
    #expect(try store.authenticate(again.replica, again.secret)?.key == one)
    #expect(try store.enrol("k7m2", deviceKey: two, draw: draw(3), at: now) == nil)
    #expect(try store.enrol("zzzz", deviceKey: two, draw: draw(3), at: now) == nil)
    let late = Stamp(milliseconds: now.milliseconds + 1_000)
    #expect(try store.enrol("k7m2", deviceKey: one, draw: draw(3), at: late) == nil)
    #expect(try store.devices().count == 1)
  }

  @Test func aRepetitionLetsNoRevokedDeviceBackIn() throws {
    try store.addEnrolment(code("k7m2"), at: now)
    let grant = try #require(try store.enrol("k7m2", deviceKey: one, draw: draw(1), at: now))
    _ = try store.revoke(grant.replica, at: now)
    #expect(try store.enrol("k7m2", deviceKey: one, draw: draw(2), at: now) == nil)
    #expect(try store.device(grant.replica)?.revoked == now)
  }

  @Test func aCodeThatIsTakenBackLetsNobodyIn() throws {
    try store.addEnrolment(code("k7m2"), at: now)
    try store.addEnrolment(code("aaaa"), at: now)
    let grant = try #require(try store.enrol("aaaa", deviceKey: one, draw: draw(1), at: now))
    let listed = try store.enrolments()
    #expect(listed.map(\.lookup) == ["aaaa", "k7m2"] && listed.map(\.replica) == [grant.replica, nil])
    #expect(listed.map { $0.isOpen(at: now) } == [false, true])
    #expect(!listed[1].isOpen(at: listed[1].expires))
    try store.withdrawEnrolment("k7m2", at: now)
    #expect(throws: StoreError.seats(.noCode("k7m2"))) { try store.withdrawEnrolment("k7m2", at: now) }
    #expect(try store.enrol("k7m2", deviceKey: two, draw: draw(2), at: now) == nil)
    // Whom a code has let in stays in without it.
    try store.withdrawEnrolment("aaaa", at: now)
    #expect(try store.enrolments().isEmpty)
    #expect(try store.authenticate(grant.replica, grant.secret)?.revoked == nil)
    #expect(try store.audit().suffix(2).map(\.what) == ["code-withdraw k7m2", "code-withdraw aaaa"])
  }

  @Test func aRevokedDeviceHasNoCodeLeftToComeBackWith() throws {
    let device = try store.addDevice(seat, of: ledger, draw: draw(1), at: now)
    try store.addEnrolment(code("k7m2", again: device.replica), at: now)
    try store.addEnrolment(code("aaaa"), at: now)
    let done = try store.revoke(device.replica, at: now)
    #expect(done == SeatStore.Revocation(isNew: true, copies: [], withdrawn: ["k7m2"], open: ["aaaa"]))
    #expect(try store.enrol("k7m2", deviceKey: one, draw: draw(2), at: now) == nil)
    #expect(try store.device(device.replica)?.revoked == now)
    // One that is made afterwards is meant to.
    try store.addEnrolment(code("bbbb", again: device.replica), at: now)
    #expect(try store.enrol("bbbb", deviceKey: one, draw: draw(2), at: now)?.replica == device.replica)
  }

  @Test func whoLeavesHasNoCodeLeft() throws {
    try store.hold(seat, of: ledger, person: "张三", until: nil, at: now)
    try store.addEnrolment(code("k7m2"), at: now)
    #expect(try store.handOver(seat, of: ledger, to: "李四", keepsDevices: true, at: now).withdrawn.isEmpty)
    #expect(throws: StoreError.seats(.seatHeld(seat, ledger, "李四"))) {
      _ = try store.handOver(seat, of: ledger, to: "李四", keepsDevices: false, at: now)
    }
    #expect(try store.handOver(seat, of: ledger, to: "王五", keepsDevices: false, at: now).withdrawn == ["k7m2"])
    #expect(try store.enrol("k7m2", deviceKey: one, draw: draw(1), at: now) == nil)
    try store.addEnrolment(code("k7m2"), at: now)
    #expect(try store.endHolding(seat, of: ledger, keepsDevices: false, at: now).withdrawn == ["k7m2"])
  }

  @Test func aReplicaGoesOnUnderItsIdWithANewKey() throws {
    let old = try store.addDevice(seat, of: ledger, draw: draw(1), at: now)
    _ = try store.revoke(old.replica, at: now)
    try store.addEnrolment(code("k7m2", again: old.replica), at: now)
    let grant = try #require(try store.enrol("k7m2", deviceKey: one, draw: draw(2), at: now))
    #expect(grant.replica == old.replica)
    let facts = try #require(try store.device(old.replica))
    #expect(facts.key == one && facts.revoked == nil)
    let other = SeatFacts(seat: try #require(SeatID("bangongshi")), role: .roundOwner)
    try store.addSeat(other, ledger: ledger)
    let foreign = EnrolmentFacts(
      lookup: "aaaa", seat: other.seat, ledger: ledger, key: [], expires: now.next, again: old.replica)
    #expect(throws: StoreError.seats(.otherSeat(old.replica, seat, ledger))) {
      try store.addEnrolment(foreign, at: now)
    }
  }

  @Test func aCopyHasTheKeyOfItsDevice() throws {
    try store.addEnrolment(code("k7m2"), at: now)
    let grant = try #require(try store.enrol("k7m2", deviceKey: one, draw: draw(1), at: now))
    let copy = try store.newReplica(for: grant.replica, draw: draw(2), at: now)
    #expect(try store.device(copy.replica)?.key == one)
    // So it is shut out with it, and what would let either in again is taken back.
    try store.addEnrolment(code("aaaa", again: grant.replica), at: now)
    let done = try store.revoke(copy.replica, at: now)
    #expect(done == SeatStore.Revocation(isNew: true, copies: [grant.replica], withdrawn: ["aaaa"], open: []))
    #expect(try store.revoked() == [grant.replica, copy.replica])
  }

  @Test func aSeatsRoleAndPlaceArePutRight() throws {
    let right = SeatFacts(seat: seat, role: .townOffice, place: "农经站")
    #expect(try store.change(right, of: ledger, at: now))
    #expect(try !store.change(right, of: ledger, at: now))
    #expect(try store.seats().map(\.seat) == [right])
    #expect(try store.audit().last?.what == "seat-change zhangbaiwan tucheng-2023 town_office 农经站")
  }

  // MARK: Addresses

  @Test func addressesAreSaidUntilTheyAreTakenBack() throws {
    let (place, second) = (HostPort("10.1.2.3:7374"), HostPort("town.example:7374"))
    try store.setMoved(place, at: now)
    try store.setSecond(second, at: now)
    #expect(try store.addresses() == AnnouncedAddresses(moved: place, second: second))
    try store.setMoved(nil, at: now)
    #expect(try store.addresses() == AnnouncedAddresses(moved: nil, second: second))
  }

  // MARK: The log

  @Test func everyActIsOneLine() throws {
    try store.setArchived(ledger, true, at: now)
    try store.hold(seat, of: ledger, person: "张三", until: CivilDate(year: 2026, month: 1, day: 31), at: now)
    try store.addEnrolment(code("k7m2"), at: now)
    let grant = try #require(try store.enrol("k7m2", deviceKey: one, draw: draw(1), at: now))
    try store.note(.snapshot, ["20231010-224620-c0000"], at: .zero)
    let lines = try store.audit()
    #expect(
      lines.map { "\($0.who) \($0.what)" } == [
        "user:root ledger-add tucheng-2023",
        "user:root seat-add zhangbaiwan tucheng-2023 village_clerk 张百万村",
        "user:root ledger-archive tucheng-2023",
        "user:root seat-hold zhangbaiwan tucheng-2023 张三 2026-01-31",
        "user:root code-make k7m2 zhangbaiwan tucheng-2023 \(code("k7m2").expires) -",
        "device:\(grant.replica) device-enrol \(grant.replica) zhangbaiwan tucheng-2023 \(one) k7m2",
        "user:root snapshot 20231010-224620-c0000",
      ])
    #expect(lines.map(\.number) == Array(1...7))
    #expect(lines.allSatisfy { $0.at == now })
    #expect(try store.audit(from: 6, limit: 1).map(\.number) == [6])
    #expect(try store.checkAudit() == .whole(last: 7, head: lines[6].link.hexadecimal))
    #expect(lines.allSatisfy { AuditAction(rawValue: String($0.what.prefix { $0 != " " })) != nil })
  }

  @Test func anActThatFailsHasNoLine() throws {
    let before = try store.audit().count
    #expect(throws: StoreError.self) { try store.addLedger(ledger, at: now) }
    #expect(throws: StoreError.self) { try store.setArchived("x", true, at: now) }
    #expect(try store.audit().count == before)
  }

  @Test(arguments: ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit WHERE number = 1"])
  func theLogIsOnlyAppendedTo(_ sql: String) throws {
    let queue = try DatabaseQueue(path: store.path)
    #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
    try queue.close()
    #expect(try store.audit().count == 2)
  }

  @Test(arguments: [
    ("UPDATE audit SET what = 'ledger-add other' WHERE number = 1", 1),
    ("DELETE FROM audit WHERE number = 2", 3), ("DELETE FROM audit WHERE number = 1", 2),
    ("INSERT OR REPLACE INTO audit SELECT number, at, 'server', what, link FROM audit WHERE number = 3", 3),
  ])
  func aLogChangedFromOutsideDoesNotFollow(_ sql: String, _ place: UInt64) throws {
    try store.setArchived(ledger, true, at: now)
    let queue = try DatabaseQueue(path: store.path)
    try queue.write { db in
      try db.execute(sql: "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_shortened;")
      try db.execute(sql: sql)
    }
    try queue.close()
    #expect(try store.checkAudit() == .broken(at: place))
  }

  @Test func anEmptiedLogIsNotWhole() throws {
    let queue = try DatabaseQueue(path: store.path)
    try queue.write { db in try db.execute(sql: "DROP TRIGGER audit_is_not_shortened; DELETE FROM audit;") }
    try queue.close()
    #expect(try store.checkAudit() == .emptied)
    try SeatStore.create(path: folder.path + "/new.sqlite")
    let fresh = try SeatStore(path: folder.path + "/new.sqlite")
    #expect(try fresh.checkAudit() == .whole(last: 0, head: String(repeating: "0", count: 64)))
  }

  @Test func theSpecificationNamesEveryAction() throws {
    let page = try ProjectFile.text("protocol/09-snapshots.md")
    for action in AuditAction.allCases { #expect(page.contains("`\(action.rawValue)`"), "\(action)") }
  }

  @Test func authorsAreOneWord() throws {
    let replica = try #require(ReplicaID("q2w8rt5n"))
    #expect(AuditAuthor.user("a b\n").word == "user:a_b_")
    #expect(AuditAuthor.device(replica).word == "device:q2w8rt5n")
  }
}
