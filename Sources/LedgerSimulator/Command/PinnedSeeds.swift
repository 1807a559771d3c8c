/// Seeds that once failed, each with what was wrong: run again by a test, whatever else is run.
enum PinnedSeeds {
  struct Pinned {
    let seed: UInt64
    let reason: String
  }

  static let all: [Pinned] = [
    Pinned(seed: 2, reason: "what was put at another time stood below the same device's earlier act"),
    Pinned(seed: 38, reason: "the same, of one field: a person's later edit lost to their own earlier one"),
  ]
}
