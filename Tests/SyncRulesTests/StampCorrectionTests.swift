import EditModel
import SyncRules
import Testing

/// Where acts are put in time. Times are milliseconds; the server's time is far from zero so that clocks can be decades
/// wrong in both directions.
@Suite struct StampCorrectionTests {
  private static let year: UInt64 = 31_536_000_000
  private static let hour: UInt64 = 3_600_000
  private let now = 50 * year

  private func anchor(wall: UInt64, boot: UInt64 = 1_000_000, _ id: String? = "b2") -> ClockAnchor {
    ClockAnchor(
      now: Stamp(milliseconds: now), reading: ClockReading(wallMilliseconds: wall, bootMilliseconds: boot, boot: id))
  }

  private func act(
    _ n: UInt64, at stamp: UInt64, wall: UInt64, boot: UInt64 = 0, _ id: String? = nil, seen: UInt64 = 0,
    isAnchored: Bool = false
  ) throws -> (act: Act, moment: ActMoment) {
    let reading = ClockReading(wallMilliseconds: wall, bootMilliseconds: boot, boot: id)
    return (
      try Fixture.act(n, at: stamp),
      ActMoment(reading: reading, seen: Stamp(milliseconds: seen), isAnchored: isAnchored)
    )
  }

  private func placed(
    _ acts: [(act: Act, moment: ActMoment)], _ anchor: ClockAnchor, at present: ClockReading? = nil,
    above: UInt64 = 0, keepsGood: Bool = true
  ) -> [Edit] {
    StampCorrection.placed(
      acts, by: anchor, at: present ?? anchor.reading, above: Stamp(milliseconds: above), keepsGood: keepsGood
    ).map { $0.edits[0] }
  }

  @Test func aNewActCountsFromAContactOfTheSameBoot() {
    // Decades wrong, and stepped back by a year since the contact: the boot clock says that an hour has passed.
    let contact = anchor(wall: 10 * Self.year, boot: 1_000)
    let later = ClockReading(wallMilliseconds: 9 * Self.year, bootMilliseconds: 1_000 + Self.hour, boot: "b2")
    #expect(estimate(later, contact) == (now + Self.hour, true))
    let rebooted = ClockReading(wallMilliseconds: 10 * Self.year + 5, bootMilliseconds: 3, boot: "b3")
    #expect(estimate(rebooted, contact) == (now + 5, false))
    let right = ClockReading(wallMilliseconds: now + Self.hour + 5_000, bootMilliseconds: 1_000 + Self.hour, boot: "b2")
    #expect(estimate(right, contact) == (now + Self.hour + 5_000, true))
    #expect(estimate(rebooted, nil) == (10 * Self.year + 5, false))
  }

  private func estimate(_ reading: ClockReading, _ anchor: ClockAnchor?) -> (UInt64, Bool) {
    let estimate = StampCorrection.time(at: reading, anchor: anchor)
    return (estimate.milliseconds, estimate.isAnchored)
  }

  /// A board or a watch may be connected for days: what is written meanwhile was not written when it connected.
  @Test(arguments: [UInt64(0), 49, 50, 90], [nil, "b2"] as [String?])
  func anActThatIsMadeWhileAConnectionLastsStandsWhereItWasMade(years: UInt64, boot: String?) throws {
    let wall = years * Self.year
    let contact = anchor(wall: wall, boot: 1_000, boot)
    let made = ClockReading(wallMilliseconds: wall + Self.hour, bootMilliseconds: 1_000 + Self.hour, boot: boot)
    let present = ClockReading(
      wallMilliseconds: wall + 2 * Self.hour, bootMilliseconds: 1_000 + 2 * Self.hour, boot: boot)
    let stamp = StampCorrection.time(at: made, anchor: contact).milliseconds
    let one = try act(1, at: stamp, wall: made.wallMilliseconds, boot: made.bootMilliseconds, boot, isAnchored: true)
    #expect(placed([one], contact, at: present)[0].stamp == Stamp(milliseconds: now + Self.hour))
    // Never ahead of the present, whatever the act's own clock showed.
    let ahead = try act(2, at: now + Self.year, wall: wall + Self.year, boot: 0, "b1", isAnchored: true)
    #expect(placed([ahead], contact, at: present)[0].stamp == Stamp(milliseconds: now + 2 * Self.hour))
  }

  @Test(arguments: [UInt64(0), 1, 10, 49, 61, 90])
  func anActIsAsOldAsItsBootClockSays(years: UInt64) throws {
    // The wall clock ran from another year and was stepped between the two; they are an hour and a minute old.
    let wall = years * Self.year
    let acts = [
      try act(1, at: wall, wall: wall, boot: 5_000_000, "b2"),
      try act(2, at: wall + 7, wall: wall / 2, boot: 5_000_000 + Self.hour - 60_000, "b2"),
    ]
    let edits = placed(acts, anchor(wall: wall + 99, boot: 5_000_000 + Self.hour))
    #expect(edits.map(\.stamp) == [Stamp(milliseconds: now - Self.hour), Stamp(milliseconds: now - 60_000)])
    #expect(edits.allSatisfy { !$0.shift.isUncertain })
    #expect(edits[0].shift.seconds == (Int64(now - Self.hour) - Int64(wall)) / 1_000)
  }

  @Test func anEarlierBootGoesByTheWallClockAndItsOffset() throws {
    // The clock is 21 years behind, through the boot, which began ten minutes ago; the act is a day old.
    let wall = now - 21 * Self.year
    let made = wall - 24 * Self.hour
    let edit = placed([try act(1, at: made, wall: made, boot: 77, "b1")], anchor(wall: wall, boot: 600_000))[0]
    #expect(edit.stamp == Stamp(milliseconds: now - 24 * Self.hour))
    #expect(edit.shift == Shift(seconds: Int64(21 * Self.year / 1_000)))
  }

  @Test func anEarlierBootWhoseClockMakesNoSenseIsPlacedAboveWhatWasSeen() throws {
    let seen = now - 100 * Self.hour
    // A clock that begins anew in 1970 with every boot: an hour into the earlier one, ten minutes into the present one.
    let begunAnew = try act(1, at: Self.hour, wall: Self.hour, boot: Self.hour, "b1", seen: seen)
    let edits = placed(
      [begunAnew, try act(2, at: 9, wall: 500_000, boot: 500_000, "b2", seen: seen)],
      anchor(wall: 600_000, boot: 600_000))
    #expect(edits[0].stamp == Stamp(milliseconds: seen).next && edits[0].shift.isUncertain)
    #expect(edits[1].stamp == Stamp(milliseconds: now - 100_000) && !edits[1].shift.isUncertain)
    // One that says that it was before what its author had seen.
    let before = placed([try act(1, at: 5, wall: now - 200 * Self.hour, boot: 9, "b1", seen: seen)], anchor(wall: now))
    #expect(before[0].stamp == Stamp(milliseconds: seen).next && before[0].shift.isUncertain)
    // One that says that it is not yet.
    let ahead = placed(
      [try act(1, at: 5, wall: now + Self.year, boot: 9, "b1", seen: seen)], anchor(wall: now, boot: 0))
    #expect(ahead[0].stamp == Stamp(milliseconds: seen).next && ahead[0].shift.isUncertain)
  }

  @Test func whatWasAnchoredInItsOwnBootStays() throws {
    let made = now - 300 * Self.hour
    let one = try act(1, at: made, wall: 12_345, boot: 9, "b1", seen: made - 1_000, isAnchored: true)
    // The wall clock of that boot says nothing of use; the stamp counted from a contact.
    #expect(placed([one], anchor(wall: now)) == [one.act.edits[0]])
    #expect(placed([one], anchor(wall: now), keepsGood: false)[0].stamp == Stamp(milliseconds: made))
  }

  @Test(arguments: [(4_999, true), (5_000, true), (5_001, false)] as [(UInt64, Bool)])
  func aClockThatIsRightIsLeftAlone(off: UInt64, stays: Bool) throws {
    let one = try act(1, at: now - Self.hour + off, wall: now - Self.hour + off, boot: 0, "b2")
    let edit = placed([one], anchor(wall: now + off, boot: Self.hour))[0]
    #expect(edit.stamp == Stamp(milliseconds: stays ? now - Self.hour + off : now - Self.hour))
  }

  @Test func keepsTheDevicesOwnOrderAndIsNeverAheadOfTheServer() throws {
    // The second act was made before the first by every clock, and both after the contact.
    let acts = [
      try act(5, at: now + 90_000, wall: now, boot: 1_000_100, "b2", seen: now - 10_000),
      try act(6, at: 3, wall: 3, boot: 900_000, "b2"),
    ]
    let edits = placed(acts, anchor(wall: now), above: now - 5)
    #expect(edits.map(\.stamp) == [Stamp(milliseconds: now), Stamp(milliseconds: now).next])
    // Above the last own act, even where that is ahead.
    #expect(placed([acts[1]], anchor(wall: now), above: now + 500)[0].stamp == Stamp(milliseconds: now + 500).next)
  }

  @Test func clocksAtTheEndsOfTimeBreakNothing() throws {
    for wall in [0, 1, UInt64(Int64.max), UInt64.max] {
      let edits = placed(
        [try act(1, at: 0, wall: wall, boot: wall, "b1"), try act(2, at: 1, wall: wall, boot: wall, "b2")],
        anchor(wall: wall, boot: wall == 0 ? .max : 0))
      #expect(edits[0].stamp < edits[1].stamp && edits[1].stamp.milliseconds <= now)
    }
  }
}
