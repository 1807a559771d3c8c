/// Reads what stands under a problem's heading: more of the finding, labels, measures, fields.
struct ProblemBody {
  /// A paragraph, or the rest of the heading's own, to be read in order.
  struct Part {
    var text: ReportText
    var line: Int
  }

  /// A measure while it may still be continued.
  struct Measure {
    var number: Int?
    var text: ReportText
    var source: ReportText
    var line: Int
  }

  private(set) var measures: [Measure] = []
  private(set) var fields: [ParsedField] = []
  /// Paragraphs in front of the first label: they still tell the finding.
  private(set) var finding: [Part] = []
  private(set) var warnings: [ReportWarning] = []

  /// The style that numbers this body's measures; deeper numbers are part of their text.
  private var style: MarkerStyle?
  /// The label of the text that is being read, once measures have been seen under another.
  private var openField: String?
  private var measureLabel: String?
  private var unnumbered = 0
  /// The numbers of the measures so far that have one.
  private var numbers: [Int] = []

  init(_ parts: [Part]) {
    let firstLabel = parts.firstIndex { BodyWords.label($0.text)?.kind == .measures }
    for (index, part) in parts.enumerated() {
      if let firstLabel, index < firstLabel, BodyWords.label(part.text) == nil {
        finding.append(part)
      } else {
        read(part)
      }
    }
    if unnumbered > 1, let first = measures.first {
      warnings.append(
        ReportWarning(code: .unnumberedParagraphs, line: first.line, text: "\(unnumbered)"))
    }
  }

  private mutating func read(_ part: Part) {
    guard let label = BodyWords.label(part.text) else { return readText(part) }
    let rest = Part(text: part.text.from(label.length), line: part.line)
    switch label.kind {
    case .field:
      openField = nil
      readFields(part)
    case .measures where measures.isEmpty || measureLabel == nil && label.name == "整改措施":
      measureLabel = label.name
      openField = nil
      if !rest.text.isEmpty { readText(rest) }
    case .measures:
      openField = label.name
      fields.append(ParsedField(name: label.name, text: rest.text.string, line: part.line))
    case .finding:
      finding.append(rest)
    }
  }

  private mutating func readText(_ part: Part) {
    if openField != nil, let last = fields.indices.last {
      fields[last].text += part.text.string
      return
    }
    let cut = fieldStart(in: part.text)
    let text = cut.map { part.text[0..<$0] } ?? part.text
    var pieces = MeasureSplitter.pieces(of: text)
    if pieces.count > 1, pieces[0].number == nil, measures.isEmpty {
      // Words in front of the first ordinal introduce it; they are no measure of their own.
      pieces.removeFirst()
      pieces[0].range = 0..<pieces[0].range.upperBound
      pieces[0].textStart = 0
    }
    for piece in pieces { add(piece, of: text, line: part.line) }
    if let cut { readFields(Part(text: part.text.from(cut), line: part.line)) }
  }

  private mutating func add(_ piece: MeasureSplitter.Piece, of text: ReportText, line: Int) {
    // A heading style at the start of a paragraph, out of counting order within it, is still a number.
    var piece = piece
    if piece.style == nil, piece.range.lowerBound == 0, let marker = Marker.read(text) {
      piece.style = marker.style
      piece.number = marker.number == 0 ? measures.count + 1 : marker.number
      piece.textStart = marker.length
    }
    let source = text[piece.range]
    guard !source.isEmpty else { return }
    if let found = piece.style, style == nil || found == style {
      style = found
      let spoken = text[piece.textStart..<piece.range.upperBound]
      measures.append(Measure(number: piece.number, text: spoken, source: source, line: line))
      if let number = piece.number { numbers.append(number) }
      checkNumber(line: line)
    } else if let last = measures.indices.last {
      if style == nil { unnumbered += 1 }
      measures[last].text.append(source)
      measures[last].source.append(source)
    } else {
      unnumbered = 1
      measures.append(Measure(number: nil, text: source, source: source, line: line))
    }
  }

  private mutating func checkNumber(line: Int) {
    guard let last = numbers.last, last != numbers.count else { return }
    if numbers.count > 1, numbers[numbers.count - 2] + 1 == last { return }
    if numbers.count == 1 && last == 1 { return }
    warnings.append(ReportWarning(code: .numberOutOfOrder, line: line, text: "\(last)"))
  }

  /// Where a field begins inside a paragraph of measures, behind a full stop.
  private func fieldStart(in text: ReportText) -> Int? {
    for position in text.folded.indices.dropFirst()
    where Self.stops.contains(text.folded[position - 1]) {
      if BodyWords.label(text, at: position)?.kind == .field { return position }
    }
    return nil
  }

  /// 责任单位：…；整改时限：… in one paragraph are as many fields.
  private mutating func readFields(_ part: Part) {
    var position = 0
    while let label = BodyWords.label(part.text, at: position) {
      let start = position + label.length
      var end = start
      while end < part.text.count {
        let mayBreak = Self.stops.contains(part.text.folded[end]) || part.text.folded[end].isBlank
        if mayBreak, BodyWords.label(part.text, at: end + 1) != nil { break }
        end += 1
      }
      var valueEnd = end
      while valueEnd > start, Self.endsValue(part.text.folded[valueEnd - 1]) { valueEnd -= 1 }
      fields.append(ParsedField(name: label.name, text: part.text[start..<valueEnd].string, line: part.line))
      position = end + 1
    }
  }

  private static func endsValue(_ scalar: Unicode.Scalar) -> Bool { stops.contains(scalar) || scalar.isBlank }

  private static let stops: Set<Unicode.Scalar> = ["。", ";", ","]
}
