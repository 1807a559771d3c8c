import CFaultDisk
import EditModel
import GRDB
import LedgerRules
import LineProtocol
import Testing

@testable import LedgerStore

/// A ledger on a disk that loses what was not synced: acknowledged means fsynced.
@Suite struct PowerCutTests {
  @Test func fullyWrittenMeansThereAfterAPowerCut() throws {
    #expect(try missingAfterCrash(.writing) { fault_disk_crash($0) } == 0)
  }

  /// The counterpart: were nothing lost in the mode that GRDB's pool would leave us in, the test above shows nothing.
  @Test func normalModeLosesAcknowledgedLines() throws {
    #expect(try missingAfterCrash(.writingUnsynced) { fault_disk_crash($0) } > 0)
  }

  @Test(arguments: 1...12) func aTornWriteTakesNothingAcknowledged(seed: UInt64) throws {
    #expect(try missingAfterCrash(.writing, acts: 10 + Int(seed)) { fault_disk_crash_torn($0, seed) } == 0)
  }

  @Test func aNewLedgerStandsThroughAPowerCut() throws {
    let sample = try LedgerSample()
    #expect(fault_disk_crash(sample.folder.path) == 0)
    #expect(try ServerStore(path: sample.path).header == LedgerSample.header)
  }

  /// How many acknowledged lines are gone after the power was cut in the middle of a transaction.
  private func missingAfterCrash(
    _ purpose: StoreFile.Purpose, acts: Int = 30, cut: (String) -> Int32
  ) throws -> Int {
    let sample = try LedgerSample(acts: acts)
    let store = try ServerStore(path: sample.path, purpose: purpose)
    let checkpointer = try store.checkpointer()
    var state = LedgerState()
    var acknowledged = 0
    for (index, act) in sample.acts.enumerated() {
      try store.append(HistoryBatch(act))
      acknowledged += act.count
      // The rest of what a server does goes on in between; in the last third only appends, which nothing else syncs.
      guard index * 3 < acts * 2 else { continue }
      if index % 4 == 0 { try store.writeBehind(sample.edits[Int(store.applied)..<acknowledged], onto: &state) }
      if index % 7 == 0 { _ = try checkpointer.run() }
    }
    #expect(cut(sample.folder.path) == 0)
    store.connection?.closeQuietly()

    let again = try ServerStore(path: sample.path)
    try expectSound(again)
    let stored = try again.reader().lines(after: 0, through: .max).map(\.text)
    #expect(stored == sample.edits.prefix(stored.count).map { EditLine.text($0) })
    #expect(try StateHash.of(again.loaded().state) == StateHash.of(sample.state(UInt64(stored.count))))
    return acknowledged - stored.count
  }
}

/// A ledger on a disk whose n-th call fails, for n = 1, 2, 3 … until a run meets no failure.
@Suite struct FailingDiskTests {
  @Test(arguments: FailingCall.all) func nothingAcknowledgedIsLostAndTheStoreGoesOn(_ failing: FailingCall) throws {
    for nth in 1...400 {
      let sample = try LedgerSample(acts: 3)
      let seen = fault_disk_count(sample.folder.path, failing.call)
      fault_disk_fail(sample.folder.path, failing.call, Int64(nth), failing.code.rawValue, failing.forever)
      let acknowledged = try work(sample)
      let isMet = fault_disk_count(sample.folder.path, failing.call) - seen >= nth
      fault_disk_fail(sample.folder.path, failing.call, 0, 0, false)
      #expect(fault_disk_crash(sample.folder.path) == 0)

      let store = try ServerStore(path: sample.path)
      try expectSound(store)
      #expect(store.lastSeq >= acknowledged, "call \(nth): \(acknowledged) acknowledged, \(store.lastSeq) stored")
      let state = try store.loaded().state
      #expect(StateHash.of(state) == StateHash.of(sample.state(store.lastSeq)))
      if !isMet {
        #expect(acknowledged == UInt64(sample.edits.count))
        #expect(nth > 1, "no run met a failing \(failing.name)")
        return
      }
    }
    Issue.record("no run was without a failure")
  }

  /// What a server does, as far as the disk lets it: append, write behind, copy back; after a failure open again and go
  /// on behind what is stored. Answers the last line that was acknowledged.
  private func work(_ sample: LedgerSample) throws -> UInt64 {
    var acknowledged: UInt64 = 0
    do {
      let store = try ServerStore(path: sample.path)
      let checkpointer = try store.checkpointer()
      for _ in 1...4 where acknowledged < UInt64(sample.edits.count) {
        do {
          for act in sample.acts where act[0].seq > store.lastSeq {
            try store.append(HistoryBatch(act))
            acknowledged = store.lastSeq
            try writeBehind(sample, store)
            _ = try checkpointer.run()
          }
          acknowledged = store.lastSeq
        } catch let error as StoreError {
          #expect(error.fault != nil || error == .suspended(file: sample.path))
          // Whoever cannot open again tries once more later; here the next round is later.
          if let stored = try? store.reopen() { #expect(stored >= acknowledged) }
        }
      }
    } catch let error as StoreError {
      #expect(error.fault != nil, "\(error)")
    }
    return acknowledged
  }

  private func writeBehind(_ sample: LedgerSample, _ store: ServerStore) throws {
    var state = sample.state(store.applied)
    try store.writeBehind(sample.edits[Int(store.applied)..<Int(store.lastSeq)], onto: &state)
  }

  @Test(arguments: [
    (FAULT_DISK_WRITE, ResultCode.SQLITE_FULL), (FAULT_DISK_WRITE, .SQLITE_IOERR_WRITE),
    (FAULT_DISK_WRITE, .SQLITE_READONLY), (FAULT_DISK_SYNC, .SQLITE_IOERR_FSYNC),
  ])
  func aFailedWriteSuspendsUntilReopened(call: fault_disk_call, code: ResultCode) throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    let reader = try store.reader()
    try store.append(HistoryBatch(sample.acts[0]))
    let acknowledged = store.lastSeq
    fault_disk_fail(sample.folder.path, call, 1, code.rawValue, true)
    let error = #expect(throws: StoreError.self) { try store.append(HistoryBatch(sample.acts[1])) }
    #expect(error?.fault?.code == code.rawValue)
    #expect(error?.fault?.isSyncFailure == (code == .SQLITE_IOERR_FSYNC))
    #expect(throws: StoreError.suspended(file: sample.path)) { try store.append(HistoryBatch(sample.acts[1])) }
    // Reading goes on, on both connections.
    #expect(try reader.lastSeq() == acknowledged)
    #expect(try store.loaded().facts.lastSeq == acknowledged)

    fault_disk_fail(sample.folder.path, call, 0, 0, false)
    let stored = try store.reopen()
    #expect(stored == acknowledged)
    for act in sample.acts.dropFirst() { try store.append(HistoryBatch(act)) }
    #expect(fault_disk_crash(sample.folder.path) == 0)
    #expect(try ServerStore(path: sample.path).lastSeq == UInt64(sample.edits.count))
  }

  /// The file cannot even be opened for a while; what the first failure asked for is done when it can.
  @Test func reopeningMayFailAndBeTriedAgain() throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    try store.append(HistoryBatch(sample.acts[0]))
    fault_disk_fail(sample.folder.path, FAULT_DISK_SYNC, 1, ResultCode.SQLITE_IOERR_FSYNC.rawValue, false)
    #expect(throws: StoreError.self) { try store.append(HistoryBatch(sample.acts[1])) }
    fault_disk_fail(sample.folder.path, FAULT_DISK_OPEN, 1, ResultCode.SQLITE_CANTOPEN.rawValue, true)
    for _ in 1...2 {
      let error = #expect(throws: StoreError.self) { _ = try store.reopen() }
      #expect(error?.fault?.code == ResultCode.SQLITE_CANTOPEN.rawValue)
      #expect(throws: StoreError.suspended(file: sample.path)) { try store.append(HistoryBatch(sample.acts[1])) }
    }
    guard case .suspended(_, let trouble) = store.condition else {
      Issue.record("the store is suspended")
      return
    }
    #expect(trouble?.fault?.isSyncFailure == true)
    fault_disk_fail(sample.folder.path, FAULT_DISK_OPEN, 0, 0, false)
    let stored = try store.reopen()
    #expect(stored >= UInt64(sample.acts[0].count))
    for act in sample.acts where act[0].seq > stored { try store.append(HistoryBatch(act)) }
    try store.close()
    #expect(throws: StoreError.closed(file: sample.path)) { _ = try store.reopen() }
  }

  @Test func whileTheDiskStaysFullReopeningFailsOrTheNextWriteDoes() throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    try store.append(HistoryBatch(sample.acts[0]))
    fault_disk_fail(sample.folder.path, FAULT_DISK_WRITE, 1, ResultCode.SQLITE_FULL.rawValue, true)
    for _ in 1...3 {
      #expect(throws: StoreError.self) {
        if case .open = store.condition {} else { _ = try store.reopen() }
        try store.append(HistoryBatch(sample.acts[1]))
      }
    }
    fault_disk_fail(sample.folder.path, FAULT_DISK_WRITE, 0, 0, false)
    #expect(try store.reopen() == UInt64(sample.acts[0].count))
    try store.append(HistoryBatch(sample.acts[1]))
  }
}

/// SQLite's own check of every page, and that the history has no gap.
private func expectSound(_ store: ServerStore) throws {
  let file = try #require(store.connection)
  try file.run("test") { db in
    #expect(try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"])
    let rows = try HistoryReading(db: db, file: store.path).rows(after: 0, through: .max)
    #expect(rows.map(\.seq) == (0..<store.lastSeq).map { $0 + 1 })
  }
}
