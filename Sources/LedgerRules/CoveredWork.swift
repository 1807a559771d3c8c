package import EditModel

/// What a seat wrote and another's withdrawal took out of sight. It is in the history, and counts again when the withdrawal
/// is taken back.
package struct CoveredWork: Hashable, Sendable {
  /// What was withdrawn.
  package let entity: EntityID
  /// The edit that withdrew it.
  package let withdrawal: AcceptedEdit
  /// The newest of what another seat wrote in it or under it and that still stands.
  package let content: AcceptedEdit
}

extension LedgerState {
  /// The work of other seats than the one that withdrew `entity`, the newest of each; none when it is not withdrawn by its
  /// field, or what it stands under is withdrawn too.
  package func coveredWork(in entity: EntityID) -> [CoveredWork] {
    guard let withdrawal = self[entity]?.cells[.withdrawn]?.winner, withdrawal.edit.value == .text("yes"),
      isWithdrawn(entity), !isUnderWithdrawn(entity)
    else { return [] }
    var newest: [SeatID: AcceptedEdit] = [:]
    for content in standing(in: entity) where content.seat != withdrawal.seat {
      if let present = newest[content.seat], present.seq > content.seq { continue }
      newest[content.seat] = content
    }
    return newest.values.sorted { $0.seq < $1.seq }.map {
      CoveredWork(entity: entity, withdrawal: withdrawal, content: $0)
    }
  }

  /// What stands in `id` and under it, without what its own author withdrew by itself.
  private func standing(in id: EntityID) -> [AcceptedEdit] {
    var found: [AcceptedEdit] = []
    var rest: [(id: EntityID, hiders: Set<SeatID>)] = [(id, [])]
    while let (next, hiders) = rest.popLast() {
      found += content(of: next).filter { !hiders.contains($0.seat) }
      guard let children = self[next]?.children.values else { continue }
      for child in children.joined() {
        let hider = isWithdrawn(child) ? self[child]?.cells[.withdrawn]?.winner.seat : nil
        rest.append((child, hider.map { hiders.union([$0]) } ?? hiders))
      }
    }
    return found
  }

  /// What stands in an entity: its creation and its fields, without what only says whether it counts.
  private func content(of id: EntityID) -> [AcceptedEdit] {
    guard let entity = self[id] else { return [] }
    let fields = entity.cells.all.filter { field, cell in
      field != .withdrawn && field != .stage && !Settlement.isOne(field) && cell.winner.edit.value != .cleared
    }
    return [entity.creation].compactMap(\.self) + fields.map(\.value.winner)
  }

  private func isUnderWithdrawn(_ id: EntityID) -> Bool {
    var next = self[id]?.parent
    while let parent = next, parent != .root {
      if isWithdrawn(parent) { return true }
      next = self[parent]?.parent
    }
    return false
  }
}
