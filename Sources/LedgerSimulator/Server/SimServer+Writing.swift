import CMemoryDisk
import EditModel
import LedgerKeeping
import LedgerRules
import LedgerStore
import LineProtocol
import NIOCore
import SessionRules

/// The writer's part: what waits becomes one transaction, then the answers go out and the watchers are woken.
extension SimServer {
  func submit(_ submission: Submission, from connection: SimConnection) {
    guard let process else { return }
    process.submissions.append((connection, submission))
    guard !process.isCommitDue else { return }
    process.isCommitDue = true
    world.after(world.isResting ? 0 : world.random.below(4)) { [weak self, weak process] in
      guard let self, let process, process === self.process else { return }
      process.isCommitDue = false
      commit()
    }
  }

  func commit() {
    guard let process, !process.submissions.isEmpty else { return }
    let turn = process.submissions
    process.submissions = []
    let trouble = trouble
    self.trouble = nil
    switch trouble {
    case .before(let isPowerCut): return crash(isPowerCut: isPowerCut)
    case .within(let calls), .refusing(let calls): memory_disk_fail_after(SimWorld.serverDisk, calls)
    case .behind, nil: break
    }
    let decided: Decided
    do throws(StoreError) {
      guard !process.isSuspended else { throw .suspended(file: path) }
      decided = try store(turn.map(\.submission), process)
    } catch {
      expectRefusal(error, process)
      if case .within = trouble { return crash(isPowerCut: true) }
      return suspend(process, turn)
    }
    switch trouble {
    case .behind(let isPowerCut): return crash(isPowerCut: isPowerCut)
    case .within: return crash(isPowerCut: true)
    case .refusing: memory_disk_fail_after(SimWorld.serverDisk, 0)
    case .before, nil: break
    }
    publish(decided, turn, process)
  }

  private func store(_ submissions: [Submission], _ process: Process) throws(StoreError) -> Decided {
    let questions = process.machine.questions(about: submissions)
    if !questions.isEmpty { try writeAllBehind(process) }
    return try process.machine.decide(
      submissions, questions, storingIn: process.store, holdingIn: { held throws(StoreError) in hold(held) },
      isArchived: false, wallMilliseconds: lineMilliseconds)
  }

  /// No restore of a run asks for it yet.
  private func hold(_ held: [HeldBack]) -> [ErrorCode] {
    world.fail("the server held back what no restore told it to")
    return held.map { _ in .held }
  }

  private func publish(
    _ decided: Decided, _ turn: [(connection: SimConnection, submission: Submission)], _ process: Process
  ) {
    if !decided.scopes.isEmpty { process.scopes.take(decided.scopes) }
    if let chunk = decided.chunk {
      process.tail.append(chunk)
      world.note("commit \(chunk.firstSeq)..\(chunk.lastSeq)")
      for line in String(buffer: chunk.lines).utf8.split(separator: UInt8(ascii: "\n")) {
        world.take(line: String(Substring(line.dropFirst(2))))
      }
    }
    for refused in decided.shelved {
      world.note("shelved \(refused.act.id.replica).\(refused.act.id.n) \(refused.error.text)")
    }
    for (index, entry) in turn.enumerated() {
      entry.connection.deliver(decided.answers[index], count: entry.submission.acts.count)
    }
    if decided.chunk != nil { wakeAll() }
    for one in decided.applied { process.backlog.note(one.accepted, changed: one.changed) }
    scheduleWritingBehind(process)
  }

  private func wakeAll() {
    for connection in connections.sorted(by: { $0.key < $1.key }).map(\.value) { connection.sendNews() }
  }

  // MARK: Behind the history

  private func scheduleWritingBehind(_ process: Process) {
    guard !process.isWritingBehindDue, !process.backlog.isEmpty else { return }
    process.isWritingBehindDue = true
    world.after(2_000) { [weak self, weak process] in
      guard let self, let process, process === self.process else { return }
      process.isWritingBehindDue = false
      guard !process.isSuspended else { return }
      do throws(StoreError) {
        try writeAllBehind(process)
      } catch {
        expectRefusal(error, process)
        suspend(process, [])
      }
    }
  }

  private func writeAllBehind(_ process: Process) throws(StoreError) {
    while let slice = process.backlog.takeOldest() {
      let tables = DerivedTables(slice)
      try process.store.writeBehind(tables)
      process.backlog.wrote(tables)
    }
    try process.link()
  }

  // MARK: Trouble

  /// The store failed, which only a disk does that was told to refuse.
  private func expectRefusal(_ error: StoreError, _ process: Process) {
    guard memory_disk_is_failing(SimWorld.serverDisk) == 0, !process.isSuspended else { return }
    world.fail("the server: \(error)")
  }

  private func suspend(_ process: Process, _ turn: [(connection: SimConnection, submission: Submission)]) {
    let isNew = !process.isSuspended
    process.isSuspended = true
    let answers = LedgerMachine.sendBack(turn.map(\.submission), saying: .storage, holds: &process.machine.holds)
    for (index, entry) in turn.enumerated() {
      entry.connection.deliver(answers[index], count: entry.submission.acts.count)
    }
    guard isNew else { return }
    world.note("server cannot write")
    world.after(1_000 + world.random.below(20_000)) { [weak self, weak process] in
      guard let self, let process, process === self.process else { return }
      memory_disk_fail_after(SimWorld.serverDisk, 0)
      resume(process)
    }
  }

  private func resume(_ process: Process) {
    do throws(StoreError) {
      let acknowledged = process.tail.lastSeq
      let lastSeq = try process.store.reopen()
      guard lastSeq >= acknowledged else { return world.fail("the server's file lost lines while it ran") }
      let loaded = try LedgerMachine.load(process.store, holds: process.machine.holds)
      process.backlog = loaded.backlog
      process.machine = loaded.takeMachine()
      process.scopes = process.machine.scopes
      try process.link()
      process.isSuspended = false
      world.note("server writes again at \(lastSeq)")
      guard lastSeq > acknowledged else { return }
      process.tail.restart(lastSeq: lastSeq)
      takeIn(after: acknowledged, process)
      wakeAll()
    } catch {
      world.fail("the server cannot go on after its disk refused: \(error)")
    }
  }
}
