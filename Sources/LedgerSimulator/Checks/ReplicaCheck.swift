import EditModel
import LedgerRules
import LedgerStore

/// That every replica holds what its seat may see, all of it and nothing else, with the winners and the clashes that the
/// checks found; so those of two seats are the same wherever both see the field.
extension SimWorld {
  func checkReplicas() {
    var visible: [SeatID: [HistoryLine]] = [:]
    for client in clients {
      guard let process = client.process else { continue }
      let lines = visible[client.seat.seat] ?? lines(visibleTo: client.seat)
      visible[client.seat.seat] = lines
      do throws(StoreError) {
        // As the running program shows it, and as one that starts now does.
        let fresh = try ReplicaStore.open(path: client.path)
        for store in [process.desk, fresh] {
          try compare(client, store, lines)
          try compareClashes(client, store, lines)
        }
        try fresh.close()
      } catch {
        fail("client \(client.index) cannot be read: \(error)")
      }
    }
  }

  private func lines(visibleTo seat: SeatFacts) -> [HistoryLine] {
    let eyes = SimWorld.eyes(of: seat)
    var visible: [HistoryLine] = []
    for line in oracle.lines where oracle.shows(line, to: eyes) { visible.append(line) }
    return visible
  }

  private func compare(_ client: SimClient, _ store: ReplicaStore, _ visible: [HistoryLine]) throws(StoreError) {
    let held = Set(try store.arrived(after: 0).lines.map(\.seq))
    let wanted = Set(visible.map(\.seq))
    if let missing = wanted.subtracting(held).min() {
      return fail("client \(client.index) (\(client.seat.seat)) lacks \(oracle.line(missing)?.whole ?? "")")
    }
    if let extra = held.subtracting(wanted).min() {
      return fail("client \(client.index) (\(client.seat.seat)) still holds \(oracle.line(extra)?.whole ?? "\(extra)")")
    }
    var expected: [String: UInt64] = [:]
    for line in visible {
      if let creation = line.creation, let seq = oracle.winners["\(creation.id) \(creation.kind)"] {
        expected["\(creation.id) \(creation.kind)"] = seq
      }
      if line.creation == nil || line.field == "stage" {
        expected["\(line.entity) \(line.field)"] = oracle.winners["\(line.entity) \(line.field)"]
      }
    }
    let found = try cells(of: store)
    for (cell, seq) in expected.sorted(by: { $0.key < $1.key }) where found[cell] != seq {
      return fail("client \(client.index): \(cell) is line \(found[cell] ?? 0), should be \(seq)")
    }
    if found.count != expected.count {
      fail("client \(client.index) has \(found.count) cells, should be \(expected.count)")
    }
  }

  private func cells(of store: ReplicaStore) throws(StoreError) -> [String: UInt64] {
    var cells: [String: UInt64] = [:]
    for (id, entity) in try store.snapshot().confirmed.all {
      if let creation = entity.creation, let kind = entity.kind { cells["\(id) \(kind.rawValue)"] = creation.seq }
      for (field, cell) in entity.cells.all { cells["\(id) \(field)"] = cell.winner.seq }
    }
    return cells
  }
}
