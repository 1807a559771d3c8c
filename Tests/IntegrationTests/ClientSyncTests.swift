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

  @Test func undoPutsBackWhatWasThere() async throws {
    let town = try ClientTown()
    try await town.serving {
      let office = try town.enrolled("office")
      try office.set("problem", "15")
      try office.set("effect", "原文")
      try office.set("effect", "改错")
      _ = try await office.settle()
      _ = try office.undo()
      #expect(try office.shown("effect") == "原文")
      let note = try office.set("note", "走访")
      _ = try office.undo()
      _ = try await office.settle()
      #expect(try office.view().confirmed.isWithdrawn(.created(note.edit(1))))
    }
  }

  /// Each undo goes one act further back, whether its forerunners are at the town or not, and never undoes an undo.
  @Test(arguments: [false, true]) func undoGoesBackActByAct(atTown: Bool) async throws {
    let town = try ClientTown()
    try await town.serving {
      let office = try town.enrolled("office")
      for (field, value) in [("problem", "15"), ("effect", "一"), ("effect", "二"), ("progress", "甲"), ("effect", "三")] {
        try office.set(field, value)
      }
      if atTown { _ = try await office.settle() }
      for (effect, progress) in [("二", "甲"), ("二", nil), ("一", nil), (nil, nil)] as [(String?, String?)] {
        let undone = try office.undo()
        #expect(undone.changes.count == 1 && undone.kept.isEmpty)
        #expect(try office.shown("effect") == effect && office.shown("progress") == progress)
        if atTown { _ = try await office.settle() }
      }
      // A new act is the one to be taken back; then it goes on where it was.
      try office.set("effect", "四")
      _ = try office.undo()
      #expect(try office.shown("effect") == nil)
      _ = try await office.settle()
      // What is left is the problem itself, which goes by a transition only.
      #expect(throws: ClientError.refused(.forbidden(.withdrawByStage), of: [.withdrawn])) { _ = try office.undo() }
    }
  }

  /// What waited in a folder when it was copied is sent by both copies and is one thing; the undo of one goes back to it, past
  /// what the other wrote.
  @Test func aCopiedFolderDoublesNothingAndUndoesItsOwn() async throws {
    let town = try ClientTown()
    try await town.serving {
      let first = try town.enrolled("office")
      _ = try await first.settle()
      let problem = try first.set("problem", "河道有垃圾", of: .root)
      let made = EntityID.created(problem.edit(1))
      try first.set("measure", "断网措施", of: made)
      try first.set("note", "嗯", of: made)
      let second = try town.copied(first)
      try first.set("goal", "甲", of: made)
      try second.set("effect", "乙", of: made)
      for replica in [first, second, first] { _ = try await replica.settle() }
      let state = try second.view().shown
      #expect(state.problems().count == 1)
      let entity = try #require(state.problems().first)
      #expect(state.measures(of: entity).count == 1 && state.notes(of: entity).count == 1)
      #expect(try first.status().stateHash == second.status().stateHash)
      // The first copy kept the id and wrote the goal under it; that is not the second's to take back.
      let taken = try second.undo()
      #expect(taken.changes.map(\.field) == [FieldName("effect")])
      // What was made before the folder was copied is both copies' own.
      let before = try second.undo()
      #expect(before.changes.map(\.field) == [.withdrawn])
      for replica in [second, first] { _ = try await replica.settle() }
      for replica in [first, second] {
        let shown = try replica.view().shown
        #expect(shown.notes(of: entity).isEmpty && shown.measures(of: entity).count == 1)
        #expect(shown[entity]?.text(try #require(FieldName("goal"))) == "甲")
      }
    }
  }

  /// Two persons at two copies of a folder write the same, as often, under the same numbers: each has their own, and takes back
  /// their own.
  @Test func theSameWordsOfBothCopiesAreTwo() async throws {
    let town = try ClientTown()
    try await town.serving {
      let first = try town.enrolled("office")
      try first.set("problem", "15")
      _ = try await first.settle()
      let second = try town.copied(first, device: Device.system.ahead(milliseconds: 3_600_000))
      for replica in [first, second] { for _ in 1...3 { try replica.set("note", "已到村里") } }
      for replica in [first, second, first] { _ = try await replica.settle() }
      #expect(try first.info().replica != second.info().replica)
      for (replica, left) in [(second, 5), (first, 4)] {
        _ = try replica.undo()
        for replica in [first, second, first] { _ = try await replica.settle() }
        let notes = try [first, second].map { try $0.view().confirmed.notes(of: .derived("p15")) }
        #expect(notes[0].count == left && notes[1].count == left)
        let own = try replica.info().replica
        let standing = notes[0].filter { if case .created(let id) = $0 { id.replica == own } else { false } }
        #expect(standing.count == 2)
      }
    }
  }

  /// Of what was written off line in a copied folder the first act gets a new id, and the others are accepted under the former:
  /// the last is taken back first all the same.
  @Test func undoBehindANewIDBeginsWithTheLast() async throws {
    let town = try ClientTown()
    try await town.serving {
      let first = try town.enrolled("office")
      try first.set("problem", "15")
      _ = try await first.settle()
      let second = try town.copied(first)
      try first.set("note", "第一份", of: .derived("p15"))
      for text in ["一", "二", "三"] { try second.set("note", text) }
      for replica in [first, second, first] { _ = try await replica.settle() }
      #expect(try first.info().replica != second.info().replica)
      for left in [["第一份", "一", "二"], ["第一份", "一"], ["第一份"]] {
        _ = try second.undo()
        let state = try second.view().shown
        #expect(Set(state.notes(of: .derived("p15")).compactMap { state[$0]?.creationText }) == Set(left))
      }
    }
  }

  /// Two set a field to the same without having seen each other: who takes that back leaves it, for the other said it too.
  @Test func undoLeavesWhatAnotherSetToTheSame() async throws {
    let town = try ClientTown()
    try await town.serving {
      let (first, second) = (try town.enrolled("office"), try town.enrolled("other"))
      try first.set("problem", "15")
      for replica in [first, second] { _ = try await replica.settle() }
      try first.set("effect", "一样的")
      try second.set("effect", "一样的")
      for replica in [first, second] { _ = try await replica.settle() }
      let undone = try second.undo()
      #expect(undone.changes.isEmpty && undone.kept.map(\.field.description) == ["effect"])
      for replica in [second, first] { _ = try await replica.settle() }
      let effect = try #require(FieldName("effect"))
      #expect(try first.view().confirmed[.derived("p15")]?.text(effect) == "一样的")
      // What oneself set to the same again, having seen it, goes.
      try first.set("money", "1")
      _ = try first.undo()
      try first.set("money", "1")
      _ = try first.undo()
      #expect(try first.view().shown[.derived("p15")]?.text(#require(FieldName("money"))) == nil)
    }
  }

  /// What the other took back, or went on from, does not stand in the way of an undo.
  @Test(arguments: [false, true]) func undoIsNotHeldByWhatNobodyStandsByAnyMore(isReplaced: Bool) async throws {
    let town = try ClientTown()
    try await town.serving {
      let (first, second) = (try town.enrolled("office"), try town.enrolled("other"))
      try first.set("problem", "15")
      for replica in [first, second] { _ = try await replica.settle() }
      try first.set("effect", "一样的")
      if isReplaced { try first.set("effect", "又一个") } else { _ = try first.undo() }
      try second.set("effect", "一样的")
      for replica in [first, second] { _ = try await replica.settle() }
      let effect = try #require(FieldName("effect"))
      #expect(try second.view().shown[.derived("p15")]?.text(effect) == "一样的")
      #expect(try second.undo().changes.map(\.field) == [effect])
      #expect(try second.view().shown[.derived("p15")]?.text(effect) == nil)
    }
  }

  /// A self-found problem that comes into a village's sight late, older than its own, moves the numbers; so does one that goes.
  @Test func newNumbersOfSelfFoundProblemsAreKnown() async throws {
    let town = try ClientTown()
    try await town.serving {
      let office = try town.enrolled("office")
      let clerk = try town.enrolled("clerk", role: .villageClerk, place: "张百万村")
      let older = EntityID.created(try office.set("problem", "较早的", of: .root).edit(1))
      _ = try await office.settle()
      let (problem, village) = (try #require(FieldName("problem")), try #require(FieldName("village/张百万村")))
      let act = try clerk.record(making: { act in
        [
          Change(entity: .root, field: problem, value: .text("本村的")),
          Change(entity: .created(act.edit(1)), field: village, value: .text("yes")),
        ]
      })
      let own = EntityID.created(act.edit(1))
      _ = try await clerk.settle()
      let alone = try clerk.selfFoundNumbers()
      try office.set("village/张百万村", "yes", of: older)
      for replica in [office, clerk] { _ = try await replica.settle() }
      let both = try clerk.selfFoundNumbers()
      let change = try #require(alone.changed(in: both).first)
      #expect(change.problem == own && change.before == 1 && change.present == 2)
      #expect(try ReferenceText.text(for: own, in: clerk.view().shown) == "自2")
      #expect(both.changed(in: both).isEmpty)
      // What goes is called by its words, for its number goes with it.
      _ = try office.record([Change(entity: older, field: village, value: .cleared)])
      let note = try #require(FieldName("note"))
      let part = try #require(FieldName("part"))
      _ = try clerk.record(making: { act in
        [
          Change(entity: older, field: part, value: .text("张百万村")),
          Change(entity: .created(act.edit(1)), field: note, value: .text("还没有送出")),
        ]
      })
      _ = try await office.settle()
      let summary = await clerk.sync(upTo: ClientTown.patience).summary
      #expect(summary.notices == [.takenAway(older, said: "较早的")])
      #expect(try both.changed(in: clerk.selfFoundNumbers()).map(\.present) == [1])
      let shelf = try ProgramTown.run("taizhang", ["shelf", "--home", clerk.home, "--lang", "zh"]).text
      #expect(shelf.contains("问题“较早的”不再分派给本岗位"), "\(shelf)")
    }
  }

  /// To take back the making of a part leaves what others have written to it in sight; alone, all that was written with it
  /// goes, so that it does not come again with the part.
  @Test(arguments: [false, true]) func undoOfAPartLeavesWhatOthersWrote(isShared: Bool) async throws {
    let town = try ClientTown()
    try await town.serving {
      let (clerk, office) = (try town.enrolled("clerk"), try town.enrolled("office"))
      try clerk.set("problem", "15")
      let part = EntityID.derived("p15.张百万村")
      let (making, progress) = (try #require(FieldName("part")), try #require(FieldName("progress")))
      _ = try clerk.record([
        Change(entity: part, field: making, value: .text("张百万村")),
        Change(entity: part, field: progress, value: .text("村里写")),
      ])
      for replica in [clerk, office] { _ = try await replica.settle() }
      if isShared { try office.set("note", "办公室的意见", of: part) }
      for replica in [office, clerk] { _ = try await replica.settle() }
      let undone = try clerk.undo()
      #expect(undone.kept.map(\.field) == (isShared ? [making] : []))
      for replica in [clerk, office] { _ = try await replica.settle() }
      let shown = try office.view().shown
      #expect(shown.isWithdrawn(part) != isShared)
      #expect(shown[part]?.text(progress) == nil)
      #expect(shown.notes(of: part).count == (isShared ? 1 : 0))
    }
  }

  /// Several processes undo at the same moment: each takes another act back.
  @Test func undosAtTheSameMomentTakeDifferentActsBack() async throws {
    let town = try ClientTown()
    try await town.serving {
      let office = try town.enrolled("office")
      try office.set("problem", "15")
      let acts = try (1...8).map { try office.set("effect", "第\($0)稿") }
      let undone = try await withThrowingTaskGroup(of: ActID.self) { group in
        for _ in acts {
          group.addTask { try Replica(home: office.home).undo().undone }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(undone) == Set(acts))
      #expect(try office.shown("effect") == nil)
    }
  }

  @Test func undoOfARefusedActTakesNothingBackAndSaysSo() async throws {
    let town = try ClientTown()
    try await town.serving {
      let office = try town.enrolled("office")
      try office.set("problem", "15")
      _ = try await office.settle()
      // Before it has heard its role, a device cannot know who enters the problems of the feedback.
      let secretary = try town.enrolled("shuji", role: .secretary)
      try secretary.set("effect", "改过")
      let refused = try secretary.set("problem", "15")
      _ = try await secretary.settle()
      #expect(try secretary.shown("effect") == "改过")
      let first = try secretary.undo()
      #expect(first.wasRefused && first.act == nil && first.undone == refused)
      #expect(try secretary.shown("effect") == "改过")
      #expect(try secretary.undo().changes.map(\.value) == [.cleared])
      #expect(throws: ClientError.nothingToUndo) { _ = try secretary.undo() }
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
