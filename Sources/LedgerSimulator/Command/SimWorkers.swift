import Foundation

/// Runs a range of seeds in several processes: the simulated disks are the process's, so that each has its own.
struct SimWorkers {
  let range: SeedRange
  let jobs: Int
  let stopsAtFailure: Bool

  init(_ range: SeedRange, jobs: Int, stopsAtFailure: Bool) {
    self.range = range
    self.jobs = max(1, jobs)
    self.stopsAtFailure = stopsAtFailure
  }

  func run() throws -> SimSummary {
    let start = ContinuousClock.now
    var workers: [(process: Process, pipe: Pipe)] = []
    for number in 0..<jobs { workers.append(try begin(number)) }
    var summary = SimSummary()
    for worker in workers {
      let output = worker.pipe.fileHandleForReading.readDataToEndOfFile()
      worker.process.waitUntilExit()
      take(String(decoding: output, as: UTF8.self), worker.process, into: &summary)
    }
    let elapsed = (ContinuousClock.now - start).components
    summary.seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    return summary
  }

  private func begin(_ number: Int) throws -> (process: Process, pipe: Pipe) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments =
      ["--seeds", "\(range.first)..\(range.first + range.count - 1)", "--share", "\(number)/\(jobs)"]
      + (stopsAtFailure ? ["--fail-fast"] : [])
    process.standardOutput = pipe
    try process.run()
    return (process, pipe)
  }

  private func take(_ output: String, _ process: Process, into summary: inout SimSummary) {
    var begun: UInt64?
    for line in output.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 2)
      guard words.count >= 2, let seed = UInt64(words[1]) else { continue }
      switch words[0] {
      case "begin": begun = seed
      case "end":
        let numbers = words[2].split(separator: " ").compactMap { Int($0) }
        begun = nil
        summary.runs += 1
        if numbers.count == 3 {
          summary.actions += numbers[0]
          summary.lines += numbers[1]
          summary.mostTrips = max(summary.mostTrips, numbers[2])
        }
      case "fail": summary.failures.append((seed, String(words[2])))
      default: continue
      }
    }
    // A worker that dies takes the rest of its share with it; the seed it died at says enough.
    if let begun {
      summary.failures.append((begun, "the program ended in the middle of it, status \(process.terminationStatus)"))
    }
  }
}
