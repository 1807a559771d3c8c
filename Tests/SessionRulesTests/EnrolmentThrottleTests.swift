import Testing

@testable import SessionRules

@Suite struct EnrolmentThrottleTests {
  @Test func everyWrongProofWaitsLongerUpToALimit() {
    var throttle = EnrolmentThrottle()
    var delays: [UInt64] = []
    for _ in 0..<40 {
      delays.append(throttle.wrong(lookup: "k7m2", address: "10.0.0.1", nowSeconds: 5).delayMilliseconds)
    }
    #expect(delays.prefix(4) == [250, 500, 1_000, 2_000])
    #expect(delays == delays.sorted())
    #expect(delays.last == EnrolmentThrottle.delayLimitMilliseconds)
    // Less than a connection has to authenticate, so that the answer still comes.
    #expect(EnrolmentThrottle.delayLimitMilliseconds < ConnectionLimits().authSeconds * 1_000)
  }

  @Test func addressesAndCodesAreCountedApart() {
    var throttle = EnrolmentThrottle()
    for number in 0..<3 { _ = throttle.wrong(lookup: "code\(number)", address: "10.0.0.1", nowSeconds: 0) }
    #expect(throttle.wrong(lookup: "other", address: "10.0.0.1", nowSeconds: 0).delayMilliseconds == 2_000)
    #expect(throttle.wrong(lookup: "fresh", address: "10.0.0.2", nowSeconds: 0).delayMilliseconds == 250)
    #expect(throttle.wrong(lookup: "other", address: "10.0.0.3", nowSeconds: 0).delayMilliseconds == 500)
  }

  @Test func somebodyIsToldWhenACodeIsGuessed() {
    var throttle = EnrolmentThrottle()
    let alarms = (1...600).compactMap { number in
      throttle.wrong(lookup: "k7m2", address: "10.0.0.\(number)", nowSeconds: 0).alarm
    }
    #expect(alarms == [8, 64, 512])
  }

  @Test func anHourOfQuietForgets() {
    var throttle = EnrolmentThrottle()
    for _ in 0..<9 { _ = throttle.wrong(lookup: "k7m2", address: "10.0.0.1", nowSeconds: 0) }
    let late = throttle.wrong(lookup: "k7m2", address: "10.0.0.1", nowSeconds: EnrolmentThrottle.forgetSeconds)
    #expect(late == EnrolmentThrottle.Verdict(delayMilliseconds: 250, alarm: nil))
  }

  @Test func remembersNoMoreThanItsLimit() {
    var throttle = EnrolmentThrottle(limit: 64)
    for _ in 0..<5 { _ = throttle.wrong(lookup: "kept", address: "kept", nowSeconds: 0) }
    for number in 0..<10_000 {
      _ = throttle.wrong(lookup: "l\(number)", address: "a\(number)", nowSeconds: UInt64(number / 100))
      #expect(throttle.size <= 128)
    }
  }
}
