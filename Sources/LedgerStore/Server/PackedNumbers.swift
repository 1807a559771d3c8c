/// Numbers that mostly grow, as the differences from each to the next: seven bits a byte, the top bit says that more
/// follow, the sign is the lowest bit of the difference. One or two bytes a number where a row of a table takes thirty.
///
/// Source: the variable-length integers of Protocol Buffers ("base 128 varints", "ZigZag"). Only the derived tables use
/// it, which are made anew from the history whenever that is needed.
struct PackedNumbers: Sendable {
  /// The packed bytes.
  private(set) var bytes: [UInt8] = []
  private var previous: UInt64 = 0

  /// `numbers`, one after the other.
  init(_ numbers: some Sequence<UInt64> = []) {
    for number in numbers { append(number) }
  }

  /// Adds `number`, which is below 2^62, as seqs and counters are.
  mutating func append(_ number: UInt64) {
    let difference = Int64(bitPattern: number &- previous)
    var rest = UInt64(bitPattern: difference << 1 ^ difference >> 63)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
    previous = number
  }

  /// The numbers that `bytes` hold; nil when they end within one.
  static func numbers(_ bytes: UnsafeRawBufferPointer) -> [UInt64]? {
    var numbers: [UInt64] = []
    var (previous, rest, shift) = (UInt64(0), UInt64(0), UInt64(0))
    for byte in bytes {
      rest |= UInt64(byte & 0x7F) << shift
      shift += 7
      guard byte < 0x80 else { continue }
      previous = previous &+ (rest >> 1 ^ (0 &- (rest & 1)))
      numbers.append(previous)
      (rest, shift) = (0, 0)
    }
    return shift == 0 ? numbers : nil
  }
}
