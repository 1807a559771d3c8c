import EditModel

/// When acts were made, by the server's time line: where each one has to stand in the history, however wrong the clock of
/// its device is, as long as the device was not started anew before its act came to the town.
///
/// Simple on purpose, and without the anchors and moments of the code under test.
struct MadeActs {
  /// Where the server's line stood at a moment of the true time, both in milliseconds.
  struct Moment {
    let line: UInt64
    let time: UInt64

    fileprivate var difference: Int64 { Int64(clamping: line) - Int64(clamping: time) }
  }

  private struct Made {
    let moment: Moment
    /// When its device last had heard the server's time by then.
    let heard: Moment?
    let client: Int
    let boot: String?
  }

  /// How far a stamp may be from when its act was made: what a link takes to say the time, the tolerance for a clock that
  /// is nearly right, and half the time since it was said while the server's line waits for its clock, on the device and
  /// on those whose stamps it had seen.
  static let toleranceMilliseconds: UInt64 = 60_000
  /// How far the server's line may have gone at another pace than time, after its clock was set, and be gone by.
  static let paceMilliseconds: Int64 = 5_000

  private var acts: [String: Made] = [:]

  /// An act was made on a device that runs in `boot` and last had the server's time at `heard`.
  mutating func made(_ act: ActID, at moment: Moment, heard: Moment?, on client: Int, in boot: String?) {
    acts["\(act.replica).\(act.n)"] = Made(moment: moment, heard: heard, client: client, boot: boot)
  }

  /// What is wrong with the stamp of `line`, the first of an act, which the server took at `present`. `device` tells in
  /// which boot a client's machine runs now, and when the client last heard the server's time. Asked once of an act: what
  /// is put again after a restore keeps its stamp.
  mutating func flaw(
    in line: HistoryLine, at present: Moment, device: (Int) -> (boot: String?, heard: Moment?)
  ) -> String? {
    guard let made = acts.removeValue(forKey: line.act), let stamp = Stamp(line.stamp)?.milliseconds else { return nil }
    let (boot, heard) = device(made.client)
    guard let heard, boot == made.boot else { return nil }
    let differences = [made.heard, made.moment, heard, present].compactMap { $0?.difference }
    // Of a clock that was set meanwhile the device can know nothing.
    guard let least = differences.min(), let most = differences.max(), most - least <= MadeActs.paceMilliseconds else {
      return nil
    }
    let (later, earlier) = (max(stamp, made.moment.line), min(stamp, made.moment.line))
    guard later - earlier > MadeActs.toleranceMilliseconds else { return nil }
    let way = stamp > made.moment.line ? "later" : "earlier"
    return "client \(made.client): \(line.act) stands \((later - earlier) / 1_000) s \(way) than it was made"
  }
}
