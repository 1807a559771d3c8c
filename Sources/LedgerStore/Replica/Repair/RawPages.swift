import Glibc

/// The pages of an SQLite file and of the log beside it as they lie on the disk, whatever is wrong with them. What the disk
/// does not give is zeros. Nothing is written.
final class RawPages {
  /// The bytes of a page.
  let pageBytes: Int
  private let main: Int32
  private let log: Int32
  private let mainPages: Int
  /// Of each frame of the log: its page, and whether it is of the log that is in force.
  private let frames: [(page: Int, isInForce: Bool)]
  /// The frame that holds a page last.
  private let latest: [Int: Int]

  private static let logHead = 32
  private static let frameHead = 24
  /// What SQLite takes unless it is told otherwise, and nobody tells it.
  private static let usualBytes = 4_096

  /// Opens the file at `path` for reading; nil when it cannot be opened.
  init?(path: String) {
    main = open(path, O_RDONLY | O_CLOEXEC)
    guard main >= 0 else { return nil }
    log = open(path + "-wal", O_RDONLY | O_CLOEXEC)
    let head = RawPages.read(main, at: 0, count: 18)
    let logHead = log < 0 ? [] : RawPages.read(log, at: 0, count: RawPages.logHead)
    let ofLog = logHead.isEmpty ? 0 : RawPages.number(logHead, at: 8)
    let ofMain = head[16..<18].elementsEqual([0, 1]) ? 65_536 : Int(head[16]) << 8 | Int(head[17])
    let size = head.starts(with: "SQLite format 3".utf8) ? ofMain : ofLog
    pageBytes = [512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536].contains(size) ? size : RawPages.usualBytes
    mainPages = (RawPages.bytes(of: main) + pageBytes - 1) / pageBytes
    var frames: [(page: Int, isInForce: Bool)] = []
    var latest: [Int: Int] = [:]
    let step = RawPages.frameHead + pageBytes
    for frame in 0..<max(0, (log < 0 ? 0 : RawPages.bytes(of: log) - RawPages.logHead) / step) {
      let head = RawPages.read(log, at: RawPages.logHead + frame * step, count: RawPages.frameHead)
      let isInForce = head[8..<16] == logHead[16..<24]
      frames.append((RawPages.number(head, at: 0), isInForce))
      if isInForce { latest[RawPages.number(head, at: 0)] = frame }
    }
    (self.frames, self.latest) = (frames, latest)
  }

  deinit {
    close(main)
    if log >= 0 { close(log) }
  }

  /// Every image of every page, those last that are in force: what an earlier log left, the file, the log.
  func eachImage(_ body: (_ image: [UInt8], _ page: Int) -> Void) {
    for (index, frame) in frames.enumerated() where !frame.isInForce { body(image(ofFrame: index), frame.page) }
    for page in 1...max(1, mainPages) { body(image(ofMain: page), page) }
    for (index, frame) in frames.enumerated() where frame.isInForce { body(image(ofFrame: index), frame.page) }
  }

  /// The page as the log has it last, where it does, or as the file has it.
  func image(of page: Int, fromLog: Bool) -> [UInt8]? {
    if fromLog, let frame = latest[page] { return image(ofFrame: frame) }
    return (1...max(1, mainPages)).contains(page) ? image(ofMain: page) : nil
  }

  private func image(ofMain page: Int) -> [UInt8] { RawPages.read(main, at: (page - 1) * pageBytes, count: pageBytes) }

  private func image(ofFrame frame: Int) -> [UInt8] {
    let step = RawPages.frameHead + pageBytes
    return RawPages.read(log, at: RawPages.logHead + frame * step + RawPages.frameHead, count: pageBytes)
  }

  /// The number in four bytes, the greatest first.
  static func number(_ bytes: [UInt8], at place: Int) -> Int {
    bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func bytes(of file: Int32) -> Int {
    var facts = stat()
    return fstat(file, &facts) == 0 ? Int(facts.st_size) : 0
  }

  private static func read(_ file: Int32, at place: Int, count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    // A part that a failing disk does not give stays zeros.
    _ = pread(file, &bytes, count, off_t(place))
    return bytes
  }
}
