import EditModel
import SyncRules
import Testing

@Suite struct StampCorrectionTests {
  @Test(arguments: [
    (offset: nil as Int64?, time: UInt64(1_000_000)), (120_000, 1_000_000), (-120_000, 1_000_000),
    (120_001, 1_120_001),
    (-120_001, 879_999),
  ])
  func followsTheDeviceWithinTheBoundAndTheServerBeyond(offset: Int64?, time: UInt64) {
    #expect(StampCorrection.time(wallMilliseconds: 1_000_000, offset: offset) == time)
  }

  @Test func restampsInOwnOrderBetweenWhatWasSeenAndNow() throws {
    // A clock a year ahead: three acts, the first two within one millisecond.
    let year: UInt64 = 31_536_000_000
    let acts = try [(1, year + 500), (2, year + 500), (3, year + 900)].map {
      try Fixture.act(UInt64($0.0), at: UInt64($0.1))
    }
    let now = Stamp(milliseconds: 1_000)
    let stamps = StampCorrection.restamped(acts, now: now, offset: -Int64(year), seen: .zero).map {
      $0.edits[0]
    }
    #expect(stamps.map(\.stamp.milliseconds) == [500, 500, 900])
    #expect(stamps[0].stamp < stamps[1].stamp)
    #expect(stamps.map(\.shift.seconds) == [-31_536_000, -31_536_000, -31_536_000])
  }

  @Test func neverAheadOfNowNorBelowWhatWasSeen() throws {
    let acts = [try Fixture.act(1, at: 9_000), try Fixture.act(2, at: 10)]
    let seen = Stamp(milliseconds: 400)
    let moved = StampCorrection.restamped(
      acts, now: Stamp(milliseconds: 1_000), offset: 0, seen: seen)
    #expect(moved[0].edits[0].stamp == Stamp(milliseconds: 1_000))
    #expect(moved[1].edits[0].stamp == moved[0].edits[0].stamp.next)
  }
}
