import ArgumentParser
import Foundation

/// What `taizhang-sim`'s entry point calls.
package enum SimProgram {
  /// Reads the arguments of the process and runs; exits with a sentence when something is wrong.
  package static func run() {
    repeatable()
    SimCommand.main()
  }

  /// Swift hashes with another key in every process, and what iterates over a set would do so in another order. A run is
  /// its seed only without that, so the program starts itself again with hashing that is always the same.
  private static func repeatable() {
    let name = "SWIFT_DETERMINISTIC_HASHING"
    guard ProcessInfo.processInfo.environment[name] == nil else { return }
    setenv(name, "1", 1)
    var words: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
    words.append(nil)
    execv("/proc/self/exe", words)
    print("taizhang-sim: cannot start itself again: \(String(cString: strerror(errno)))")
    exit(1)
  }
}

/// `taizhang-sim`: see docs/simulator.md.
struct SimCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "taizhang-sim",
    abstract:
      "Runs the production rules and stores over simulated networks, disks and clocks, and checks what they keep.",
    discussion:
      "One seed is one run, to the byte. Exit code 1 when a run fails; what failed and how to replay it is said.")

  @Option(help: "Run this seed alone.")
  var seed: UInt64?

  @Option(help: "Run these seeds: FIRST..LAST.")
  var seeds: String?

  @Option(help: "How many seeds to run.")
  var count: UInt64 = 100

  @Option(help: "The first of them.")
  var from: UInt64 = 1

  @Option(help: "How many processes share the seeds; all processors without it.")
  var jobs: Int?

  @Flag(help: "Print every event of the run. With --seed.")
  var trace = false

  @Flag(help: "Run the seeds that once failed, instead of a range.")
  var pinned = false

  @Flag(help: "Stop at the first failure.")
  var failFast = false

  @Option(help: .hidden)
  var share: String?

  init() {}

  func validate() throws {
    if let seeds, SeedRange(seeds) == nil { throw ValidationError("--seeds takes FIRST..LAST, not '\(seeds)'") }
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs takes 1 to 256, not \(jobs)") }
    if trace, seed == nil { throw ValidationError("--trace needs --seed") }
  }

  func run() throws {
    if let seed { return try runOne(seed) }
    if pinned {
      let runs = try SimBatch(seeds: PinnedSeeds.all.map(\.seed), stopsAtFailure: failFast).run()
      return try conclude(runs)
    }
    let range = seeds.flatMap(SeedRange.init) ?? SeedRange(first: from, count: count)
    if let share { return try SimBatch(range, share: share, stopsAtFailure: failFast).runShare() }
    let jobs = min(jobs ?? ProcessInfo.processInfo.activeProcessorCount, Int(clamping: range.count))
    return try conclude(SimWorkers(range, jobs: jobs, stopsAtFailure: failFast).run())
  }

  private func runOne(_ seed: UInt64) throws {
    let folder = try PlaceholderFolder()
    defer { folder.remove() }
    let result = SimRun(seed: seed, root: folder.path, isPrinted: trace).run()
    let figures = result.figures
    print(
      "seed \(seed) digest \(String(result.digest, radix: 16)) lines \(result.lines) actions \(figures.actions)"
        + " troubles \(figures.troubles) copies \(figures.copies) restores \(figures.restores) forked \(figures.forked)"
        + " resumed \(figures.resumed) restamped \(figures.restamped) clashes \(figures.clashes) decided \(figures.decided) trips \(figures.mostTrips) waiting \(figures.mostWaitingBytes)"
        + " events \(figures.events)")
    guard result.failures.isEmpty else {
      for failure in result.failures { print("FAILED \(failure)") }
      throw ExitCode(1)
    }
  }

  private func conclude(_ summary: SimSummary) throws {
    print(summary.text)
    if !summary.failures.isEmpty { throw ExitCode(1) }
  }
}
