/// Reads a published rectification report. Pure and total: any text gives a value, doubts are warnings in it.
///
/// Takes time and memory linear in the input, which may have up to `LedgerReports.reportLimitBytes` of UTF-8.
package struct ReportReader {
  private var report = ParsedReport()
  private let outline: Outline
  private let roles: OutlineRoles
  /// The names of all problems' texts, learned before any is read.
  private var drafts: [Draft] = []

  /// A problem before its names are read.
  private struct Draft {
    var problem: ParsedProblem
    /// The finding and the measures apart, so that no name reaches over their border.
    var finding: [(text: ReportText, line: Int)]
    var measures: [(text: ReportText, line: Int)]
  }

  /// Reads `text`; hard wraps, page lines, both widths of signs and all common numberings are accepted.
  package static func read(_ text: String) -> ParsedReport {
    guard text.utf8.count <= LedgerReports.reportLimitBytes else {
      var report = ParsedReport()
      report.warnings = [ReportWarning(code: .tooLong, line: 1, text: "\(text.utf8.count)")]
      return report
    }
    var reader = ReportReader(text)
    reader.readHead()
    reader.readItems()
    reader.readNames()
    reader.report.intro = reader.report.paragraphs.filter { $0.part == .intro }.map(\.text)
    reader.compareTotals()
    reader.report.warnings.sort { $0.line < $1.line }
    return reader.report
  }

  private init(_ text: String) {
    let paragraphs = SourceLines(text).paragraphs()
    outline = Outline(paragraphs)
    roles = OutlineRoles(outline)
    report.paragraphs = paragraphs.map {
      SourceParagraph(
        line: $0.line, text: $0.text.string, part: $0.isBoilerplate ? .boilerplate : .intro)
    }
  }

  private mutating func warn(_ code: ReportWarning.Code, line: Int, _ text: String) {
    report.warnings.append(ReportWarning(code: code, line: line, text: text))
  }

  private func paragraph(of node: Int) -> SourceLines.Paragraph {
    outline.paragraphs[outline.nodes[node].paragraph]
  }

  // MARK: - Head and tail

  /// Title, opening, outlook, contact, and what they tell about the round.
  private mutating func readHead() {
    let first = roles.roles.firstIndex { $0 == .problem || $0 == .aspect || $0 == .category }
    let itemStart = first.map { outline.nodes[$0].paragraph } ?? outline.paragraphs.count
    var head: [SourceLines.Paragraph] = []
    var outside: [SourceLines.Paragraph] = []
    var owner: Int?
    var next = 0
    for (index, paragraph) in outline.paragraphs.enumerated() where !paragraph.isBoilerplate {
      while next < outline.nodes.count, outline.nodes[next].paragraph <= index {
        owner = next
        next += 1
      }
      let isHeading = owner.map { outline.nodes[$0].paragraph == index } ?? false
      if index < itemStart { head.append(paragraph) }
      let isOutside =
        index < itemStart || index >= outline.closing || owner.map { self.isOutside($0) } ?? true
      guard isOutside else { continue }
      outside.append(paragraph)
      report.paragraphs[index].part = outsidePart(
        index, isHeading: isHeading, isHead: index < itemStart)
    }
    let reader = RoundReader(head)
    report.round = reader.round
    let totals = TotalsReader(outside)
    report.declared = totals.totals
    report.warnings += reader.warnings + totals.warnings
  }

  private func isOutside(_ node: Int) -> Bool {
    roles.roles[node] == .outside || roles.roles[node] == .section
  }

  private mutating func outsidePart(
    _ index: Int, isHeading: Bool, isHead: Bool
  )
    -> SourceParagraph.Part
  {
    let paragraph = outline.paragraphs[index]
    if report.title == nil, isHead, !isHeading, Self.isTitle(paragraph.text),
      !report.paragraphs[..<index].contains(where: { $0.part == .intro })
    {
      report.title = paragraph.text.string
      return .title
    }
    if isHeading, isHead || paragraph.text.count <= 40 { return .section }
    if isHead { return .intro }
    guard Outline.isContact(paragraph.text) else { return .outlook }
    report.contact = paragraph.text.string
    return .contact
  }

  private static func isTitle(_ text: ReportText) -> Bool {
    guard text.count <= 80, let last = text.folded.last, !"。;,:".unicodeScalars.contains(last)
    else { return false }
    return text.containsAny(titleWords)
  }

  private static let titleWords = WordTable("情况 通报 公告 报告 公开 公示 台账 方案 清单")

  // MARK: - Items

  private mutating func readItems() {
    var numbers: [MarkerStyle: (number: Int, parent: Int?)] = [:]
    for index in outline.nodes.indices {
      switch roles.roles[index] {
      case .aspect, .category: readHeading(index)
      case .problem: readProblem(index, numbers: &numbers)
      case .section: report.paragraphs[outline.nodes[index].paragraph].part = .section
      case .inside, .outside: break
      }
    }
    for index in roles.passedOver { warn(.tooManyLevels, line: paragraph(of: index).line, "") }
    warnAboutEmptyHeadings()
    if drafts.isEmpty { warn(.noProblems, line: 1, "") }
  }

  private mutating func readHeading(_ index: Int) {
    let node = outline.nodes[index]
    let isAspect = roles.roles[index] == .aspect
    let heading = ParsedHeading(
      position: (isAspect ? report.aspects.count : report.categories.count) + 1,
      number: node.marker?.number ?? 0,
      text: node.heading.text.string, source: paragraph(of: index).text.string,
      aspect: isAspect ? nil : position(of: .aspect, above: index), line: paragraph(of: index).line)
    if isAspect { report.aspects.append(heading) } else { report.categories.append(heading) }
    for paragraph in [node.paragraph] + node.body where paragraph < outline.closing {
      report.paragraphs[paragraph].part =
        isAspect ? .aspect(heading.position) : .category(heading.position)
    }
    warnAboutWording(index)
  }

  /// The position of the aspect or category over a node: the last one read, if it is an ancestor.
  private func position(of role: OutlineRoles.Role, above index: Int) -> Int? {
    var next = outline.nodes[index].parent
    while let parent = next {
      if roles.roles[parent] == role {
        return role == .aspect ? report.aspects.count : report.categories.count
      }
      next = outline.nodes[parent].parent
    }
    return nil
  }

  private mutating func readProblem(
    _ index: Int, numbers: inout [MarkerStyle: (number: Int, parent: Int?)]
  ) {
    let node = outline.nodes[index]
    let own = paragraph(of: index)
    let position = drafts.count + 1
    let range = bodyRange(of: index)
    var parts: [ProblemBody.Part] = []
    var headingEnd = node.heading.end
    let bodyTexts = range.filter { !outline.paragraphs[$0].isBoilerplate }
    if headingEnd == own.text.count, bodyTexts.isEmpty { headingEnd = inlineBodyStart(index) }
    if headingEnd < own.text.count {
      parts.append(.init(text: own.text.from(headingEnd), line: own.line))
    }
    for at in bodyTexts {
      parts.append(.init(text: outline.paragraphs[at].text, line: outline.paragraphs[at].line))
      report.paragraphs[at].part = .body(position)
    }
    report.paragraphs[node.paragraph].part = .problem(position)
    let body = ProblemBody(parts)
    report.warnings += body.warnings
    var problem = ParsedProblem(
      position: position, number: node.marker?.number ?? position,
      aspect: self.position(of: .aspect, above: index),
      category: self.position(of: .category, above: index),
      text: findingText(of: index, end: headingEnd).string, source: own.text[0..<headingEnd].string,
      line: own.line)
    for more in body.finding { problem.text += more.text.string }
    problem.fields = body.fields
    problem.measures = body.measures.map {
      ParsedMeasure(
        number: $0.number, text: $0.text.string, source: $0.source.string, line: $0.line)
    }
    drafts.append(
      Draft(
        problem: problem,
        finding: [(own.text[0..<headingEnd], own.line)] + body.finding.map { ($0.text, $0.line) },
        measures: body.measures.map { ($0.source, $0.line) }))
    warnAboutProblem(index, problem, numbers: &numbers)
  }

  /// The paragraphs up to the next heading that is not inside the problem.
  private func bodyRange(of index: Int) -> Range<Int> {
    var next = index + 1
    while next < outline.nodes.count, roles.roles[next] == .inside { next += 1 }
    let start = outline.nodes[index].paragraph + 1
    let end = next < outline.nodes.count ? outline.nodes[next].paragraph : outline.closing
    return start..<max(start, min(end, outline.closing))
  }

  /// 1.…不到位。一是…；二是…: where nothing stands below, ordinals in the heading's own paragraph are its measures.
  private func inlineBodyStart(_ index: Int) -> Int {
    let text = paragraph(of: index).text
    let pieces = MeasureSplitter.pieces(of: text, from: outline.nodes[index].marker?.length ?? 0)
    guard pieces.count > 2, pieces[0].number == nil else { return text.count }
    return pieces[1].range.lowerBound
  }

  private func findingText(of index: Int, end: Int) -> ReportText {
    let node = outline.nodes[index]
    guard end < node.heading.end else { return node.heading.text }
    return paragraph(of: index).text[(node.marker?.length ?? 0)..<end]
  }

  // MARK: - Warnings about items

  private mutating func warnAboutWording(_ index: Int) {
    let heading = outline.nodes[index].heading
    let line = paragraph(of: index).line
    let end = String(heading.text.verbatim.suffix(12))
    if heading.isDoubled { warn(.doubledWord, line: line, end) }
    if heading.isUnbalanced { warn(.unbalancedQuote, line: line, end) }
  }

  private mutating func warnAboutProblem(
    _ index: Int, _ problem: ParsedProblem,
    numbers: inout [MarkerStyle: (number: Int, parent: Int?)]
  ) {
    warnAboutWording(index)
    let node = outline.nodes[index]
    if problem.measures.isEmpty { warn(.noMeasures, line: problem.line, "\(problem.position)") }
    if roles.promoted.contains(index) {
      warn(.problemAtCategoryLevel, line: problem.line, "\(problem.number)")
    }
    guard let marker = node.marker else { return }
    if let last = numbers[marker.style], marker.number != last.number + 1,
      marker.number != 1 || last.parent == node.parent
    {
      warn(.numberOutOfOrder, line: problem.line, "\(last.number) \(marker.number)")
    }
    numbers[marker.style] = (marker.number, node.parent)
  }

  private mutating func warnAboutEmptyHeadings() {
    let aspects = Set(drafts.compactMap(\.problem.aspect))
    let categories = Set(drafts.compactMap(\.problem.category))
    for heading in report.aspects where !aspects.contains(heading.position) {
      warn(.emptyHeading, line: heading.line, heading.text)
    }
    for heading in report.categories where !categories.contains(heading.position) {
      warn(.emptyHeading, line: heading.line, heading.text)
    }
  }

  // MARK: - Names and dates

  private mutating func readNames() {
    let places = PlaceFinder(
      learningFrom: drafts.flatMap { ($0.finding + $0.measures).map(\.text) })
    report.problems = drafts.map { draft in
      var problem = draft.problem
      let texts = draft.finding + draft.measures
      problem.units = draft.finding.flatMap { UnitFinder.units(in: $0.text, isFinding: true) }
      problem.units += draft.measures.flatMap { UnitFinder.units(in: $0.text) }
      problem.leads = draft.measures.flatMap { UnitFinder.leads(in: $0.text) }
      readFields(of: &problem)
      problem.units = problem.units.uniqued()
      problem.leads = problem.leads.uniqued()
      problem.documents = texts.flatMap { DocumentTitles.titles(in: $0.text) }.uniqued()
      return problem
    }
    for index in drafts.indices {
      readPlaces(of: index, places: places)
      readDates(of: index)
    }
  }

  private func readFields(of problem: inout ParsedProblem) {
    for field in problem.fields {
      let name = ReportText(field.name)
      guard name.containsAny(BodyWords.unitFields) else { continue }
      let listed = UnitFinder.listed(ReportText(field.text))
      problem.units += listed
      if name.containsAny(BodyWords.leadFields) { problem.leads += listed }
    }
  }

  private mutating func readPlaces(of index: Int, places: PlaceFinder) {
    var mentions: [PlaceFinder.Mention] = []
    for (text, line) in drafts[index].finding + drafts[index].measures {
      let (found, unsure) = places.mentions(in: text)
      for mention in found where mention.isCompleted {
        warn(.placeCompleted, line: line, mention.name)
      }
      for name in unsure { warn(.placeUnsure, line: line, name) }
      mentions += found
      guard let stated = PlaceFinder.stated(in: text) else { continue }
      if report.problems[index].villagesStated == nil {
        report.problems[index].villagesStated = stated
      }
      let named = Set(found.filter { $0.kind == .village }.map(\.name)).count
      if named < stated { warn(.openVillageList, line: line, "\(named)/\(stated)") }
    }
    report.problems[index].villages = mentions.filter { $0.kind == .village }.map(\.name).uniqued()
    report.problems[index].hamlets = mentions.filter { $0.kind == .hamlet }.map(\.name).uniqued()
  }

  private mutating func readDates(of index: Int) {
    var dates: [ReportDate] = []
    let finding = drafts[index].finding.map { ($0.text, $0.line, true) }
    for (text, line, isFinding) in finding
      + drafts[index].measures.map({ ($0.text, $0.line, false) })
    {
      let frame = DateReader.Frame(feedback: report.round.feedback, isFinding: isFinding)
      let (found, warnings) = DateReader.dates(in: text, line: line, frame: frame)
      dates += found
      report.warnings += warnings
    }
    var seen: Set<String> = []
    report.problems[index].dates = dates.filter { seen.insert($0.value).inserted }
  }

  // MARK: - Totals

  private mutating func compareTotals() {
    let declared = report.declared
    guard let line = declared.line else { return }
    let pairs: [(String, Int?, Int)] = [
      ("aspects", declared.aspects, report.aspects.count),
      ("categories", declared.categories, report.categories.count),
      ("problems", declared.problems, report.problems.count),
      ("measures", declared.measures, report.measureCount),
    ]
    for (name, stated, found) in pairs where stated != nil && stated != found {
      warn(.totalsDiffer, line: line, "\(name) \(stated ?? 0)/\(found)")
    }
    guard let sum = declared.statusSum else { return }
    if let problems = declared.problems, sum != problems {
      warn(.totalsDoNotAddUp, line: line, "\(sum)/\(problems)")
    }
    let tellsStatus = report.problems.contains { problem in
      problem.fields.contains { Self.statusFields.contains($0.name) }
    }
    if !tellsStatus { warn(.statusNotTold, line: line, "\(sum)") }
  }

  private static let statusFields: Set<String> = ["整改状态", "完成情况", "销号情况", "目前状态"]
}
