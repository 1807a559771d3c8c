package import EditModel

/// Who holds and held the seats of a ledger: seats act, and persons must not review what they submitted from another seat.
package struct SeatHolders: Hashable, Sendable {
  /// That a person holds or held a seat.
  package struct Term: Hashable, Sendable {
    /// Who.
    package let person: ExactString
    /// From when on.
    package let began: Stamp
    /// When it ended, nil while it lasts. At that moment the person holds the seat no more.
    package let ended: Stamp?

    /// A term.
    package init(person: ExactString, began: Stamp, ended: Stamp? = nil) {
      self.person = person
      self.began = began
      self.ended = ended
    }
  }

  private var terms: [SeatID: [Term]] = [:]

  /// Nobody was named for any seat.
  package init() {}

  /// Adds a term of `seat`; terms of one seat do not overlap.
  package mutating func add(_ term: Term, of seat: SeatID) {
    terms[seat, default: []].append(term)
  }

  /// Who holds `seat` now; nil when nobody was named.
  package func person(of seat: SeatID) -> ExactString? {
    terms[seat]?.last { $0.ended == nil }?.person
  }

  /// Who held `seat` when something of it got `receipt`; nil when nobody was named.
  package func person(of seat: SeatID, at receipt: Stamp) -> ExactString? {
    terms[seat]?.last { $0.began <= receipt && ($0.ended.map { receipt < $0 } ?? true) }?.person
  }
}
