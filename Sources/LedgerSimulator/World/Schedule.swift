/// What is to happen, by virtual milliseconds: a heap. Of two things at one time the one that was asked for first comes
/// first.
struct Schedule {
  private struct Item {
    let at: UInt64
    let order: UInt64
    let body: () -> Void

    func precedes(_ other: Item) -> Bool { at == other.at ? order < other.order : at < other.at }
  }

  private var heap: [Item] = []
  private var count: UInt64 = 0

  var isEmpty: Bool { heap.isEmpty }
  var nextAt: UInt64? { heap.first?.at }

  mutating func add(at: UInt64, _ body: @escaping () -> Void) {
    count += 1
    heap.append(Item(at: at, order: count, body: body))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].precedes(heap[parent]) else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func take() -> (at: UInt64, body: () -> Void)? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    return (first.at, first.body)
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].precedes(heap[least]) {
        least = child
      }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
