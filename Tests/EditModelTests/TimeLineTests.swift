import EditModel
import Testing

/// The server's time: forward only, by the wall clock while that can be believed.
@Suite struct TimeLineTests {
  private static let hour: UInt64 = 3_600_000
  private static let start: UInt64 = 1_700_000_000_000

  private func reading(_ wall: UInt64, boot: UInt64, _ id: String = "b1") -> ClockReading {
    ClockReading(wallMilliseconds: wall, bootMilliseconds: boot, boot: id)
  }

  private func line(_ mark: ClockAnchor? = nil) -> TimeLine { TimeLine(from: mark, at: reading(Self.start, boot: 0)) }

  @Test func followsTheWallClockUpToAnHourAndGoesOnAloneBeyond() {
    var line = line()
    #expect(line.time(at: reading(Self.start + 5_000, boot: 5_000)).milliseconds == Self.start + 5_000)
    // A step of just an hour is followed, one of a millisecond more is not.
    #expect(
      line.time(at: reading(Self.start + 6_000 + Self.hour, boot: 6_000)).milliseconds == Self.start + 6_000 + Self.hour
    )
    #expect(line.gapMilliseconds == nil)
    let far = Self.start + 7_000 + 2 * Self.hour + 1
    #expect(line.time(at: reading(far, boot: 7_000)).milliseconds == Self.start + 7_000 + Self.hour)
    #expect(line.gapMilliseconds == Int64(Self.hour) + 1)
    // It goes on by the clock that counts from the boot, and follows again when the wall clock was put right.
    #expect(line.time(at: reading(far + 60_000, boot: 67_000)).milliseconds == Self.start + 67_000 + Self.hour)
    #expect(
      line.time(at: reading(Self.start + 68_000 + Self.hour, boot: 68_000)).milliseconds == Self.start + 68_000
        + Self.hour)
    #expect(line.gapMilliseconds == nil)
  }

  @Test(arguments: [Int64(-40), -1, 1, 40])
  func aClockThatJumpsByYearsMovesNothing(years: Int64) {
    var line = line()
    let wall = UInt64(max(0, Int64(Self.start) + years * 31_536_000_000))
    for second in 1...100 as ClosedRange<UInt64> {
      let now = line.time(at: reading(wall + second * 1_000, boot: second * 1_000))
      #expect(now.milliseconds == Self.start + second * 1_000)
    }
    #expect(line.accept(at: reading(wall + 101_000, boot: 101_000)) == (years > 0))
    #expect(
      line.time(at: reading(wall + 102_000, boot: 102_000)).milliseconds == (years > 0 ? wall : Self.start) + 102_000)
  }

  @Test func acceptingAClockThatIsFollowedChangesNothing() {
    var line = line()
    line.notBelow(Stamp(milliseconds: Self.start + 60_000))
    let isAccepted = line.accept(at: reading(Self.start + 1_000, boot: 1_000))
    #expect(isAccepted)
    #expect(line.time(at: reading(Self.start + 1_000, boot: 1_000)).milliseconds == Self.start + 60_500)
  }

  @Test func aheadOfTheWallClockItNeitherStandsNorGoesBack() {
    var line = line()
    line.notBelow(Stamp(milliseconds: Self.start + 60_000))
    var last = Self.start + 60_000
    for second in 1...300 as ClosedRange<UInt64> {
      let now = line.time(at: reading(Self.start + second * 1_000, boot: second * 1_000)).milliseconds
      #expect(now > last)
      last = now
    }
    #expect(last == Self.start + 300_000, "and has come together with it again")
  }

  @Test func goesOnOverARestart() {
    let mark = ClockAnchor(now: Stamp(milliseconds: Self.start), reading: reading(1_000, boot: 50_000))
    // In the same boot it has counted, whatever the wall clock shows.
    var same = TimeLine(from: mark, at: reading(7, boot: 50_000 + 9 * Self.hour))
    #expect(same.time(at: reading(7, boot: 50_000 + 9 * Self.hour)).milliseconds == Self.start + 9 * Self.hour)
    #expect(same.gapMilliseconds != nil)
    // Over a boot, the wall clock says how long it was off, up to thirty days.
    for (off, isBelieved) in [(0, true), (TimeLine.offMilliseconds, true), (TimeLine.offMilliseconds + 1, false)] {
      let reading = reading(Self.start + off, boot: 10, "b2")
      var line = TimeLine(from: mark, at: reading)
      #expect(line.time(at: reading).milliseconds == Self.start + (isBelieved ? off : 0))
      #expect((line.gapMilliseconds == nil) == isBelieved)
    }
    let earlier = reading(Self.start - 2 * Self.hour, boot: 10, "b2")
    var line = TimeLine(from: mark, at: earlier)
    #expect(line.time(at: earlier).milliseconds == Self.start && line.gapMilliseconds == -2 * Int64(Self.hour))
  }
}
