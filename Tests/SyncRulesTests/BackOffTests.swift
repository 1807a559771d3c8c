import SyncRules
import Testing

@Suite struct BackOffTests {
  @Test func doublesUpToItsBound() {
    var backOff = BackOff(first: .seconds(1), last: .seconds(8))
    let half = UInt64(1) << 63  // the middle of the jitter: exactly the plain wait
    let waits = (0..<6).map { _ in backOff.next(random: half) }
    #expect(
      waits == [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(8), .seconds(8)])
    backOff.reset()
    #expect(backOff.next(random: half) == .seconds(1))
  }

  @Test(arguments: [UInt64.min, UInt64.max, 1 << 62])
  func jitterStaysBetweenHalfAndOneAndAHalf(random: UInt64) {
    var backOff = BackOff(first: .seconds(4), last: .seconds(8))
    let wait = backOff.next(random: random)
    #expect(wait >= .seconds(2) && wait <= .seconds(6))
  }
}
