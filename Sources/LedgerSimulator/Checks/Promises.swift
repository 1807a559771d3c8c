import EditModel
import LineProtocol
import SyncRules

/// What people were told: that it is saved, that it is at the town. Each of it has to be true when all is at rest.
struct Promises {
  /// An act that its person was told is saved.
  struct Saved {
    /// Which time somebody was told so: of a folder that was copied, both copies tell of one.
    let occasion: Int
    /// What the device's wall clock showed then, in milliseconds.
    let wall: UInt64
    let client: Int
    /// `REPLICA.N`, under the id that it was recorded with.
    let act: String
    /// `ENTITY FIELD VALUE` of each edit, as texts of the wire.
    let contents: [String]
    /// For each edit, the act of the same folder that makes the thing it speaks of, as that was called then; nil: the thing
    /// is somebody else's, or there is none.
    let makers: [String?]
    /// Whether it says what another act said before.
    let repeats: Bool
    /// Whether another folder, of which this client's is a copy, recorded it and had been told that it is at the town.
    var isInherited = false
  }

  /// An act that its device was told is accepted.
  struct Told {
    let client: Int
    /// The id under which it was said.
    let replica: String
    let n: UInt64
    let firstSeq: UInt64
    /// How often the ledger had been restored when the connection was made on which it was said.
    let restores: Int
  }

  private(set) var saved: [Saved] = []
  private(set) var told: [Told] = []
  /// Acts that were issued anew: client, then old to new.
  private(set) var renewals: [Int: [String: String]] = [:]
  /// What the acts of a client are called now: of two copies of a folder each may have another act under one name.
  private var ownActs: [Int: Set<String>] = [:]
  /// Ids under which more than one folder went on.
  private(set) var copiedIDs: Set<String> = []
  /// Acts that put an earlier value again, by an undo or by taking a beaten one, so that it stands twice.
  private(set) var repeating: Set<String> = []

  /// New names of acts that stood unsent in a folder when it was copied and that both copies issued anew: nobody can tell
  /// then that they are one, so they stand once for each.
  private(set) var twins: Set<String> = []

  /// New to old names of acts that were issued anew, on every client.
  private var origins: [String: String] = [:]

  /// An act is about to be written that says what another said before. It may be on disk though its person is never told,
  /// where the program is killed within the write.
  mutating func willRepeat(_ act: ActID) { repeating.insert("\(act.replica).\(act.n)") }

  /// An act is about to be written: what is said later of a thing that it makes is said of it, though its person may never be
  /// told that it is saved.
  mutating func willRecord(_ act: ActID, on client: Int) {
    ownActs[client, default: []].insert("\(act.replica).\(act.n)")
  }

  mutating func saved(_ act: Act, at wall: UInt64, on client: Int, repeats: Bool) {
    let name = "\(act.id.replica).\(act.id.n)"
    let makers = act.edits.map { edit in
      Promises.maker(of: edit.entity.description).flatMap { ownActs[client]?.contains($0) == true ? $0 : nil }
    }
    saved.append(
      Saved(
        occasion: saved.count, wall: wall, client: client, act: name, contents: act.edits.map(Promises.content),
        makers: makers,
        repeats: repeats))
    if repeats {
      repeating.insert(name)
    } else if !copiedIDs.contains(act.id.replica.description) {
      // An act that came to nothing may have been about to take this number.
      repeating.remove(name)
    }
  }

  mutating func told(_ acknowledgement: Acknowledgement, to client: Int, under replica: String, restores: Int) {
    told.append(
      Told(
        client: client, replica: replica, n: acknowledgement.n, firstSeq: acknowledgement.firstSeq, restores: restores))
  }

  /// A folder was copied: what the one promised, the other does too.
  mutating func copied(from client: Int, to other: Int, under replica: String) {
    copiedIDs.insert(replica)
    let decided = Set(told.filter { $0.client == client }.map { "\($0.replica).\($0.n)" })
    saved += saved.filter { $0.client == client }.map { saved in
      Saved(
        occasion: saved.occasion, wall: saved.wall, client: other, act: saved.act, contents: saved.contents,
        makers: saved.makers,
        repeats: saved.repeats,
        isInherited: saved.isInherited || decided.contains(name(of: saved.act, on: client)))
    }
    renewals[other] = renewals[client]
    ownActs[other] = ownActs[client]
  }

  /// What became of acts of a client that took the id `replica`: `before` and `after` are what it had undecided or on its
  /// shelf, and `stands` says whether an act is in the history under its name. Answers what is wrong with it.
  mutating func renewed(
    _ before: [Act], _ after: [Act], _ replica: ReplicaID, of client: Int, stands: (Act) -> Bool
  ) -> String? {
    let kept = Set(after.map(\.id))
    let gone = before.filter { !kept.contains($0.id) }
    let fresh = after.filter { $0.id.replica == replica }
    var unclaimed = gone
    var renewals: [String: String] = [:]
    for new in fresh {
      guard let index = unclaimed.firstIndex(where: { Promises.saysTheSame($0, new, renewals) }) else {
        return "\(new.id.replica).\(new.id.n) says what no act said that it could stand for"
      }
      let old = unclaimed.remove(at: index)
      let names = ("\(old.id.replica).\(old.id.n)", "\(new.id.replica).\(new.id.n)")
      let others = self.renewals.filter { $0.key != client }.compactMap { $0.value[names.0] }
      if !others.isEmpty { twins.formUnion(others + [names.1]) }
      if twins.contains(names.0) { twins.insert(names.1) }
      renewals[names.0] = names.1
      self.renewals[client, default: [:]][names.0] = names.1
      ownActs[client]?.remove(names.0)
      ownActs[client]?.insert(names.1)
      origins[names.1] = names.0
      if repeating.contains(names.0) { repeating.insert(names.1) }
    }
    // What turns out to have been accepted long ago needs no new name.
    return unclaimed.first { !stands($0) }.map { "\($0.id.replica).\($0.id.n) was not issued anew" }
  }

  /// Whether two acts of an id that was copied are one that was issued anew on one side and not, or later, on the other.
  func areOneCopied(_ first: String, _ second: String) -> Bool {
    let name = origin(of: first)
    return name == origin(of: second) && copiedIDs.contains(String(name.prefix { $0 != "." }))
  }

  private func origin(of act: String) -> String {
    var name = act
    while let earlier = origins[name] { name = earlier }
    return name
  }

  /// Identities in what an act says are those of the acts issued anew with it, of which `renewals` has those before it.
  private static func saysTheSame(_ old: Act, _ new: Act, _ renewals: [String: String]) -> Bool {
    let (oldName, newName) = ("\(old.id.replica).\(old.id.n)", "\(new.id.replica).\(new.id.n)")
    func renamed(_ entity: String) -> String {
      guard let maker = maker(of: entity) else { return entity }
      let name = maker == oldName ? newName : renewals[maker] ?? maker
      return name + entity.dropFirst(maker.count)
    }
    return old.edits.count == new.edits.count
      && zip(old.edits, new.edits).allSatisfy {
        $0.field == $1.field && ($0.value == $1.value || EditID($1.value.text ?? "") != nil)
          && renamed($0.entity.description) == $1.entity.description
      }
  }

  /// Whether an act of any folder is called so now.
  func isCalled(_ act: String) -> Bool { ownActs.values.contains { $0.contains(act) } }

  /// What an act of a client is called in the end.
  func name(of act: String, on client: Int) -> String {
    var name = act
    while let next = renewals[client]?[name] { name = next }
    return name
  }

  /// The thing that an edit of a saved act has to speak of in the end: what the same folder made goes by its new name where
  /// the act that makes it was issued anew.
  func entity(ofEdit index: Int, of saved: Saved) -> String {
    let said = String(saved.contents[index].prefix { $0 != " " })
    guard let maker = saved.makers[index] else { return said }
    return name(of: maker, on: saved.client) + said.dropFirst(maker.count)
  }

  /// The act that makes the thing of an id that is an identity, `REPLICA.N/I`; nil for other ids.
  private static func maker(of entity: String) -> String? {
    entity.firstIndex(of: "/").map { String(entity[..<$0]) }
  }

  static func content(_ edit: Edit) -> String { "\(edit.entity) \(edit.field) \(ValueText.text(edit.value))" }
}
