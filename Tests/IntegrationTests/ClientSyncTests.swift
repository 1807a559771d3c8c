import EditModel
import LedgerClient
import LedgerRules
import LedgerStore
import ReplicaKeeping
import SyncRules
import Synchronization
import Testing

@Suite struct ClientSyncTests {
  @Test func offlineEditsOfOneFieldMeetAndReplicasAreIdentical() async throws {
    let town = try ClientTown()
    try await town.serving {
      let (office, clerk) = (try town.enrolled("office"), try town.enrolled("clerk"))
      try office.set("problem", "15")
      _ = try await office.settle()
      _ = try await clerk.settle()
      try office.set("effect", "甲")
      let later = try clerk.set("effect", "乙")
      #expect(try clerk.shown("effect") == "乙")
      for replica in [office, clerk, office] { _ = try await replica.settle() }
      #expect(try office.status().stateHash == clerk.status().stateHash)
      #expect(try office.shown("effect") == "乙")
      #expect(try clerk.phase(of: later) == .confirmed)
      let effect = try #require(FieldName("effect"))
      let history = try clerk.history(of: .derived("p15"), field: effect)
      #expect(history.map(\.edit.value.text) == ["甲", "乙"])
      #expect(try await clerk.serverHistory(of: .derived("p15"), field: effect, upTo: ClientTown.patience).count == 2)
    }
  }

  @Test func withoutAServerEverythingIsSavedHereAndArrivesOnceLater() async throws {
    let town = try ClientTown()
    try await town.serving {}
    let office = try town.enrolled("office")
    try office.set("problem", "15")
    let outcome = await office.sync(upTo: ClientTown.patience)
    guard case .savedHere(let unsent, .unreachable, _) = outcome else {
      Issue.record("without a server: \(outcome)")
      return
    }
    #expect(unsent == 1)
    try await town.serving {
      #expect(try await office.settle().sent == 1)
      #expect(try await office.settle().sent == 0)
      let status = try office.status()
      #expect(status.confirmedLines == 1)
      #expect(status.unsent == 0)
    }
  }

  @Test func bothCopiesOfAFolderGoOnAndNothingIsLost() async throws {
    let town = try ClientTown()
    try await town.serving {
      let office = try town.enrolled("office")
      try office.set("problem", "15")
      _ = try await office.settle()
      let copy = try town.copied(office)
      try office.set("effect", "原件")
      let measure = try copy.set("measure", "副本的措施")
      try copy.set("state", "under_way", of: .created(measure.edit(1)))
      _ = try await office.settle()
      let told = try await copy.settle()
      #expect(told.notices.count == 1)
      for replica in [office, copy, office] { _ = try await replica.settle() }
      #expect(try office.status().stateHash == copy.status().stateHash)
      #expect(try office.info().replica != copy.info().replica)
      let view = try office.view()
      #expect(view.confirmed.measures(of: .derived("p15")).count == 1)
      #expect(view.shelf.isEmpty)
      #expect(try copy.view().shelf.isEmpty)
      #expect(try copy.shown("effect") == "原件")
    }
  }

  /// Two replicas of a server whose folder was kept aside when it had one problem.
  private func twoAndACopy(of town: ClientTown) async throws -> [Replica] {
    var replicas: [Replica] = []
    try await town.serving {
      replicas = [try town.enrolled("office"), try town.enrolled("clerk")]
      try replicas[0].set("problem", "15")
      _ = try await replicas[0].settle()
    }
    try town.back()
    return replicas
  }

  @Test func aServerThatWentBackGetsItsDevicesWorkAgain() async throws {
    let town = try ClientTown()
    let replicas = try await twoAndACopy(of: town)
    try await town.serving {
      try replicas[0].set("effect", "甲")
      _ = try await replicas[0].settle()
      _ = try await replicas[1].settle()
      try replicas[1].set("effect", "乙")
      _ = try await replicas[1].settle()
      _ = try await replicas[0].settle()
    }
    let before = try replicas.map { try $0.status().stateHash }
    try town.restore()
    try await town.serving {
      // It cannot say where it went back to: all that an author ever wrote is sent again, and counts as sent.
      for (replica, sent) in zip([1, 0, 1, 0].map { replicas[$0] }, [1, 2, 0, 0]) {
        let summary = try await replica.settle()
        #expect(summary.sent == sent)
      }
      #expect(try replicas.map { try $0.status().stateHash } == before)
      #expect(try replicas.flatMap { try $0.status().surplus }.isEmpty)
    }
  }

  /// The other's value is at no server while its author has not come back; whoever saw it holds it.
  @Test func anUndoAfterARestorePutsBackWhatAnotherHadWritten() async throws {
    let town = try ClientTown()
    let replicas = try await twoAndACopy(of: town)
    try await town.serving {
      try replicas[0].set("effect", "甲")
      _ = try await replicas[0].settle()
      _ = try await replicas[1].settle()
      try replicas[1].set("effect", "乙")
      _ = try await replicas[1].settle()
    }
    try town.restore()
    try await town.serving {
      _ = try await replicas[1].settle()
      _ = try replicas[1].undo()
      #expect(try replicas[1].shown("effect") == "甲")
      for replica in [replicas[1], replicas[0], replicas[1]] { _ = try await replica.settle() }
      #expect(try replicas.map { try $0.shown("effect") } == ["甲", "甲"])
    }
  }

  @Test func whatAnotherProcessRecordsGoesOutWithTheSyncThatRuns() async throws {
    let town = try ClientTown()
    try await town.serving {
      let board = try town.enrolled("office")
      var events = board.watch().makeAsyncIterator()
      while let event = await events.next(), event != .online {}
      let command = try Replica(home: board.home)
      let act = try command.set("problem", "15")
      _ = try await command.settle()
      #expect(try command.phase(of: act) == .confirmed)
      #expect(try command.status().isBeingSynced)
      var seen: [AcceptedEdit] = []
      while seen.isEmpty, let event = await events.next() {
        if case .edits(let edits) = event { seen = edits }
      }
      #expect(seen.map(\.edit.id.act) == [act])
    }
  }

  /// A board stays connected all day. What is written beside it stands where it was written: behind what another device wrote
  /// meanwhile, not at the moment at which the board connected.
  @Test func whatIsWrittenWhileABoardIsConnectedStandsWhereItWasWritten() async throws {
    let town = try ClientTown()
    let passed = Mutex<UInt64>(0)
    var waits = SyncWaits()
    waits.idle = .seconds(600)
    let device = Device(
      reading: {
        let (reading, passed) = (Device.system.reading(), passed.withLock { $0 })
        return ClockReading(
          wallMilliseconds: reading.wallMilliseconds + passed, bootMilliseconds: reading.bootMilliseconds + passed,
          boot: reading.boot)
      }, random: { 7 }, waits: waits)
    try await town.serving {
      let board = try town.enrolled("office", device: device)
      var events = board.watch().makeAsyncIterator()
      while let event = await events.next(), event != .online {}
      // A minute and a half by its clocks: less than a stamp may be ahead of the server's.
      passed.withLock { $0 = 90_000 }
      let command = try Replica(home: board.home, device: device)
      let act = try command.set("problem", "15")
      var line: AcceptedEdit?
      while line == nil, let event = await events.next() {
        if case .edits(let edits) = event { line = edits.first { $0.edit.id.act == act } }
      }
      let accepted = try #require(line)
      #expect(accepted.edit.stamp.milliseconds > accepted.receipt.milliseconds + 60_000)
    }
  }

  @Test func aSyncThatIsCutAtAnyMomentLosesNothingAndDoublesNothing() async throws {
    let town = try ClientTown()
    try await town.serving {
      let (office, clerk) = (try town.enrolled("office"), try town.enrolled("clerk"))
      try office.set("problem", "15")
      var acts: Set<ActID> = []
      for round in 0..<40 {
        for _ in 0..<5 { acts.insert(try office.set("note", "第\(acts.count)次走访")) }
        // From no time at all to enough: cut while connecting, opening, sending, receiving.
        _ = await office.sync(upTo: .microseconds(500 * round))
      }
      _ = try await office.settle()
      _ = try await clerk.settle()
      #expect(try office.status().confirmedLines == acts.count + 1)
      #expect(try office.status().stateHash == clerk.status().stateHash)
      let notes = try clerk.history(of: .derived("p15"), field: FieldName("note"))
      #expect(Set(notes.map(\.edit.id.act)) == acts)
      #expect(notes.count == acts.count)
    }
  }

  @Test func aLongCatchUpIsNotTakenForDoneOnItsWay() async throws {
    let town = try ClientTown()
    try await town.serving {
      let (office, clerk) = (try town.enrolled("office"), try town.enrolled("clerk"))
      try office.set("problem", "15")
      _ = try await office.settle()
      _ = try await clerk.settle()
      let text = String(repeating: "长", count: 1_000)
      let note = try #require(FieldName("note"))
      _ = try office.recordAll(
        (0..<400).map { number in
          { _ in [Change(entity: .derived("p15"), field: note, value: .text(ExactString("\(number)\(text)")))] }
        })
      _ = try await office.settle()
      // More than a megabyte, of which the server sends 256 KB at a time.
      #expect(try await clerk.settle().received == 400)
    }
  }

  @Test(arguments: [Int64(31_536_000_000), -31_536_000_000])
  func aClockAYearOffLosesNothingAndHoldsNoFieldHostage(offset: Int64) async throws {
    let town = try ClientTown()
    try await town.serving {
      let wrong = Device(
        wallMilliseconds: { UInt64(Int64(Device.system.wallMilliseconds()) + offset) }, random: { 0 })
      let office = try town.enrolled("office")
      let clerk = try town.enrolled("clerk", device: wrong)
      try clerk.set("problem", "15")
      try clerk.set("effect", "第一")
      try clerk.set("effect", "第二")
      _ = try await clerk.settle()
      _ = try await office.settle()
      #expect(try office.shown("effect") == "第二")
      try office.set("effect", "后来的")
      _ = try await office.settle()
      _ = try await clerk.settle()
      #expect(try clerk.shown("effect") == "后来的")
      // Its clock is known now: its next edit is where it belongs, and the shift says by how much it was moved.
      try clerk.set("effect", "最后的")
      _ = try await clerk.settle()
      _ = try await office.settle()
      #expect(try office.shown("effect") == "最后的")
      let effect = try #require(FieldName("effect"))
      let edit = try #require(try office.view().cell(.derived("p15"), effect)?.edit)
      #expect(abs(edit.shift.seconds + offset / 1_000) <= 120)
    }
  }

  @Test func theServerSaysWhoIsThere() async throws {
    let town = try ClientTown()
    try await town.serving {
      let office = try town.enrolled("office")
      _ = try await office.settle()
      let status = try await office.devices(upTo: ClientTown.patience)
      let info = try office.info()
      #expect(status.devices.map(\.replica) == [info.replica])
      #expect(status.devices.map(\.unsent) == [0])
      #expect(status.devices.first?.role == .roundOwner)
    }
  }
}
