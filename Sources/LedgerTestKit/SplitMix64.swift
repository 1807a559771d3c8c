/// # LedgerTestKit
///
/// What tests share: a seeded source of generated histories, a clock that stands still, the data files of `protocol/`,
/// and transcripts with the rules by which they are played. Nothing here decides what is right: expectations come from
/// the specification's files. No target that ships may import it.

/// A small generator of reproducible numbers, so that a failure is a seed.
///
/// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (2014). Not for secrets.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The sequence that belongs to `seed`.
  package init(seed: UInt64) {
    self.state = seed
  }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
