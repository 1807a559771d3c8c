import ArgumentParser
import EditModel
import LedgerRules
import LedgerStore
import MachineClocks

/// `taizhangd clock [accept]`.
struct ClockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clock", abstract: "Show the server's time line beside the machine's clock, or accept that (时钟).",
    discussion:
      "The server's time only goes forward. It follows the machine's clock while the two agree within an hour; beyond that "
      + "it goes on alone until the clock was put right or accepted. What is shown is at most a minute old.",
    subcommands: [Show.self, Accept.self], defaultSubcommand: Show.self)

  /// `taizhangd clock show`.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show both (the default).")

    @OptionGroup var options: DataOptions

    func run() throws {
      let (_, seats) = try options.seats()
      let mark = try seats.clockMark()
      let isRequested = try seats.clockRequest() != nil
      try seats.close()
      let reading = MachineClocks.reading()
      Output.line("machine\t\(ChinaClock.full(Stamp(milliseconds: reading.wallMilliseconds)))\tits clock now (本机时钟)")
      guard let mark else { return Output.line("time line\t-\tno server has run here yet (服务器还没有运行过)") }
      var line = TimeLine(from: mark, at: reading)
      let now = line.time(at: reading)
      let gap = line.gapMilliseconds.map { "NOT FOLLOWED: the clock is \(ChinaTime.offset($0)) (未跟随本机时钟)" }
      Output.line("time line\t\(ChinaClock.full(now))\t\(gap ?? "follows the clock (跟随本机时钟)")")
      if isRequested { Output.line("accepted\t-\ta server that starts within a day by that clock follows it (待服务器采用)") }
      if let alarm = ClockCommand.alarm(mark) { Output.line(alarm) }
    }
  }

  /// `taizhangd clock accept`.
  struct Accept: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take the machine's clock for right, and go on from it (确认时钟).",
      discussion:
        "For a clock that is ahead of the time line and right. Time does not go back: where the clock is behind "
        + "and right, the line goes on alone until the clock has caught up.")

    @OptionGroup var options: DataOptions

    func run() throws {
      let (folder, seats) = try options.seats()
      let now = DataOptions.now()
      let reading = MachineClocks.reading()
      if let mark = try seats.clockMark() {
        var line = TimeLine(from: mark, at: reading)
        _ = line.time(at: reading)
        let wasBeyond = line.gapMilliseconds != nil
        guard line.accept(at: reading) else {
          throw CommandProblem(
            "The clock is behind the time line (\(ChinaClock.full(line.time(at: reading)))), which does not go back. Nothing was "
              + "changed. If the clock is wrong, put it right; if it is right, leave it: the line waits for it.",
            chinese: "本机时钟落后于服务器的时间线，时间线不会倒退，什么也没有改动。时钟错了请校正；时钟是对的就不用管，时间线会等它。")
        }
        guard wasBeyond else {
          // Another clock that was accepted and not followed yet is so no more.
          try seats.endClockRequest()
          try seats.close()
          return Output.line("The time line follows the clock already (时间线本来就跟随本机时钟).")
        }
      }
      try seats.requestClock(at: now)
      try seats.close()
      let isRunning = DataOptions.runningServer(on: folder) != nil
      Output.line(
        "The clock was accepted: \(ChinaClock.full(now)) (已确认时钟). "
          + (isRunning
            ? "The running server follows it within seconds."
            : "The server follows it when it starts, within a day by that clock."))
    }
  }

  /// That the server did not follow the clock when it last looked, for whoever looks at the state of things; nil when it
  /// did.
  static func alarm(_ mark: ClockAnchor?) -> String? {
    guard let gap = mark.map({ -$0.offsetMilliseconds }), gap.magnitude > TimeLine.boundMilliseconds else { return nil }
    let wrong = "the machine's clock was \(ChinaTime.offset(gap)) against the server's time line, which goes on alone"
    return gap > 0
      ? "CLOCK\t\(wrong). Put it right, or if it is right: taizhangd clock accept (本机时钟与时间线差得太多：请校正；若本机时钟是对的，请运行 "
        + "taizhangd clock accept)"
      : "CLOCK\t\(wrong). Put it right (本机时钟落后太多：请校正)"
  }
}
