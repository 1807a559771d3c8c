import EditModel

/// What was decided lately, so that a copy is answered without asking the store.
///
/// Two generations: when the younger is full it becomes the elder, and the elder is forgotten. Every act comes in and
/// hardly one is ever asked for, so acts are lined up as they come and indexed when somebody asks.
struct RecentActs {
  /// How many acts one generation holds.
  static let generationSize = 4_096

  /// An act with what was decided about it.
  struct Entry: Sendable {
    let act: Act
    let decision: Prior

    /// What `other`, which came under the same number, is answered.
    func repeated(for other: Act) -> Prior {
      let isKnown =
        switch decision {
        case .accepted: act.isCopy(of: other)
        case .shelved, .forked: act.hasSameContent(as: other)
        }
      return isKnown ? decision : .forked
    }
  }

  /// An object, so that a question may index what came before it; the machine that owns it is never copied.
  private final class Generation {
    var entries: [Entry] = []
    private var places: [ActID: Int] = [:]
    /// How many of the entries are in `places`.
    private var indexedCount = 0

    func find(_ id: ActID) -> Entry? {
      while indexedCount < entries.count {
        places[entries[indexedCount].act.id] = indexedCount
        indexedCount += 1
      }
      return places[id].map { entries[$0] }
    }
  }

  private var younger = Generation()
  private var elder = Generation()

  /// What was decided about `id`; nil when that is too long ago, or nothing was.
  func find(_ id: ActID) -> Entry? { younger.find(id) ?? elder.find(id) }

  /// Remembers what was decided about an act, which is not yet remembered.
  mutating func remember(_ entry: Entry) { younger.entries.append(entry) }

  /// Forgets the elder generation when the younger is full, and answers it. Called between batches only: within one,
  /// everything that was decided in it is remembered.
  mutating func turn() -> ForgottenActs? {
    guard younger.entries.count >= RecentActs.generationSize else { return nil }
    let forgotten = ForgottenActs(entries: elder.entries)
    elder = younger
    younger = Generation()
    return forgotten
  }
}

/// Acts that nobody asks for any more; whoever holds it last lets go of them.
package struct ForgottenActs: Sendable {
  fileprivate let entries: [RecentActs.Entry]
}
