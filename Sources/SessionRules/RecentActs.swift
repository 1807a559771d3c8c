import EditModel

/// What was decided lately, so that a copy is answered without asking the store.
///
/// Two generations: when the younger is full it becomes the elder, and the elder is forgotten.
struct RecentActs {
  /// How many acts one generation holds.
  static let generationSize = 4_096

  /// An act with what was decided about it.
  struct Entry {
    let act: Act
    let decision: Prior

    /// What `other`, which came under the same number, is answered.
    func repeated(for other: Act) -> Prior {
      act.hasSameContent(as: other) ? decision : .forked
    }
  }

  private var younger: [ActID: Entry] = [:]
  private var elder: [ActID: Entry] = [:]

  subscript(id: ActID) -> Entry? {
    get { younger[id] ?? elder[id] }
    set { younger[id] = newValue }
  }

  /// Forgets the elder generation when the younger is full. Called between batches only: within one, everything that was
  /// decided in it is remembered.
  mutating func turn() {
    guard younger.count >= RecentActs.generationSize else { return }
    elder = younger
    younger = [:]
  }
}
