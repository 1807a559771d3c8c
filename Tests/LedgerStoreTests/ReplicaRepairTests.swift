import EditModel
import Foundation
import GRDB
import LedgerStore
import LedgerTestKit
import LineProtocol
import Testing

/// What is saved of a replica's file that a disk has damaged in any way.
@Suite(.onOwnThreads) struct ReplicaRepairTests {
  private let folder = ReplicaFolder()

  /// A replica with confirmed lines and with acts in every phase, a long one among them; its bytes, and its log's.
  private func seeded(keepsLog: Bool) throws -> (acts: [Act], main: Data, log: Data) {
    let store = try folder.created()
    try folder.seed(store)
    for n in 2...60 {
      let act = try folder.act("别人的 \(n)", n: UInt64(n), replica: "h4m7xk2v")
      _ = try store.apply(try folder.accepted(UInt64(n + 1), act), reached: (UInt64(n + 1), ExactString("c\(n)")))
    }
    var acts: [Act] = []
    for n in 1...30 {
      acts.append(try folder.record(store, n == 7 ? String(repeating: "长", count: 6_000) : "自己的 \(n)"))
    }
    try store.markSent([1, 2, 3])
    try store.acknowledge([(1, 900)])
    if keepsLog {
      let main = try Data(contentsOf: URL(filePath: folder.path))
      return (acts, main, try Data(contentsOf: URL(filePath: folder.path + "-wal")))
    }
    try store.close()
    return (acts, try Data(contentsOf: URL(filePath: folder.path)), Data())
  }

  private static let damages = ["pages", "bytes", "cut", "first page", "log"]

  /// Whatever was damaged: each act that still lies in the bytes is in the new file as it was made, and nothing else is.
  @Test(arguments: damages) func whatTheBytesHoldIsSaved(_ damage: String) throws {
    let (acts, main, log) = try seeded(keepsLog: damage == "log")
    var (mended, withoutIdentity) = (0, 0)
    for seed in 1...(damage == "first page" ? 1 : 30) {
      let place = NSTemporaryDirectory() + "repair-\(UUID().uuidString)"
      defer { for suffix in ["", "-wal", "-shm", ".new", ".new-wal", ".new-shm"] { unlink(place + suffix) } }
      var random = SplitMix64(seed: UInt64(seed))
      let (hurtMain, hurtLog) = hurt(main, log, damage, &random)
      try hurtMain.write(to: URL(filePath: place))
      if !hurtLog.isEmpty { try hurtLog.write(to: URL(filePath: place + "-wal")) }
      let bytes = hurtMain + hurtLog
      let there = acts.filter { act in
        act.edits.allSatisfy { bytes.range(of: Data(EditLine.text($0).utf8)) != nil }
      }
      switch try ReplicaRepair.look(at: place) {
      case .whole:
        // What is wrong with single acts is told of each; every other is there.
        let store = try ReplicaStore.open(path: place)
        #expect(try store.snapshot().overlay.count + store.damagedActs().count == acts.count, "\(damage) \(seed)")
      case .noIdentity(let saved):
        withoutIdentity += 1
        #expect(saved.allSatisfy { acts.contains($0.act) }, "\(damage) \(seed)")
      case .mendable(let repair):
        mended += 1
        try repair.write(to: place + ".new")
        try expect(repair, at: place + ".new", holds: there, of: acts, "\(damage) \(seed)")
        guard case .whole = try ReplicaRepair.look(at: place + ".new") else {
          Issue.record("\(damage) \(seed): what was mended is whole")
          continue
        }
      }
    }
    print("\(damage): \(mended) mended, \(withoutIdentity) without who the device is")
    #expect(mended > 0)
  }

  /// SQLite goes by the description of the tables that stands in the file: a letter of it that is another one makes another
  /// table, or none.
  @Test func aDamagedDescriptionOfTheTablesIsFoundAndMended() throws {
    let (acts, main, _) = try seeded(keepsLog: false)
    let head = try #require(main.range(of: Data("CREATE TABLE act (".utf8)))
    let end = try #require(main.range(of: Data("PRIMARY KEY".utf8), in: head.upperBound..<main.endIndex))
    for at in stride(from: head.lowerBound, to: end.lowerBound, by: 7) {
      let place = NSTemporaryDirectory() + "repair-\(UUID().uuidString)"
      defer { for suffix in ["", "-wal", "-shm", ".new", ".new-wal", ".new-shm"] { unlink(place + suffix) } }
      var hurt = main
      hurt[at] ^= 0x02
      try hurt.write(to: URL(filePath: place))
      #expect(throws: StoreError.self, "byte \(at)") { try ReplicaStore.open(path: place).close() }
      guard case .mendable(let repair) = try ReplicaRepair.look(at: place) else {
        Issue.record("byte \(at): it can be mended")
        continue
      }
      try repair.write(to: place + ".new")
      try expect(repair, at: place + ".new", holds: acts, of: acts, "byte \(at)")
    }
  }

  private func expect(
    _ repair: ReplicaRepair, at path: String, holds there: [Act], of acts: [Act], _ name: Comment
  ) throws {
    let saved = Dictionary(repair.saved.map { ($0.act.id, $0) }, uniquingKeysWith: { first, _ in first })
    for act in there where saved[act.id] == nil {
      // The line alone lies there; its head was hit, so nobody can tell whether it is as it was.
      #expect(repair.damaged.contains { $0.id == act.id } || repair.missing.contains { $0.contains(act.id.n) }, name)
    }
    for own in repair.saved { #expect(acts.contains(own.act), name) }
    for act in acts {
      let isTold =
        saved[act.id] != nil || repair.damaged.contains { $0.id == act.id }
        || repair.missing.contains { $0.contains(act.id.n) }
      // A number above all that was found is not known to have been given out.
      #expect(isTold || act.id.n > (saved.keys.map(\.n).max() ?? 0), name)
    }
    let store = try ReplicaStore.open(path: path)
    #expect(try store.header().cursor == nil, name)
    #expect(try store.header().counter >= saved.keys.map(\.n).max() ?? 0, name)
    let outbox = try store.outbox().acts
    #expect(outbox.map(\.act) == repair.saved.map(\.act), name)
    _ = try store.snapshot()
    _ = try folder.record(store, "以后的")
    try store.close()
  }

  private func hurt(
    _ main: Data, _ log: Data, _ damage: String, _ random: inout SplitMix64
  ) -> (main: Data, log: Data) {
    var (main, log) = (main, log)
    switch damage {
    case "pages":
      for _ in 0..<3 {
        let page = Int.random(in: 0..<main.count / 4_096, using: &random)
        main.replaceSubrange(page * 4_096..<(page + 1) * 4_096, with: Data(count: 4_096))
      }
    case "bytes":
      for _ in 0..<40 {
        main[Int.random(in: 0..<main.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      }
    case "cut": main = main.prefix(Int.random(in: 0..<main.count, using: &random))
    case "log":
      for _ in 0..<5 { log[Int.random(in: 0..<log.count, using: &random)] ^= 1 }
    default: main.replaceSubrange(0..<4_096, with: Data(count: 4_096))
    }
    return (main, log)
  }

  /// SQLite passes over the end of a damaged log without a word. We do not, but for its very last frame.
  @Test func aDamagedLogHidesNothing() throws {
    let (acts, main, log) = try seeded(keepsLog: true)
    let place = NSTemporaryDirectory() + "log-\(UUID().uuidString)"
    defer { for suffix in ["", "-wal", "-shm"] { unlink(place + suffix) } }
    var refused = 0
    for position in stride(from: 1, to: log.count - 4_120, by: log.count / 60) {
      var hurt = log
      hurt[position] ^= 4
      try put(main, hurt, at: place)
      do {
        #expect(try ReplicaStore.open(path: place).snapshot().overlay.count == acts.count, "\(position)")
      } catch {
        guard case .corrupt = error else { throw error }
        refused += 1
        guard case .mendable = try ReplicaRepair.look(at: place) else {
          Issue.record("\(position): a new file mends that")
          continue
        }
      }
    }
    #expect(refused > 50)
  }

  /// What a kill leaves, a log that ends anywhere, is no damage.
  @Test func aLogThatWasCutOffIsGood() throws {
    let (_, main, log) = try seeded(keepsLog: true)
    let place = NSTemporaryDirectory() + "log-\(UUID().uuidString)"
    defer { for suffix in ["", "-wal", "-shm"] { unlink(place + suffix) } }
    for length in stride(from: log.count, to: log.count / 3, by: -4_999) {
      for tail in [0, 24, 2_000] {
        try put(main, log.prefix(length) + Data(count: tail), at: place)
        _ = try ReplicaStore.open(path: place).snapshot()
      }
    }
  }

  private func put(_ main: Data, _ log: Data, at place: String) throws {
    unlink(place + "-shm")
    try main.write(to: URL(filePath: place))
    try log.write(to: URL(filePath: place + "-wal"))
  }

  /// With nothing wrong there is nothing to do, also when one act's own text is: a new file would not mend that.
  @Test func aWholeFileIsLeftAlone() throws {
    _ = try seeded(keepsLog: false)
    guard case .whole = try ReplicaRepair.look(at: folder.path) else {
      Issue.record("nothing is damaged")
      return
    }
    try sql("UPDATE act SET phase = 5 WHERE n = 5")
    guard case .mendable(let repair) = try ReplicaRepair.look(at: folder.path) else {
      Issue.record("the text tells how the act stands")
      return
    }
    #expect(repair.saved.count == 30 && repair.damaged.isEmpty && repair.missing.isEmpty)
  }

  /// The rows of who the device is have no checksums, but its acts name it.
  @Test func anIdWithAWrongLetterIsReadFromTheActs() throws {
    let (acts, _, _) = try seeded(keepsLog: false)
    try sql("UPDATE identity SET replica = 'q2w8rt5m'")
    guard case .mendable(let repair) = try ReplicaRepair.look(at: folder.path) else {
      Issue.record("the acts are another's by that")
      return
    }
    try repair.write(to: folder.path + ".new")
    let store = try ReplicaStore.open(path: folder.path + ".new")
    #expect(try store.header().replica == folder.replica)
    #expect(try store.outbox().acts.map(\.act) == acts)
  }

  /// When acts were made stands in a table of its own: where that cannot be read, their stamps stay, above what was seen.
  @Test func whatWasMadeKeepsItsTimeWithoutTheTableOfIt() throws {
    let (acts, main, _) = try seeded(keepsLog: false)
    let queue = try DatabaseQueue(path: folder.path)
    let root = try queue.read { try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'moment'") }
    try queue.close()
    var hurt = main
    let start = (try #require(root) - 1) * 4_096
    hurt.replaceSubrange(start..<start + 4_096, with: Data(count: 4_096))
    try put(hurt, Data(), at: folder.path)
    guard case .mendable(let repair) = try ReplicaRepair.look(at: folder.path) else {
      Issue.record("a page is gone")
      return
    }
    try repair.write(to: folder.path + ".new")
    let store = try ReplicaStore.open(path: folder.path + ".new")
    var unsent: [Act] = []
    try store.place(.unsent) { found, _ in
      unsent = found.map(\.act)
      for (act, moment) in found {
        #expect(moment.isAnchored && moment.reading.wallMilliseconds == act.edits[0].stamp.milliseconds)
        #expect(moment.seen > .zero)
      }
      return unsent
    }
    #expect(unsent == Array(acts.dropFirst(3)))
  }

  @Test func whatIsNoReplicaAtAllHasNobody() throws {
    try String(repeating: "不是数据库", count: 2_000).write(toFile: folder.path, atomically: true, encoding: .utf8)
    guard case .noIdentity(let acts) = try ReplicaRepair.look(at: folder.path) else {
      Issue.record("there is nothing in it")
      return
    }
    #expect(acts.isEmpty)
  }

  private func sql(_ text: String) throws {
    let queue = try DatabaseQueue(path: folder.path)
    try queue.write { try $0.execute(sql: text) }
    try queue.close()
  }
}
