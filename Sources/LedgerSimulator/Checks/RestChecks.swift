import EditModel
import LedgerKeeping
import LedgerRules
import LedgerStore
import LineProtocol
import NIOCore

/// What must be so when all is at rest. A further check is one more line of `all`.
struct RestCheck: Sendable {
  let name: String
  let run: @Sendable (SimWorld) -> Void

  static let all: [RestCheck] = [
    RestCheck(name: "history") { $0.checkHistory() },
    RestCheck(name: "chain") { $0.checkChain() },
    RestCheck(name: "exactly once") { $0.checkOnce() },
    RestCheck(name: "authors") { $0.checkAuthors() },
    RestCheck(name: "promises") { $0.checkPromises() },
    RestCheck(name: "each for itself") { $0.checkNoneForTwo() },
    RestCheck(name: "device order") { $0.checkOrder() },
    RestCheck(name: "stages") { $0.checkStages() },
    RestCheck(name: "replicas and clashes") { $0.checkReplicas() },
    RestCheck(name: "round trips") { $0.checkTrips() },
    RestCheck(name: "memory") { $0.checkMemory() },
  ]
}

extension SimWorld {
  /// What the server's file says is what it has published.
  func checkHistory() {
    guard let process = server.process else { return fail("the server is not up at rest") }
    do throws(StoreError) {
      let rows = try process.reader.lines(after: 0, through: process.tail.lastSeq, limitBytes: 1 << 30)
      guard rows.count == oracle.lines.count else {
        return fail("the file has \(rows.count) lines, published were \(oracle.lines.count)")
      }
      for (row, line) in zip(rows, oracle.lines) where String(buffer: row.line) != line.whole {
        return fail("line \(line.seq) is another in the file")
      }
    } catch {
      fail("the server's history cannot be read: \(error)")
    }
  }

  /// Every line that is written behind is linked, and every link holds.
  func checkChain() {
    guard let process = server.process else { return fail("the server is not up at rest") }
    do throws(StoreError) {
      let check = try process.reader.checkedChain()
      if !check.isWhole { fail("the server's lines are not those that were linked: \(check.flaws)") }
      // What was committed a moment ago is linked with what is written behind.
      if check.head.seq < process.store.applied {
        fail("\(process.store.applied) lines are written behind, and linked are \(check.head.seq)")
      }
    } catch {
      fail("the server's chain cannot be read: \(error)")
    }
  }

  /// Acts stand whole and once, also by what they say: a value that was written once stands once.
  func checkOnce() {
    var seen: [Substring: HistoryLine] = [:]
    var next: (act: String, index: Int, size: Int)?
    for line in oracle.lines {
      let expected = next ?? (line.act, 1, line.actSize)
      guard line.act == expected.act, line.index == expected.index, line.actSize == expected.size else {
        return fail("an act is not whole at \(line.seq)")
      }
      next = line.index == line.actSize ? nil : (line.act, line.index + 1, line.actSize)
      guard !promises.repeating.contains(line.act), !promises.twins.contains(line.act), line.field != "reason",
        line.field != "opinion"
      else { continue }
      for word in line.value.split(whereSeparator: { !$0.isASCII }) where word.first == "t" && word.last == "t" {
        // After a restore one copy of a folder may put under its old name what the other had to issue anew.
        if let earlier = seen.updateValue(line, forKey: word),
          restores.isEmpty || !promises.areOneCopied(earlier.act, line.act)
        {
          return fail("what was written once stands twice: \(earlier.whole) and \(line.whole)")
        }
      }
    }
  }

  /// Every act of the history is one that some folder calls so: what was issued anew does not stand under its old name too.
  func checkAuthors() {
    for line in oracle.lines where line.index == 1 && !promises.isCalled(line.act) {
      return fail("what stands is no folder's act of that name: \(line.whole)")
    }
  }

  /// No act of the history stands for two that were saved each for itself: two copies of a folder may say the same under one
  /// number. Where both clocks showed the same then, nothing tells them apart.
  func checkNoneForTwo() {
    var standing: [String: Promises.Saved] = [:]
    for client in clients {
      guard let elsewhere = keptElsewhere(client) else { return }
      for saved in promises.saved where saved.client == client.index {
        let name = promises.name(of: saved.act, on: client.index)
        guard oracle.places["\(name)/1"] != nil, !elsewhere.contains(name) else { continue }
        if let other = standing.updateValue(saved, forKey: name), other.occasion != saved.occasion,
          max(saved.wall, other.wall) - min(saved.wall, other.wall) >= 2_000
        {
          return fail("\(name) stands for what was saved twice: \(saved.contents)")
        }
      }
    }
  }

  /// The acts that a device has on its shelf or aside; nil when that cannot be read, which fails.
  private func keptElsewhere(_ client: SimClient) -> Set<String>? {
    do throws(StoreError) {
      guard let desk = client.process?.desk else { return [] }
      return try shelf(of: client).union(keptAside(client, desk))
    } catch {
      fail("client \(client.index) cannot be read: \(error)")
      return nil
    }
  }

  /// What a device did later has a later stamp, however its clock went: nobody's newer edit loses against their own older.
  func checkOrder() {
    var latest: [String: [(n: UInt64, line: HistoryLine)]] = [:]
    for line in oracle.lines where line.index == 1 {
      let parts = line.act.split(separator: ".")
      latest[String(parts[0]), default: []].append((UInt64(parts[1]) ?? 0, line))
    }
    // Two copies of a folder are two devices under one id.
    for (replica, acts) in latest.sorted(by: { $0.key < $1.key }) where !promises.copiedIDs.contains(replica) {
      let ordered = acts.sorted { $0.n < $1.n }
      for (earlier, later) in zip(ordered, ordered.dropFirst()) where later.line.stamp <= earlier.line.stamp {
        return fail("a device's later act has the earlier stamp: \(later.line.whole) after \(earlier.line.whole)")
      }
    }
  }

  func checkStages() {
    var said: [String: Set<String>] = [:]
    var transitions: [String: [HistoryLine]] = [:]
    for line in oracle.lines {
      if ["reason", "opinion", "outcome"].contains(line.field) { said[line.act, default: []].insert(line.field) }
      if line.field == "stage" { transitions[line.entity, default: []].append(line) }
    }
    let roles = Dictionary(uniqueKeysWithValues: Town.seats.map { ($0.seat.description, $0.role.rawValue) })
    for (_, lines) in transitions.sorted(by: { $0.key < $1.key }) {
      if let flaw = StageLaw.flaw(in: lines, said: { said[$0] ?? [] }, role: { roles[$0] }) { return fail(flaw) }
    }
  }

  /// What was told to be accepted stands where it was said to; what was told to be saved is in the history or on the shelf.
  func checkPromises() {
    var shelves: Set<String> = []
    for client in clients { shelves.formUnion(shelf(of: client)) }
    for client in clients {
      guard let desk = client.process?.desk else { return fail("client \(client.index) is not up at rest") }
      do throws(StoreError) {
        let snapshot = try desk.snapshot()
        check(client, shelf: shelf(of: client), aside: try keptAside(client, desk), shelves: shelves)
        if !snapshot.overlay.isEmpty {
          fail("client \(client.index) still shows as pending: \(snapshot.overlay.map { "\($0.act.id) \($0.phase)" })")
        }
      } catch {
        fail("client \(client.index) cannot be read: \(error)")
      }
    }
    // What was said of lines above the one to which the ledger went back later holds no more.
    for told in promises.told where restores.dropFirst(told.restores).allSatisfy({ told.firstSeq <= $0 }) {
      guard let line = oracle.line(told.firstSeq), line.index == 1, line.act.hasSuffix(".\(told.n)") else {
        return fail("client \(told.client) was told that act \(told.n) is \(told.firstSeq), which it is not")
      }
    }
  }

  /// The acts that a device keeps as refused, with the reason.
  private func shelf(of client: SimClient) -> Set<String> {
    // What cannot be read is missed by the checks.
    guard let shelf = try? client.process?.desk.snapshot().shelf else { return [] }
    return Set(shelf.filter { $0.refusal != nil }.map { "\($0.act.id.replica).\($0.act.id.n)" })
  }

  /// The acts that a restore took from the ledger and that their device cannot put again: those of an id that it had
  /// before, and those of which its seat saw only a part.
  private func keptAside(_ client: SimClient, _ desk: ReplicaStore) throws(StoreError) -> Set<String> {
    guard !restores.isEmpty else { return [] }
    let acts = Dictionary(grouping: try desk.surplus()) { "\($0.edit.id.replica).\($0.edit.id.n)" }
    return Set(
      acts.filter { _, edits in
        edits[0].edit.id.replica.description != client.replica || edits.count < edits[0].edit.actSize
      }.keys)
  }

  private func check(_ client: SimClient, shelf: Set<String>, aside: Set<String>, shelves: Set<String>) {
    for saved in promises.saved where saved.client == client.index {
      let name = promises.name(of: saved.act, on: client.index)
      guard let first = oracle.places["\(name)/1"] else {
        // A copy that saw the act at the town and, in another seat, saw it no more has nothing to keep when a restore takes
        // it: it is with the folder that put it again.
        let isShared = !restores.isEmpty && promises.copiedIDs.contains(String(name.split(separator: ".")[0]))
        guard shelf.contains(name) || aside.contains(name) || isShared && shelves.contains(name) else {
          return fail("client \(client.index) lost \(saved.act), now \(name)")
        }
        continue
      }
      for (offset, content) in saved.contents.enumerated() {
        // After a restore the other copy of a folder may be the first to put its act of that number: this one is refused
        // then, or kept aside. A copy of a folder whose act had been at the town has nothing to keep for it.
        if !restores.isEmpty, promises.copiedIDs.contains(String(name.split(separator: ".")[0])),
          shelf.contains(name) || aside.contains(name) || saved.isInherited
        {
          continue
        }
        let line = oracle.line(first + UInt64(offset))
        // Under a later id what is said of that thing is said of the other copy's, which is all that is left to see.
        if let maker = saved.makers[offset],
          maker.prefix(while: { $0 != "." }) == saved.act.prefix(while: { $0 != "." }),
          shelf.contains(promises.name(of: maker, on: client.index))
        {
          return fail("client \(client.index): \(name) stands, and what makes its thing, \(maker), is refused")
        }
        let words = content.split(separator: " ", maxSplits: 2).map(String.init)
        guard let line, line.act == name, line.field == words[1], line.value == words[2],
          line.entity == promises.entity(ofEdit: offset, of: saved)
        else {
          return fail("client \(client.index): \(saved.act) was saved as \(content) and is \(line?.whole ?? "nothing")")
        }
      }
    }
  }

  func checkMemory() {
    let most = SimLink.bufferBytes + 256 * 1_024
    if figures.mostWaitingBytes > most { fail("\(figures.mostWaitingBytes) bytes waited for one reader") }
    if figures.mostHeldLines > 512 { fail("a client held \(figures.mostHeldLines) lines in memory") }
  }

  func checkTrips() {
    // For a server without it what is about something undecided waits for an answer, and that again.
    guard server.process?.capabilities.contains("chain") == true else { return }
    for client in clients {
      guard let from = client.trips.connectedAt, let to = client.trips.settledAt else {
        return fail("client \(client.index) never was in sync after the troubles")
      }
      let trip = UInt64(2 * SimRun.restLatency)
      let trips = Int((to - from + trip - 1) / trip)
      if !client.trips.isExempt { figures.mostTrips = max(figures.mostTrips, trips - client.trips.allowance) }
      if trips > 2 + client.trips.allowance, !client.trips.isExempt {
        fail("client \(client.index) took \(trips) round trips, \(client.trips.allowance) more than two were allowed")
      }
    }
  }
}
