import EditModel
import LedgerClient

/// How people name the acts on the shelf: by their number, where only one on the shelf has it; always by `REPLICA.n`.
struct ShelfIDs {
  private let shelved: [ActID]
  private let offShelf: [ActID]
  /// Those that cannot be read any more: on no shelf, and taken out of what is told the same way.
  let damaged: [ActID]

  init(_ view: ReplicaView, damaged: [ActID]) {
    self.damaged = damaged
    self.shelved = view.shelf.map(\.act.id)
    self.offShelf = view.offShelf.map(\.act.id)
  }

  /// What the list calls an act.
  func text(_ id: ActID) -> String {
    let isAlone = shelved.contains(id) && shelved.count { $0.n == id.n } == 1
    return isAlone ? "\(id.n)" : id.text
  }

  /// The act on the shelf that `text` names.
  func act(_ text: String, _ words: Words) throws -> ActID {
    if let exact = shelved.first(where: { $0.text == text }) { return exact }
    let found = shelved.filter { "\($0.n)" == text }
    if found.count > 1 {
      throw CommandFailure(.usage, "ambiguous", words.severalShelved(text, found.map(\.text)))
    }
    if let id = found.first { return id }
    let wasThere = offShelf.contains { $0.text == text || "\($0.n)" == text }
    throw CommandFailure(.notFound, "absent", wasThere ? words.hasLeftShelf(text) : words.noSuchShelved(text))
  }
}

extension ActID {
  /// `REPLICA.n`, as programs and people write it.
  var text: String { "\(replica).\(n)" }
}
