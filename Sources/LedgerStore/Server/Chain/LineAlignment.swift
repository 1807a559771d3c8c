/// Finds where lines are that no longer stand where they were linked: what was put in or taken out moves all that is behind it,
/// when the numbers were made to fit. Without it one such line would make all others look changed.
///
/// A line is known by the beginning of its digest, which needs its own seq in its text: so it is looked at with that.
struct LineAlignment {
  /// How many lines later than their seqs say the lines stand by now.
  private var shift: Int64 = 0
  /// The lines that were found nowhere so far, in their order, and whether another stood in the place of each.
  private var lost: [(seq: UInt64, hasOther: Bool)] = []
  /// Where lines were found that do not stand in a run.
  private var movedTo: Set<UInt64> = []
  /// How many searches are left: who can write the file can make every one of them long.
  private var searches = 2_000

  /// How far from its place a line is looked for.
  private static let reach: Int64 = 512

  /// Whether the lines stand elsewhere by now.
  var isAway: Bool { shift != 0 }

  /// Between which seqs the lines of `row` may stand.
  func range(of row: ChainRow) -> ClosedRange<UInt64> {
    let first = Int64(clamping: row.before) + 1 + shift - LineAlignment.reach
    let last = Int64(clamping: row.last) + shift + LineAlignment.reach
    return UInt64(max(first, 1))...UInt64(max(last, 1))
  }

  /// What is wrong with the lines of `row`, as far as it can be told by now; `lines` are those of its range.
  mutating func take(_ row: ChainRow, _ lines: [UInt64: [UInt8]]) -> [ChainFlaw] {
    var flaws: [ChainFlaw] = []
    for seq in row.before + 1...row.last {
      if row.holds(seq, in: lines, shift) {
        flaws += finish()
      } else if let place = place(of: seq, row, lines) {
        flaws += found(seq, place, isRun: row.holds(seq + 1, in: lines, place))
      } else {
        lost.append((seq, lines[LineAlignment.seq(seq, shift)] != nil))
      }
    }
    // Behind so many no line tells any more which of them were taken out.
    guard lost.count > 2 * Int(LineAlignment.reach) else { return flaws }
    let near = lost.suffix(Int(LineAlignment.reach))
    lost.removeLast(near.count)
    flaws += finish()
    lost = Array(near)
    return flaws
  }

  /// What is wrong with the lines that were not found, when nothing behind them tells more.
  mutating func finish() -> [ChainFlaw] {
    defer { lost = [] }
    var flaws: [ChainFlaw] = []
    for line in lost {
      if line.hasOther {
        flaws.append(.changed(seq: line.seq))
      } else if case .missing(let range)? = flaws.last, range.upperBound + 1 == line.seq {
        flaws[flaws.count - 1] = .missing(range.lowerBound...line.seq)
      } else {
        flaws.append(.missing(line.seq...line.seq))
      }
    }
    return flaws
  }

  /// That the line `seq` stands `place` lines later than its seq says, and whether the next does too.
  private mutating func found(_ seq: UInt64, _ place: Int64, isRun: Bool) -> [ChainFlaw] {
    guard isRun else {
      movedTo.insert(LineAlignment.seq(seq, place))
      return [.moved(seq: seq, to: LineAlignment.seq(seq, place))]
    }
    defer { shift = place }
    guard place < shift else {
      let inserted = LineAlignment.seq(seq, shift)..<LineAlignment.seq(seq, place)
      return finish() + inserted.filter { !movedTo.contains($0) }.map { .inserted(seq: $0) }
    }
    let removed = lost.suffix(Int(shift - place)).map(\.seq)
    lost.removeLast(removed.count)
    return finish() + removed.map { .removed(seq: $0) }
  }

  /// How many lines later than its seq says the line `seq` stands, the nearest such place; nil when it is not found.
  private mutating func place(of seq: UInt64, _ row: ChainRow, _ lines: [UInt64: [UInt8]]) -> Int64? {
    guard searches > 0 else { return nil }
    searches -= 1
    for distance in 1...LineAlignment.reach {
      for place in [shift + distance, shift - distance] where row.holds(seq, in: lines, place) { return place }
    }
    return nil
  }

  fileprivate static func seq(_ seq: UInt64, _ shift: Int64) -> UInt64 {
    UInt64(max(Int64(clamping: seq) + shift, 0))
  }
}

extension ChainRow {
  /// Whether the line that stands `shift` lines behind the place of `seq` is the one that was linked as `seq`.
  fileprivate func holds(_ seq: UInt64, in lines: [UInt64: [UInt8]], _ shift: Int64) -> Bool {
    guard seq > before, seq <= last, let line = lines[LineAlignment.seq(seq, shift)] else { return false }
    return isCheck(digest(of: shift == 0 ? line : ChainRow.respelled(line, as: seq), as: seq), of: seq)
  }

  /// A line, `SEQ …`, with another seq.
  private static func respelled(_ line: [UInt8], as seq: UInt64) -> [UInt8] {
    guard let end = line.firstIndex(of: UInt8(ascii: " ")) else { return line }
    return Array(String(seq).utf8) + line[end...]
  }
}
