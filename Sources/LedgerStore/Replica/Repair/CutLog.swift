import Glibc

/// Whether SQLite would pass over commits at the end of the log beside a file without a word: it believes the log up to the
/// first frame whose checksum is wrong, which is right for a commit that was cut off and wrong for one that was on the disk
/// before the disk changed it. The next write would overwrite what it passed over.
///
/// A kill leaves one frame half written, and nothing behind it. So a wrong frame with a commit of the same log behind it is
/// damage; so is a log with a wrong head. One that is wrong in its very last frame cannot be told from a kill (the file
/// format, section 4: the write-ahead log).
enum CutLog {
  private static let headBytes = 32
  private static let frameHeadBytes = 24
  /// How often what looks cut is looked at again: somebody may be writing to it.
  private static let looks = 5

  /// Looks at the log of the file at `path`; false where there is none.
  static func isBeside(_ path: String) -> Bool {
    (0..<looks).allSatisfy { _ in
      guard let log = bytes(of: path + "-wal") else { return false }
      return isCut(log)
    }
  }

  private static func isCut(_ log: [UInt8]) -> Bool {
    guard log.count > headBytes else { return false }
    let pageBytes = RawPages.number(log, at: 8)
    let isKnown = log.starts(with: [0x37, 0x7F, 0x06]) && log[3] & 0xFE == 0x82
    guard isKnown, pageBytes >= 512, pageBytes <= 65_536 else { return true }
    var sum = Sum(isBigEndian: log[3] & 1 == 1)
    sum.add(log, 0..<24)
    guard sum.isWritten(log, at: 24) else { return true }
    let step = frameHeadBytes + pageBytes
    let starts = stride(from: headBytes, through: log.count - step, by: step)
    let isOfThis = { (start: Int) in log[start + 8..<start + 16] == log[16..<24] }
    for start in starts {
      let isRight: Bool
      if isOfThis(start) {
        sum.add(log, start..<start + 8)
        sum.add(log, start + frameHeadBytes..<start + step)
        isRight = sum.isWritten(log, at: start + 16)
      } else {
        isRight = false
      }
      guard !isRight else { continue }
      return starts.contains { $0 > start && isOfThis($0) && RawPages.number(log, at: $0 + 4) > 0 }
    }
    return false
  }

  private static func bytes(of path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0, facts.st_size > headBytes else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(facts.st_size))
    let count = pread(file, &bytes, bytes.count, 0)
    return count > 0 ? Array(bytes.prefix(count)) : nil
  }

  /// The running checksum of a log.
  private struct Sum {
    let isBigEndian: Bool
    private var first: UInt32 = 0
    private var second: UInt32 = 0

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    mutating func add(_ log: [UInt8], _ range: Range<Int>) {
      var (one, two) = (first, second)
      log.withUnsafeBytes { bytes in
        for place in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
          one = one &+ word(bytes, place) &+ two
          two = two &+ word(bytes, place + 4) &+ one
        }
      }
      (first, second) = (one, two)
    }

    /// Whether the sum stands at `place`, the greatest byte first.
    func isWritten(_ log: [UInt8], at place: Int) -> Bool {
      RawPages.number(log, at: place) == Int(first) && RawPages.number(log, at: place + 4) == Int(second)
    }

    private func word(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt32 {
      let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
      return isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
    }
  }
}
