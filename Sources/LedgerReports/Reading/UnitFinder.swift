/// Finds the offices and duties that a text names, and which of them lead.
enum UnitFinder {
  /// Official names in order of mention, each once. A name inside 《》 counts only when the document is made here. A
  /// finding (`isFinding`) names offices, while the people in it are the criticised ones.
  static func units(in text: ReportText, isFinding: Bool = false) -> [String] {
    var found: [(name: String, start: Int, end: Int)] = []
    var position = 0
    while position < text.count {
      if text.folded[position] == "《", let end = titleEnd(text, at: position),
        !isMade(text, at: position)
      {
        position = end + 1
        continue
      }
      guard let name = name(in: text, at: position, floor: found.last?.end ?? 0) else {
        position += 1
        continue
      }
      let known = UnitNames.known(Word(text.folded[name]))
      if counts(known.kind, in: text, at: name.lowerBound, isFinding: isFinding) {
        // 镇党委理论中心组: the body that another name follows at once only says whose it is.
        if let last = found.last, last.end == name.lowerBound { found.removeLast() }
        found.append((known.official, name.lowerBound, name.upperBound))
      }
      position = name.upperBound
    }
    return found.map(\.name).uniqued()
  }

  /// A name of the table at `position`, or one that is not in it and whose last word stands there.
  private static func name(in text: ReportText, at position: Int, floor: Int) -> Range<Int>? {
    if let length = UnitNames.table.longest(in: text, at: position) {
      return position..<position + length
    }
    guard let length = UnitNames.officeEnds.longest(in: text, at: position) else { return nil }
    return start(in: text, before: position, floor: floor).map { $0..<position + length }
  }

  private static func counts(
    _ kind: UnitNames.Kind, in text: ReportText, at start: Int, isFinding: Bool
  ) -> Bool {
    switch kind {
    case .unit: true
    case .duty: !isFinding
    case .meeting: UnitNames.meetingVerbs.longestSuffix(of: text, before: start, limit: 4) != nil
    case .passive: false
    }
  }

  private static func titleEnd(_ text: ReportText, at start: Int) -> Int? {
    text.folded[start..<min(start + 60, text.count)].firstIndex(of: "》")
  }

  private static func isMade(_ text: ReportText, at title: Int) -> Bool {
    makingWords.longestSuffix(of: text, before: title, limit: 4) != nil
  }

  private static let makingWords = WordTable("出台 出台了 制定 制定了 印发 印发了 下发 下发了 修订 修订了")

  /// The units between 由 and 牵头 of one clause.
  static func leads(in text: ReportText) -> [String] {
    var leads: [String] = []
    var clause = 0
    var by: Int?
    for position in text.folded.indices {
      if clauseEnds.contains(text.folded[position]) { (clause, by) = (position + 1, nil) }
      if text.folded[position] == "由", position >= clause { by = position + 1 }
      guard let start = by, text.hasWord(lead, at: position), start < position else { continue }
      leads += listed(text[start..<position])
      by = nil
    }
    return leads.uniqued()
  }

  /// The members of a list of units, as in a field; those that the table does not know stand as written.
  static func listed(_ text: ReportText) -> [String] {
    var result: [String] = []
    for piece in text.folded.split(whereSeparator: { listSigns.contains($0) || $0.isBlank }) {
      let piece = ReportText(Array(piece))
      let known = units(in: piece)
      if !known.isEmpty {
        result += known
      } else if piece.count <= 20 {
        result.append(piece.string)
      }
    }
    return result.uniqued()
  }

  private static func start(in text: ReportText, before end: Int, floor: Int) -> Int? {
    var run = end
    while run > floor, end - run < 14, text.folded[run - 1].isHan { run -= 1 }
    var start = run
    var position = run
    while position < end {
      if let length = UnitNames.stops.longest(in: text, at: position, before: end) {
        position += length
        start = position
      } else {
        position += 1
      }
    }
    return end - start >= 2 ? start : nil
  }

  private static let lead = "牵头".word
  private static let clauseEnds: Set<Unicode.Scalar> = [",", "。", ";", ":"]
  private static let listSigns: Set<Unicode.Scalar> = ["、", ",", ";", "。"]
}

extension Sequence where Element: Hashable {
  /// The elements in order, each once.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
