import EditModel

/// When acts were made, by the server's time line: where each one has to stand in the history, however wrong the clock of
/// its device is, as long as the device was not started anew before its act came to the town.
///
/// Simple on purpose, and without the anchors and moments of the code under test. While the server's own clock is set and
/// its line waits for it, and for a while behind that, a device cannot know the line, and nothing is checked.
struct MadeActs {
  /// Where the server's line stood at a moment of the true time, both in milliseconds.
  struct Moment {
    let line: UInt64
    let time: UInt64
  }

  private struct Made {
    let moment: Moment
    /// When its device last had heard the server's time by then.
    let heard: Moment?
    let client: Int
    let boot: String?
  }

  /// How far a stamp may be from when its act was made: what a link takes to say the time, the tolerance for a clock that
  /// is nearly right, on the device and on those whose stamps it had seen.
  static let toleranceMilliseconds: UInt64 = 60_000
  /// How far the line may be from the pace of time and be steady.
  static let paceMilliseconds: UInt64 = 1_000
  /// How long it must have been steady: a stamp that is two minutes ahead, the most that a server takes, is past by then.
  static let steadyMilliseconds: UInt64 = 600_000

  private var acts: [String: Made] = [:]
  private var steadySince = Moment(line: 0, time: 0)

  /// An act was made on a device that runs in `boot` and last had the server's time at `heard`.
  mutating func made(_ act: ActID, at moment: Moment, heard: Moment?, on client: Int, in boot: String?) {
    look(at: moment)
    acts["\(act.replica).\(act.n)"] = Made(moment: moment, heard: heard, client: client, boot: boot)
  }

  /// What is wrong with the stamp of `line`, the first of an act, which the server took at `present`. `device` tells in
  /// which boot a client's machine runs now, and when the client last heard the server's time. Asked once of an act: what
  /// is put again after a restore keeps its stamp.
  mutating func flaw(
    in line: HistoryLine, at present: Moment, device: (Int) -> (boot: String?, heard: Moment?)
  ) -> String? {
    look(at: present)
    guard let made = acts.removeValue(forKey: line.act), let stamp = Stamp(line.stamp)?.milliseconds else { return nil }
    let (boot, heard) = device(made.client)
    guard let heard, boot == made.boot else { return nil }
    let first = [made.heard, made.moment, heard].compactMap { $0?.time }.min() ?? 0
    guard first >= steadySince.time + MadeActs.steadyMilliseconds else { return nil }
    let away = MadeActs.distance(stamp, made.moment.line)
    guard away > MadeActs.toleranceMilliseconds else { return nil }
    let way = stamp > made.moment.line ? "later" : "earlier"
    return "client \(made.client): \(line.act) stands \(away / 1_000) s \(way) than it was made"
  }

  private mutating func look(at present: Moment) {
    let (line, time) = (present.line &- steadySince.line, present.time &- steadySince.time)
    if MadeActs.distance(line, time) > MadeActs.paceMilliseconds { steadySince = present }
  }

  private static func distance(_ one: UInt64, _ other: UInt64) -> UInt64 { max(one, other) - min(one, other) }
}
