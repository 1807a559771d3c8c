import EditModel
import Glibc
import LedgerClient
import LedgerRules
import LedgerStore
import Testing

extension FaultTests {
  @Suite(.serialized) struct DestroyedServerTests {
    /// The data folder is gone, an older snapshot is there: nothing that it held, or that its author's device holds, is
    /// lost, and in the end all devices hold the same.
    @Test func restoreEatsNoFieldWork() async throws {
      let folder = try ServerFolder()
      var server = try ServerProcess(folder, host: folder.host)
      let port = server.port
      let office = try Replica.create(
        home: folder.path + "/office",
        deviceFile: folder.device(seat: "bangongshi", role: "round_owner"))
      let secretary = try Replica.create(
        home: folder.path + "/secretary",
        deviceFile: folder.device(seat: "shuji", role: "secretary"))

      let problem = try office.record([try change(.root, "problem", "河道有垃圾")])
      try await settle(office, secretary)
      let output = try folder.taizhangd("snapshot", "--json")
      #expect(output.contains(#""name":"tucheng","seq":1,"#))
      let set = folder.path + "/set"
      let name = try #require(output.firstMatch(of: /"set":"([^"]+)"/)).1
      try ServerFolder.run("/bin/cp", ["-r", "\(folder.data)/snapshots/\(name)", set])

      // Above the snapshot: both write and see each other's; a device enrolled since writes too; one edit stays unsent.
      let noteOfOffice = try office.record([try change(.created(problem.edit(1)), "note", "办公室已督办")]
      )
      let noteOfSecretary = try secretary.record([try change(.created(problem.edit(1)), "note", "书记已过问")])
      try await settle(office, secretary, office)
      let lateFile = try folder.device(seat: "jiwei", role: "discipline", place: "纪委")
      let late = try Replica.create(home: folder.path + "/late", deviceFile: lateFile)
      let noteOfLate = try late.record([try change(.created(problem.edit(1)), "note", "纪委已回访")])
      try await settle(late, office, secretary)
      let unsent = try office.record([try change(.created(problem.edit(1)), "note", "办公室还没发")])
      let accepted = try everything(in: office)

      server.kill()
      try ServerFolder.run("/bin/rm", ["-rf", folder.data])
      let restored = try folder.taizhangd("restore", set)
      #expect(restored.contains("is now at seq 1 of g2."))
      #expect(restored.contains("from the set"))
      server = try ServerProcess(folder, host: folder.host, port: port)

      // The office's own come back; those of the others are known to be missing until their authors bring them.
      try await settle(office)
      let surplus = try office.status().surplus
      #expect(Set(surplus.map(\.edit.id.act)) == [noteOfSecretary, noteOfLate])
      // What the restore did is told as long as something of it is open, seen or not.
      try office.noticesWereSeen(in: try office.status())
      #expect(try office.status().notices == [.historyWentBack(seq: 1)])
      try await settle(secretary)
      #expect(Set(try secretary.status().surplus.map(\.edit.id.act)) == [noteOfLate])
      // The device that the restored seats do not know keeps everything, is let in again, and sends.
      let lost = await late.sync(upTo: .seconds(30))
      guard case .savedHere(_, .denied, _) = lost else {
        Issue.record("\(lost)")
        return
      }
      try folder.taizhangd(
        "seat", "add", "jiwei", "--ledger", "tucheng", "--role", "discipline", "--place", "纪委")
      let again = try folder.file(
        of: "jiwei", again: try ServerFolder.word("replica", of: lateFile))
      let readmitted = try Replica.create(home: late.home, deviceFile: again)
      try await settle(readmitted, office, secretary, readmitted)

      // Nothing is lost, nothing is twice, every author's part is as it was accepted.
      let all = try everything(in: secretary)
      #expect(Set(all.map(\.id.act)) == [problem, noteOfOffice, noteOfSecretary, noteOfLate, unsent])
      #expect(all.count == Set(all.map(\.id)).count)
      #expect(Set(accepted.filter { $0.id.act != unsent }).isSubset(of: Set(all)))
      #expect(try [office, secretary, readmitted].map { try $0.status().surplus.count } == [0, 0, 0])
      #expect(Set(try [office, secretary, readmitted].map { try $0.status().stateHash }).count == 1)
      #expect(try office.status().notices == [.historyWentBack(seq: 1)])
      try office.noticesWereSeen(in: try office.status())
      #expect(try office.status().notices.isEmpty)
    }

    /// Both copies of a folder go on: nothing is lost, nothing is taken for the other's, and it is said.
    @Test func aCopiedReplicaFolderLosesNothing() async throws {
      let folder = try ServerFolder()
      let server = try ServerProcess(folder, host: folder.host)
      let file = try folder.device(seat: "bangongshi", role: "round_owner")
      let first = try Replica.create(home: folder.path + "/first", deviceFile: file)
      let problem = try first.record([try change(.root, "problem", "河道有垃圾")])
      try await settle(first)
      try ServerFolder.run("/bin/cp", ["-r", first.home, folder.path + "/second"])
      let second = try Replica(home: folder.path + "/second")
      let texts = ["甲一", "乙一", "甲二", "乙二"]
      for (index, text) in texts.enumerated() {
        let replica = index % 2 == 0 ? first : second
        _ = try replica.record([try change(.created(problem.edit(1)), "note", text)])
      }
      try await settle(first, second, first, second, first)
      let notices = try first.status().notices + second.status().notices
      #expect(notices.contains { if case .folderCopied = $0 { true } else { false } }, "\(notices)")
      let reader = try HistoryReader(path: folder.data + "/ledgers/tucheng.sqlite")
      let state = try reader.state(through: .max)
      try reader.close()
      #expect(
        Set(state.notes(of: .created(problem.edit(1))).compactMap { state[$0]?.creationText })
          == Set(texts))
      #expect(try first.status().stateHash == second.status().stateHash)
      #expect(try first.info().replica != second.info().replica)
      withExtendedLifetime(server) {}
    }

    private func change(_ entity: EntityID, _ field: String, _ value: String) throws -> Change {
      Change(
        entity: entity, field: try #require(FieldName(field)), value: .text(ExactString(value)))
    }

    /// Syncs each in turn; each must get everything to the town.
    private func settle(_ replicas: Replica...) async throws {
      for replica in replicas {
        let outcome = await replica.sync(upTo: .seconds(30))
        guard case .atTown = outcome else {
          Issue.record("\(replica.home): \(outcome)")
          continue
        }
      }
    }

    /// Every edit that a replica shows, confirmed or not.
    private func everything(in replica: Replica) throws -> [Edit] {
      let view = try replica.view()
      var edits: Set<Edit> = []
      for entity in view.shown.all.keys {
        for entry in try replica.history(of: entity) { edits.insert(entry.edit) }
      }
      for entry in try replica.history(of: .root) { edits.insert(entry.edit) }
      return Array(edits)
    }
  }
}
