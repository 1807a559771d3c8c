package import EditModel

/// Acts issued anew: under another id, because the folder that they are in was copied or went back in time; or because
/// they were refused and a person tries again.
package enum Reissue {
  /// The undecided `acts`, in their order, as acts 1, 2 … of `replica`; what they say of each other (bases, entities,
  /// values that are an identity) speaks of the new identities. Stamps stay.
  package static func acts(_ acts: [Act], to replica: ReplicaID) -> [Act] {
    var renamed: [ActID: ActID] = [:]
    for (index, act) in acts.enumerated() {
      renamed[act.id] = ActID(replica: replica, n: UInt64(index + 1))
    }
    return acts.compactMap { act in
      guard let first = act.edits.first, let id = renamed[act.id] else { return nil }
      let changes = act.edits.map { edit in
        (change: rewritten(edit.change, renamed), base: edit.base.map { rewritten($0, renamed) })
      }
      // An act is whole, so one made of its changes is: only an act without edits could throw.
      return try? Act(id: id, changes: changes, stamp: first.stamp, shift: first.shift)
    }
  }

  /// What `acts`, in their order, change, as the acts `identities`: what they say of each other speaks of the new ones.
  package static func changes(of acts: [Act], as identities: [ActID]) -> [[Change]] {
    let renamed = Dictionary(zip(acts.map(\.id), identities), uniquingKeysWith: { first, _ in first })
    return acts.map { act in act.edits.map { rewritten($0.change, renamed) } }
  }

  private static func rewritten(_ id: EditID, _ renamed: [ActID: ActID]) -> EditID {
    renamed[id.act]?.edit(id.i) ?? id
  }

  private static func rewritten(_ change: Change, _ renamed: [ActID: ActID]) -> Change {
    var entity = change.entity
    if case .created(let id) = entity { entity = .created(rewritten(id, renamed)) }
    var value = change.value
    if let text = value.text, let id = EditID(text), renamed[id.act] != nil {
      value = .text(ExactString(rewritten(id, renamed).description))
    }
    return Change(entity: entity, field: change.field, value: value)
  }
}
