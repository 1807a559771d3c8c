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
    for content in standing(in: entity).lazy.flatMap({ self.content(of: $0) }) where content.seat != withdrawal.seat {
      if let present = newest[content.seat], present.seq > content.seq { continue }
      newest[content.seat] = content
    }
    return newest.values.sorted { $0.seq < $1.seq }.map {
      CoveredWork(entity: entity, withdrawal: withdrawal, content: $0)
    }
  }

  /// `id` and what stands under it, without what was withdrawn by itself.
  private func standing(in id: EntityID) -> [EntityID] {
    var (found, next) = ([id], 0)
    while next < found.count {
      let children = self[found[next]]?.children.values.joined().filter { !isWithdrawn($0) } ?? []
      found += children
      next += 1
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
