import EditModel
import LedgerClient
import LedgerRules
import LedgerStore
import ReplicaKeeping
import Testing

@Suite struct ClientUndoTests {
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
}
