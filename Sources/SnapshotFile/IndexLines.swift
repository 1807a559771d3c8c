import Crypto
import EditModel

/// The index of a snapshot: what it must say, and what it says. Only the hashes of both are kept, so that a long file takes no
/// more memory than a short one.
struct IndexLines {
  private var wanted = SHA256()
  private var found = SHA256()

  /// Whether its last line was read and both are the same.
  private(set) var isEnded = false

  /// Takes the next block that it must name.
  mutating func expect(_ entry: IndexEntry) { update(&wanted, entry.text.utf8) }

  /// Takes the lines of one of its blocks; `count` is what the line of counts must be. False where the end does not fit, or is
  /// none.
  mutating func take(_ lines: ArraySlice<ArraySlice<UInt8>>, count: String) -> Bool {
    for line in lines {
      guard !isEnded else { return false }
      guard line.starts(with: "end ".utf8) else {
        update(&found, line)
        continue
      }
      update(&wanted, count.utf8)
      let digest = wanted.finalize()
      guard found.finalize() == digest, line.elementsEqual("end sha256 \(digest.hexadecimal)".utf8) else {
        return false
      }
      isEnded = true
    }
    return true
  }

  private func update(_ hash: inout SHA256, _ line: some Sequence<UInt8>) {
    hash.update(data: Array(line) + [UInt8(ascii: "\n")])
  }
}
