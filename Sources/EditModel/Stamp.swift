/// A hybrid logical time: it orders edits, and does nothing else.
///
/// Milliseconds since 1970 and a counter for what happens within one of them. Written as thirteen base-32 digits (ten
/// for the milliseconds, three for the counter), so that the order of the texts is the order of the times.
/// Source: Kulkarni et al., "Logical Physical Clocks" (2014), with the counter bounded at 15 bits.
package struct Stamp: Hashable, Comparable, Sendable {
  /// The milliseconds, shifted left by fifteen, and the counter.
  package let rawValue: UInt64

  /// The number of characters of every stamp.
  package static let textLength = 13
  /// The greatest counter; the tick after it borrows a millisecond from the future.
  package static let counterLimit: UInt64 = 32_767
  /// The greatest number of milliseconds, in the year 19,808: what 49 bits hold, so that a stamp fits in 64.
  package static let millisecondLimit: UInt64 = 1 << 49 - 1

  /// The earliest stamp of all.
  package static let zero = Stamp(rawValue: 0)

  /// A stamp from its packed form (see `rawValue`).
  package init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// A stamp at `milliseconds` since 1970 (clamped to what a stamp can hold) with `counter` (at most 32,767).
  package init(milliseconds: UInt64, counter: UInt64 = 0) {
    precondition(counter <= Stamp.counterLimit, "a stamp's counter has fifteen bits")
    self.rawValue = min(milliseconds, Stamp.millisecondLimit) << 15 | counter
  }

  /// Reads exactly thirteen digits; nil for anything else, and for a first digit over `f`, which no stamp has.
  package init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Stamp.textLength else { return nil }
    guard let milliseconds = Crockford.number(UnsafeRawBufferPointer(rebasing: bytes[..<10])),
      milliseconds <= Stamp.millisecondLimit,
      let counter = Crockford.number(UnsafeRawBufferPointer(rebasing: bytes[10...]))
    else { return nil }
    self.rawValue = milliseconds << 15 | counter
  }

  /// Reads a stamp's text; nil when it is none.
  package init?(_ text: String) {
    var copy = text
    guard let stamp = copy.withUTF8({ Stamp(bytes: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = stamp
  }

  /// Milliseconds since 1970 (UTC).
  package var milliseconds: UInt64 { rawValue >> 15 }

  /// Which event of that millisecond it was, from 0.
  package var counter: UInt64 { rawValue & Stamp.counterLimit }

  /// The stamp just above this one; the last of all stands for its own successor, so that a peer who claims it stops
  /// nobody.
  package var next: Stamp { Stamp(rawValue: rawValue == .max ? .max : rawValue + 1) }

  package static func < (left: Stamp, right: Stamp) -> Bool { left.rawValue < right.rawValue }
}

extension Stamp: CustomStringConvertible {
  /// The thirteen characters of the wire.
  package var description: String {
    // The counter's fifteen bits are exactly three digits, so one run of thirteen digits would need 65 bits only for
    // the top digit, which is at most `f`.
    Crockford.text(milliseconds, digits: 10) + Crockford.text(counter, digits: 3)
  }
}
