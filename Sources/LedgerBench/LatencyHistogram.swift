/// # LedgerBench
///
/// The load driver: it speaks the line protocol to `taizhangd` and, for comparison in the same run, RESP to Redis, with
/// the same loops, the same payloads and the same clock. It may import the wire and NIO, never a rule or a store: it
/// is a client like any other.

/// Durations counted in buckets of about 1.6 % width, from a microsecond to an hour, in constant memory.
///
/// Source: the log-linear scheme of Gil Tene's HdrHistogram, with 64 steps an octave.
package struct LatencyHistogram: Sendable {
  private var counts = [UInt64](repeating: 0, count: 64 * 40)
  /// How many durations were recorded.
  package private(set) var count: UInt64 = 0

  /// An empty histogram.
  package init() {}

  /// Counts one duration in nanoseconds.
  package mutating func record(nanoseconds: UInt64) {
    counts[LatencyHistogram.bucket(nanoseconds)] += 1
    count += 1
  }

  /// Counts everything that `other` counted.
  package mutating func merge(_ other: LatencyHistogram) {
    for index in counts.indices { counts[index] += other.counts[index] }
    count += other.count
  }

  /// The duration in microseconds that `fraction` (0 ... 1) of all are at or below; 0 when there are none.
  package func microseconds(at fraction: Double) -> Double {
    let wanted = max(1, UInt64((Double(count) * fraction).rounded(.up)))
    var seen: UInt64 = 0
    for (index, number) in counts.enumerated() {
      seen += number
      if count > 0, seen >= wanted { return Double(LatencyHistogram.upperBound(index)) / 1_000 }
    }
    return 0
  }

  private static func bucket(_ nanoseconds: UInt64) -> Int {
    let value = max(nanoseconds, 64)
    let octave = 63 - value.leadingZeroBitCount
    let step = Int(value >> UInt64(octave - 6)) & 63
    return min((octave - 6) * 64 + step, 64 * 40 - 1)
  }

  private static func upperBound(_ index: Int) -> UInt64 {
    let octave = UInt64(index / 64)
    return (UInt64(64 + index % 64 + 1) << octave) - 1
  }
}
