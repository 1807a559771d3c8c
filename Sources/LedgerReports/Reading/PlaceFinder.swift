/// Finds villages by their wording, over the whole document first, so that a name seen once with 村 is known where it
/// stands without.
struct PlaceFinder {
  struct Mention: Equatable {
    enum Kind { case village, hamlet }
    /// The official name, with 村.
    var name: String
    var kind: Kind
    var position: Int
    /// Written without 村.
    var isCompleted = false
  }

  /// What stands in front of one 村.
  private struct Candidate {
    var base: Word
    var kind: Mention.Kind
    var start: Int
    /// It stands in a list of villages or is counted (等6个村).
    var isListed: Bool
  }

  /// How often each name was seen, and which are known to be names by their form.
  private var seen: [Word: Int] = [:]
  private var formed: Set<Word> = []
  /// Names of three signs and more, as they stand without 村.
  private var bases: [Word: String] = [:]
  private var baseLengths: Set<Int> = []

  /// Learns the names of all texts that hold items.
  init(learningFrom texts: [ReportText]) {
    for text in texts {
      for candidate in Self.candidates(in: text) {
        seen[candidate.base, default: 0] += 1
        if candidate.isListed || Self.looksLikeName(candidate.base) {
          formed.insert(candidate.base)
        }
      }
    }
    for base in seen.keys where base.count >= 3 && isName(base) {
      bases[base] = String(base) + "村"
      baseLengths.insert(base.count)
    }
  }

  /// The villages that a text names, in order, each time they are named.
  func mentions(in text: ReportText) -> (found: [Mention], unsure: [String]) {
    var found: [Mention] = []
    var unsure: [String] = []
    for candidate in Self.candidates(in: text) {
      if isName(candidate.base) {
        let suffix = candidate.kind == .hamlet ? "自然村" : "村"
        found.append(
          Mention(
            name: String(candidate.base) + suffix, kind: candidate.kind, position: candidate.start))
      } else {
        unsure.append(String(candidate.base) + "村")
      }
    }
    found += completed(in: text)
    return (found.sorted { $0.position < $1.position }, unsure)
  }

  /// Names that stand without 村 behind a sign that cannot be part of a name.
  private func completed(in text: ReportText) -> [Mention] {
    var found: [Mention] = []
    for position in text.folded.indices where position == 0 || !text.folded[position - 1].isHan {
      for length in baseLengths.sorted(by: >) where position + length <= text.count {
        let end = position + length
        guard let name = bases[Word(text.folded[position..<end])] else { continue }
        if end < text.count, text.folded[end] == "村" || text.hasWord(Self.hamlet, at: end) { break }
        found.append(Mention(name: name, kind: .village, position: position, isCompleted: true))
        break
      }
    }
    return found
  }

  private func isName(_ base: Word) -> Bool {
    formed.contains(base) || seen[base, default: 0] > 1 && base.count <= 4
  }

  /// The stated number in 等6个村, or in a finding that only counts (有6个村).
  static func stated(in text: ReportText) -> Int? {
    for position in text.folded.indices where text.folded[position] == "等" {
      guard let number = Numeral.read(text, at: position + 1) else { continue }
      var end = position + 1 + number.length
      if end < text.count, text.folded[end] == "个" { end += 1 }
      if text.hasWord(administrative, at: end) { end += 2 }
      if end < text.count, text.folded[end] == "村" { return number.value }
    }
    return nil
  }

  // MARK: - Candidates

  private static func candidates(in text: ReportText) -> [Candidate] {
    var candidates: [Candidate] = []
    /// Names do not reach back over this.
    var floor = 0
    var lastVillageEnd: Int?
    for position in text.folded.indices where text.folded[position] == "村" {
      let run = runStart(in: text, before: position, floor: floor)
      let afterVillage = lastVillageEnd.map { isJoined(text, $0..<run) } ?? false
      guard let start = nameStart(in: text, run..<position, afterVillage: lastVillageEnd == run)
      else {
        // 各村, 农村: general, and no name goes on over it.
        floor = position + 1
        lastVillageEnd = nil
        continue
      }
      guard let candidate = candidate(in: text, start..<position, afterVillage: afterVillage) else {
        continue
      }
      if afterVillage, let last = candidates.indices.last { candidates[last].isListed = true }
      candidates.append(candidate)
      floor = position + 1
      lastVillageEnd = floor
    }
    return candidates
  }

  private static func candidate(
    in text: ReportText, _ range: Range<Int>, afterVillage: Bool
  )
    -> Candidate?
  {
    var base = Word(text.folded[range])
    let behind = range.upperBound + 1
    if behind < text.count, PlaceWords.generalBehind.contains(text.folded[behind]) { return nil }
    var kind = Mention.Kind.village
    if base.count > 2, base.suffix(2) == natural[...] {
      kind = .hamlet
      base.removeLast(2)
    } else if base.count > 2, base.suffix(2) == administrative[...] {
      base.removeLast(2)
    }
    let next = behind < text.count ? text.folded[behind] : "。"
    let counted =
      next == "等" && behind + 1 < text.count && Numeral.read(text, at: behind + 1) != nil
    if base.count < 2 {
      // 李村: one sign is a name only where nothing can follow, or 豪村沟门 would be cut.
      let isFree = range.lowerBound == 0 || !text.folded[range.lowerBound - 1].isHan
      guard isFree, !next.isHan || next == "等" || afterVillage,
        base.allSatisfy(PlaceWords.familyNames.contains)
      else { return nil }
    }
    guard base.count <= 6 else { return nil }
    return Candidate(
      base: base, kind: kind, start: range.lowerBound,
      isListed: counted || afterVillage)
  }

  private static func runStart(in text: ReportText, before end: Int, floor: Int) -> Int {
    var start = end
    while start > floor, end - start < 12, text.folded[start - 1].isHan { start -= 1 }
    return start
  }

  /// Where the name begins inside a run of signs, behind the last stop word; nil when nothing is left of it.
  private static func nameStart(in text: ReportText, _ run: Range<Int>, afterVillage: Bool) -> Int? {
    var start = run.lowerBound
    let afterDigit = start > 0 && text.folded[start - 1].isDigit
    if afterDigit, start < run.upperBound, "年月日个名户元号届次".unicodeScalars.contains(text.folded[start]) {
      start += 1
    }
    if afterVillage, start < run.upperBound, PlaceWords.joiners.contains(text.folded[start]) {
      start += 1
    }
    var position = start
    while position < run.upperBound {
      guard let length = stop(in: text, at: position, run: start..<run.upperBound) else {
        position += 1
        continue
      }
      position += length
      start = position
    }
    guard start < run.upperBound, !PlaceWords.generalEnds.contains(text.folded[run.upperBound - 1])
    else { return nil }
    if PlaceWords.general.longest(in: text, at: start, before: run.upperBound) == run.upperBound
      - start
    {
      return nil
    }
    return start
  }

  /// A stop of one sign does not cut a name down to one sign: 和平, 东镇.
  private static func stop(in text: ReportText, at position: Int, run: Range<Int>) -> Int? {
    if text.hasWord(administrative, at: position) || text.hasWord(natural, at: position) {
      let end = position + 2
      return end == run.upperBound && position > run.lowerBound ? nil : 2
    }
    guard let length = PlaceWords.stops.longest(in: text, at: position, before: run.upperBound)
    else { return nil }
    let left = run.upperBound - position - length
    return length == 1 && left == 1 && position == run.lowerBound ? nil : length
  }

  private static func isJoined(_ text: ReportText, _ gap: Range<Int>) -> Bool {
    gap.count <= 1 && PlaceWords.joiners.contains(text.folded[gap.lowerBound])
  }

  private static func looksLikeName(_ base: Word) -> Bool {
    guard let first = base.first, let last = base.last else { return false }
    return base.count <= 6
      && (PlaceWords.nameEnds.contains(last) || PlaceWords.familyNames.contains(first))
  }

  private static let natural = "自然".word
  private static let administrative = "行政".word
  private static let hamlet = "自然村".word
}
