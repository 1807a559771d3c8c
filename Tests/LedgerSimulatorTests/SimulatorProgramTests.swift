// The simulator as a program: it takes over SQLite's disks for its whole process, so it does not run in that of the tests.

import Foundation
import LedgerTestKit
import Testing

/// One run of `taizhang-sim` to its end.
private struct SimulatorRun {
  let text: String
  let status: Int32

  init(_ arguments: String...) throws {
    let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    let process = Process()
    process.executableURL = own.deletingLastPathComponent().appending(path: "taizhang-sim")
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
  }
}

@Suite(.onOwnThreads) struct SimulatorProgramTests {
  @Test func oneSeedIsOneRunToTheByte() throws {
    let runs = try [SimulatorRun("--seed", "7", "--trace"), SimulatorRun("--seed", "7", "--trace")]
    #expect(runs[0].status == 0, "\(runs[0].text.suffix(2_000))")
    #expect(runs[0].text == runs[1].text)
    let last = try #require(runs[0].text.split(separator: "\n").last)
    #expect(last.hasPrefix("seed 7 digest "))
  }

  @Test func otherSeedsAreOtherRuns() throws {
    let runs = try [SimulatorRun("--seed", "8"), SimulatorRun("--seed", "9")]
    func digest(_ run: SimulatorRun) -> Substring? { run.text.split(separator: " ").dropFirst(3).first }
    #expect(digest(runs[0]) != nil)
    #expect(digest(runs[0]) != digest(runs[1]))
  }

  @Test func seedsThatOnceFailedPass() throws {
    let run = try SimulatorRun("--pinned")
    #expect(run.status == 0, "\(run.text)")
  }

  @Test func aRangeIsCountedOverItsProcesses() throws {
    let run = try SimulatorRun("--seeds", "11..13", "--jobs", "2")
    #expect(run.status == 0, "\(run.text)")
    #expect(run.text.hasPrefix("3 runs"), "\(run.text)")
    #expect(run.text.contains("1500 actions"), "\(run.text)")
  }

  @Test(arguments: [["--seeds", "3..1"], ["--seeds", "x"], ["--jobs", "0"], ["--trace"]])
  func wrongArgumentsAreRefused(_ arguments: [String]) throws {
    let run = arguments.count == 1 ? try SimulatorRun(arguments[0]) : try SimulatorRun(arguments[0], arguments[1])
    #expect(run.status != 0)
    #expect(run.text.contains("Error"))
  }
}
