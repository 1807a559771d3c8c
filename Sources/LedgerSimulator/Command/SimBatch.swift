import Foundation

/// Seeds in a row.
struct SeedRange {
  let first: UInt64
  let count: UInt64

  init(first: UInt64, count: UInt64) {
    self.first = first
    self.count = count
  }

  /// Reads `FIRST..LAST`; nil when it is not that.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].isEmpty, let first = UInt64(parts[0]), let last = UInt64(parts[2]), first <= last
    else {
      return nil
    }
    self.init(first: first, count: last - first + 1)
  }
}

/// Runs seeds one after the other in this process.
struct SimBatch {
  let seeds: [UInt64]
  let stopsAtFailure: Bool

  init(seeds: [UInt64], stopsAtFailure: Bool) {
    self.seeds = seeds
    self.stopsAtFailure = stopsAtFailure
  }

  /// The seeds of `range` that fall to `share`, `NUMBER/OF`.
  init(_ range: SeedRange, share: String, stopsAtFailure: Bool) {
    let parts = share.split(separator: "/").compactMap { UInt64($0) }
    let (number, of) = parts.count == 2 && parts[1] > 0 ? (parts[0], parts[1]) : (0, 1)
    seeds = (0..<range.count).filter { $0 % of == number }.map { range.first + $0 }
    self.stopsAtFailure = stopsAtFailure
  }

  func run() throws -> SimSummary {
    var summary = SimSummary()
    try each { summary.add($0) }
    return summary
  }

  /// Says what comes of each seed in lines that `SimWorkers` reads.
  func runShare() throws {
    try each(before: say) { result in
      print("end \(result.seed) \(result.figures.actions) \(result.lines) \(result.figures.mostTrips)")
      if let failure = result.failures.first { print("fail \(result.seed) \(failure)") }
    }
  }

  /// Said before the run, so that it is known which one the process ended in.
  private func say(_ seed: UInt64) {
    print("begin \(seed)")
    fflush(nil)
  }

  private func each(before: (UInt64) -> Void = { _ in }, _ body: (SimRun.Result) -> Void) throws {
    let folder = try PlaceholderFolder()
    defer { folder.remove() }
    for seed in seeds {
      before(seed)
      let result = SimRun(seed: seed, root: folder.path).run()
      body(result)
      if stopsAtFailure, !result.failures.isEmpty { return }
    }
  }
}

/// What many runs came to.
struct SimSummary {
  var runs = 0
  var actions = 0
  var lines = 0
  var mostTrips = 0
  var failures: [(seed: UInt64, what: String)] = []
  var seconds = 0.0

  mutating func add(_ result: SimRun.Result) {
    runs += 1
    actions += result.figures.actions
    lines += result.lines
    mostTrips = max(mostTrips, result.figures.mostTrips)
    if let failure = result.failures.first { failures.append((result.seed, failure)) }
  }

  /// What is printed: the failures with how to replay them, then one line.
  var text: String {
    let commit = SourceCommit.found.map { " at commit \($0)" } ?? ""
    var text = ""
    for failure in failures.sorted(by: { $0.seed < $1.seed }) {
      text += "FAILED seed \(failure.seed)\(commit): \(failure.what)\n"
      text += "  replay: taizhang-sim --seed \(failure.seed) --trace\n"
    }
    let time = seconds > 0 ? String(format: ", %.1f s", seconds) : ""
    text += "\(runs) runs\(commit), \(actions) actions, \(lines) lines, at most \(mostTrips) round trips to be in sync"
    return text + ", \(failures.count) failed\(time)"
  }
}

/// Which commit the source is of that stands around the program, as far as that is easily said.
enum SourceCommit {
  static var found: String? {
    guard let head = text(".git/HEAD") else { return nil }
    guard head.hasPrefix("ref: ") else { return String(head.prefix(12)) }
    return text(".git/" + head.dropFirst(5)).map { String($0.prefix(12)) }
  }

  private static func text(_ path: String) -> String? {
    // Best effort: a source without its history has no commit to name.
    (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// A folder with an empty file for each that the simulated disks hold: stores look whether a file is there before they
/// open it, and they look on the real disk.
struct PlaceholderFolder {
  let path: String

  init() throws {
    let registered = SimDisks.register()
    guard registered == 0 else { throw SimProblem(description: "SQLite takes no other disk: code \(registered)") }
    path = FileManager.default.temporaryDirectory.appendingPathComponent("taizhang-sim-\(UUID().uuidString)").path
    for disk in 0..<SimDisks.count {
      let home = "\(path)/disk\(disk)"
      try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
      let name = disk == 0 ? "ledger.sqlite" : "replica.sqlite"
      guard FileManager.default.createFile(atPath: "\(home)/\(name)", contents: nil) else {
        throw SimProblem(description: "\(home)/\(name) cannot be made")
      }
    }
  }

  func remove() {
    // Left behind it is an empty folder among the temporary ones.
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// Why nothing can be simulated.
struct SimProblem: Error, CustomStringConvertible {
  let description: String
}
