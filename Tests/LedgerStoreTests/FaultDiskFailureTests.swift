import CFaultDisk
import GRDB
import Testing

/// A sort of call that fails, with the code that SQLite gets.
struct FailingCall: CustomTestStringConvertible, Sendable {
  let name: String
  let call: fault_disk_call
  let code: ResultCode
  let forever: Bool

  var testDescription: String { "\(name) fails \(forever ? "for good" : "once")" }

  static let all: [FailingCall] = [false, true].flatMap { forever in
    [
      FailingCall(name: "open", call: FAULT_DISK_OPEN, code: .SQLITE_CANTOPEN, forever: forever),
      FailingCall(name: "read", call: FAULT_DISK_READ, code: .SQLITE_IOERR_READ, forever: forever),
      FailingCall(name: "write", call: FAULT_DISK_WRITE, code: .SQLITE_FULL, forever: forever),
      FailingCall(name: "sync", call: FAULT_DISK_SYNC, code: .SQLITE_IOERR_FSYNC, forever: forever),
      FailingCall(name: "truncate", call: FAULT_DISK_TRUNCATE, code: .SQLITE_IOERR_TRUNCATE, forever: forever),
    ]
  }
}

/// SQLite on a disk whose n-th call fails, for n = 1, 2, 3 … until a run meets no failure.
@Suite struct FaultDiskFailureTests {
  @Test(arguments: FailingCall.all) func nthFailingCallIsToldAndLeavesTheFileSound(_ failing: FailingCall) throws {
    var failures = 0
    for nth in 1...200 {
      let folder = try FaultDiskFolder()
      try prepare(folder)
      let seen = fault_disk_count(folder.path, failing.call)
      fault_disk_fail(folder.path, failing.call, Int64(nth), failing.code.rawValue, failing.forever)
      let acknowledged = commitRows(in: folder)
      let met = fault_disk_count(folder.path, failing.call) - seen >= nth
      fault_disk_fail(folder.path, failing.call, 0, 0, false)
      #expect(fault_disk_crash(folder.path) == 0)

      let stored = try folder.storedIds()
      #expect(Set(acknowledged).isSubset(of: stored), "call \(nth): \(acknowledged) told, \(stored) stored")
      if !met {
        #expect(acknowledged == Array(1...6))
        #expect(failures > 0, "no run met a failing \(failing.name)")
        return
      }
      failures += 1
    }
    Issue.record("no run was without a failure")
  }

  @Test(arguments: [
    (FAULT_DISK_WRITE, ResultCode.SQLITE_FULL), (FAULT_DISK_WRITE, .SQLITE_READONLY),
    (FAULT_DISK_WRITE, .SQLITE_IOERR_WRITE), (FAULT_DISK_SYNC, .SQLITE_IOERR_FSYNC),
  ])
  func theCodeReachesTheCaller(call: fault_disk_call, code: ResultCode) throws {
    let folder = try FaultDiskFolder()
    let queue = try folder.open()
    try queue.commitRow(1)
    #expect(fault_disk_fail(folder.path, call, 1, code.rawValue, false) == 0)
    let error = #expect(throws: DatabaseError.self) { try queue.commitRow(2) }
    #expect(error?.extendedResultCode == code)
    try queue.commitRow(3)
    #expect(try folder.storedIds() == [1, 3])
  }

  /// The file and its table stand before anything fails.
  private func prepare(_ folder: FaultDiskFolder) throws {
    try folder.open().close()
  }

  /// Six rows with a checkpoint between them; the ids whose commit was told to have worked.
  private func commitRows(in folder: FaultDiskFolder) -> [Int] {
    var acknowledged: [Int] = []
    do {
      let queue = try folder.open()
      for id in 1...6 {
        do {
          try queue.commitRow(id)
          acknowledged.append(id)
          if id == 3 { try queue.checkpoint() }
        } catch {
          // What was not acknowledged may be there or not; the next commit may work again.
        }
      }
    } catch {
      // The database could not even be opened: nothing is acknowledged.
    }
    return acknowledged
  }
}
