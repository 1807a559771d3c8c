/// The numbered paragraphs of a document as a tree.
///
/// A style that is already open closes everything below it and goes on there; a new one opens a level. So levels are
/// relative to the document: (1) may stand under 1. or 1. under (1).
struct Outline {
  /// A numbered paragraph, or a plain heading that ends the items.
  struct Node {
    /// The index of its paragraph.
    var paragraph: Int
    /// Nil for a plain heading.
    var marker: Marker?
    var heading: HeadingText
    var parent: Int?
    var depth: Int
    /// Paragraphs without a heading number directly below it.
    var body: [Int] = []
    /// One of them carries a label such as 整改措施 or 责任单位.
    var hasLabel = false
    /// The finding is labelled as such: 反馈问题：….
    var isLabelledFinding = false
    /// It lies in a part that holds no items.
    var isOutlook = false
  }

  private(set) var nodes: [Node] = []
  /// The paragraphs, in order.
  let paragraphs: [SourceLines.Paragraph]
  /// The first paragraph that belongs to no item: the town's address, a signature, a last word.
  private(set) var closing: Int

  init(_ paragraphs: [SourceLines.Paragraph]) {
    self.paragraphs = paragraphs
    closing = paragraphs.count
    var open: [Int] = []
    var topStyles: Set<MarkerStyle> = []
    for (index, paragraph) in paragraphs.enumerated() where !paragraph.isBoilerplate {
      let marker = Marker.read(paragraph.text)
      if let marker, !marker.style.isOrdinal {
        if topStyles.contains(marker.style) { open.removeAll() }
        if let level = open.firstIndex(where: { nodes[$0].marker?.style == marker.style }) {
          open.removeSubrange(level...)
        }
        if open.isEmpty { topStyles.insert(marker.style) }
        append(paragraph: index, marker: marker, open: &open)
      } else if marker == nil, Self.isPlainOutlook(paragraph.text) {
        open.removeAll()
        append(paragraph: index, marker: nil, open: &open)
      } else if let last = open.last {
        nodes[last].body.append(index)
        if BodyWords.label(paragraph.text) != nil { nodes[last].hasLabel = true }
      }
    }
    closing = findClosing()
  }

  private mutating func append(paragraph index: Int, marker: Marker?, open: inout [Int]) {
    let text = paragraphs[index].text
    let start = marker?.length ?? 0
    var node = Node(
      paragraph: index, marker: marker, heading: HeadingText(text, from: start), parent: open.last,
      depth: open.count)
    node.isLabelledFinding = BodyWords.label(text, at: start)?.kind == .finding
    node.hasLabel = BodyWords.label(text, at: node.heading.end) != nil
    node.isOutlook = open.last.map { nodes[$0].isOutlook } ?? false
    if !node.isOutlook, !node.heading.isFinding, !node.heading.isAspect {
      node.isOutlook = BodyWords.outlookStarts.longest(in: text, at: start) != nil || marker == nil
    }
    open.append(nodes.count)
    nodes.append(node)
  }

  /// A short line without number or full stop that announces what comes next.
  private static func isPlainOutlook(_ text: ReportText) -> Bool {
    guard text.count <= 30, let last = text.folded.last, !"。;,".unicodeScalars.contains(last) else {
      return false
    }
    return BodyWords.outlookStarts.longest(in: text, at: 0) != nil
  }

  /// Whatever stands without a number behind the last heading of an item and speaks to the reader.
  private func findClosing() -> Int {
    let last = nodes.last { !$0.isOutlook }?.paragraph ?? -1
    for index in paragraphs.indices where index > last {
      let text = paragraphs[index].text
      guard !paragraphs[index].isBoilerplate, Marker.read(text) == nil else { continue }
      if Self.isContact(text) || Self.isSignature(text) { return index }
      if BodyWords.outlookStarts.longest(in: text, at: 0) != nil { return index }
    }
    return paragraphs.count
  }

  static func isContact(_ text: ReportText) -> Bool {
    if text.contains(welcome), text.contains(supervision) { return true }
    var found = 0
    var position = 0
    while position < text.count {
      let length = BodyWords.contact.longest(in: text, at: position)
      if length != nil { found += 1 }
      position += length ?? 1
    }
    return found >= 2
  }

  /// The committee's name or a date alone on a line.
  private static func isSignature(_ text: ReportText) -> Bool {
    guard text.count <= 30 else { return false }
    if text.hasWord(party, at: 0), text.hasSuffix(committee) { return true }
    let dates = DateReader.tokens(in: text)
    return dates.count == 1 && dates[0].range == 0..<text.count
  }

  private static let welcome = "欢迎".word
  private static let supervision = "监督".word
  private static let party = "中共".word
  private static let committee = "委员会".word
}
