import EditModel
import GRDB
import LedgerStore
import LineProtocol
import Testing

@Suite struct ReplicaFileTests {
  private let folder = ReplicaFolder()

  @Test func twoConnectionsNeverGiveOutOneNumberTwice() async throws {
    try folder.created().close()
    let folder = self.folder
    try await withThrowingTaskGroup(of: [UInt64].self) { group in
      for writer in 0..<4 {
        group.addTask {
          let store = try folder.opened()
          return try (0..<25).map { try folder.record(store, "\(writer) \($0)").id.n }
        }
      }
      var numbers: [UInt64] = []
      for try await some in group { numbers += some }
      #expect(numbers.sorted() == Array(1...100))
    }
    let acts = try folder.opened().outbox().acts
    #expect(acts.map(\.act.id.n) == Array(1...100))
    let stamps = acts.map(\.act.edits[0].stamp)
    #expect(zip(stamps, stamps.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func whatWasRecordedIsThereAfterReopening() throws {
    let store = try folder.created()
    try folder.seed(store)
    let act = try folder.record(store, "待补合同")
    let hash = try store.stateHash()
    // Not closed: what a killed process leaves behind.
    let again = try folder.opened()
    #expect(try again.snapshot().overlay.map(\.act) == [act])
    #expect(try again.stateHash() == hash)
    #expect(try folder.record(again, "再来").id.n == 2)
  }

  @Test func oneStoreSeesWhatAnotherHasApplied() throws {
    let store = try folder.created()
    try folder.seed(store)
    let other = try folder.opened()
    let before = try other.revision()
    let act = try folder.act("别人的", n: 2, replica: "h4m7xk2v", at: 9_000)
    _ = try other.snapshot()
    _ = try store.apply(try folder.accepted(3, act), reached: (3, "c"))
    #expect(try other.revision() > before)
    #expect(try other.snapshot().confirmed.shownEdit(folder.problem, folder.field) == act.edits[0])
  }

  @Test func refusesANewerFileWithASentence() throws {
    try folder.created().close()
    let queue = try DatabaseQueue(path: folder.path)
    try queue.write { db in try db.execute(sql: "PRAGMA user_version = 99") }
    try queue.close()
    let error = #expect(throws: StoreError.self) { try folder.opened() }
    #expect(error?.description.contains("later version") == true)
  }

  @Test func isNotMadeOverAnother() throws {
    try folder.created().close()
    #expect(throws: StoreError.exists(file: folder.path)) { try folder.created() }
  }

  @Test func readsADeviceFile() throws {
    let text = try folder.device().text
    let device = try DeviceFile(text: "\(text)# a remark\nlater yes\n")
    #expect(device.server == "127.0.0.1:7373")
    #expect(device.replica == folder.replica)
    #expect(device.secret.digits == folder.secret.digits)
  }

  @Test(arguments: [
    ("", 1), ("taizhang-device 2\n", 1), ("taizhang-device 1\nserver\n", 2),
    ("taizhang-device 1\nserver a:1\n", 0),
    ("taizhang-device 1\nserver a:1\nserver b:1\n", 3),
  ])
  func namesTheLineOfADeviceFileThatIsWrong(text: String, line: Int) {
    let flaw = #expect(throws: DeviceFile.Flaw.self) { try DeviceFile(text: text) }
    #expect(flaw?.line == line)
  }
}

@Suite struct ReplicaTrustTests {
  @Test func anAnnouncedAddressIsKeptBesideTheOneThatIsProved() throws {
    let folder = try FaultDiskFolder()
    let replica = try #require(ReplicaID("q2w8rt5n"))
    let secret = try #require(Secret("0123456789abcdefghjkmnpqrs"))
    let device = DeviceFile(server: "a:1", ledger: "tucheng-2023", replica: replica, secret: secret)
    let trust = ReplicaTrust(authority: [4, 5], certificate: [6], second: nil, lookup: "k7m2")
    let store = try ReplicaStore.create(path: folder.path + "/replica.sqlite", device: device, trust: trust)
    #expect(try store.header().trust == trust)
    try store.note(movingTo: "b:2")
    #expect(try store.header().server == "a:1" && store.header().movingTo == "b:2")
    try store.note(movingTo: nil)
    #expect(try store.header().movingTo == nil)
    // What it is already is no move.
    try store.note(movingTo: "a:1")
    #expect(try store.header().movingTo == nil)
    try store.note(movingTo: "b:2")
    try store.keep(server: "b:2")
    #expect(try store.header().server == "b:2" && store.header().movingTo == nil)
    // A second address is the follower's and has no part in it.
    #expect(try store.header().trust == trust)
    try store.keep(certificate: [7])
    #expect(try store.header().trust?.certificate == [7])
    #expect(try store.header().trust?.authority == [4, 5])
    try store.close()
  }
}
