import EditModel
import Testing

@Suite struct HybridClockTests {
  @Test func followsTheWallWhileItIsAhead() {
    var clock = HybridClock()
    #expect(clock.tick(wallMilliseconds: 100) == Stamp(milliseconds: 100))
    #expect(clock.tick(wallMilliseconds: 101) == Stamp(milliseconds: 101))
  }

  @Test func countsWithinAMillisecondAndWhenTheWallGoesBack() {
    var clock = HybridClock()
    _ = clock.tick(wallMilliseconds: 100)
    #expect(clock.tick(wallMilliseconds: 100) == Stamp(milliseconds: 100, counter: 1))
    #expect(clock.tick(wallMilliseconds: 7) == Stamp(milliseconds: 100, counter: 2))
  }

  @Test func neverGivesTheSameStampTwice() {
    var clock = HybridClock()
    var previous = clock.latest
    for step in 0..<70_000 {
      let stamp = clock.tick(wallMilliseconds: step == 40_000 ? 3 : 2)
      #expect(stamp > previous)
      previous = stamp
    }
    #expect(previous.milliseconds == 4)
  }

  @Test func goesAboveWhatItObserves() {
    var clock = HybridClock()
    clock.observe(Stamp(milliseconds: 500, counter: 9))
    clock.observe(Stamp(milliseconds: 400))
    #expect(clock.tick(wallMilliseconds: 100) == Stamp(milliseconds: 500, counter: 10))
  }
}
