/// What each level of an outline carries in this document: which style heads problems, what stands above them.
///
/// Decided by majority over the whole document, so that a heading that was worded oddly does not fall out of its row.
struct OutlineRoles {
  enum Role: Equatable {
    case section, aspect, category, problem
    /// A numbered paragraph inside a problem.
    case inside
    /// Part of the outlook, or of a section without findings.
    case outside
  }

  private(set) var roles: [Role]
  /// Nodes at category level that were taken as problems because they have a body and nothing below.
  private(set) var promoted: Set<Int> = []
  /// A level above the aspects was passed over at these nodes.
  private(set) var passedOver: [Int] = []

  private let outline: Outline

  init(_ outline: Outline) {
    self.outline = outline
    roles = Array(repeating: .outside, count: outline.nodes.count)
    guard let style = Self.problemStyle(in: outline) else { return }
    let holders = holders(of: style)
    markProblems(style, holders: holders)
    nameLevels()
    promoteBodies()
  }

  // MARK: - The style of problems

  /// How a style is used over the document.
  private struct Usage {
    var count = 0, findings = 0, aspects = 0, labelled = 0, bodied = 0, depths = 0

    mutating func add(_ node: Outline.Node, in outline: Outline) {
      count += 1
      depths += node.depth
      if node.isLabelledFinding { labelled += 1 }
      if node.heading.isAspect || node.isLabelledFinding { aspects += 1 }
      if OutlineRoles.isFinding(node) { findings += 1 }
      if OutlineRoles.hasBody(node, in: outline) { bodied += 1 }
    }

    var depth: Double { Double(depths) / Double(max(count, 1)) }
  }

  /// The deepest style that mostly heads findings; else the one that labels them; else, in reports that word headings
  /// positively, the deepest one that mostly has a body with ordinals.
  private static func problemStyle(in outline: Outline) -> MarkerStyle? {
    // In the order of the document: of styles that are used alike the first is taken, whoever reads it.
    var usages: [(style: MarkerStyle, usage: Usage)] = []
    for node in outline.nodes where !node.isOutlook {
      guard let style = node.marker?.style else { continue }
      let place = usages.firstIndex { $0.style == style } ?? usages.endIndex
      if place == usages.endIndex { usages.append((style, Usage())) }
      usages[place].usage.add(node, in: outline)
    }
    func deepest(_ holds: (Usage) -> Bool) -> MarkerStyle? {
      usages.filter { holds($0.usage) }.max {
        ($0.usage.depth, $1.usage.count) < ($1.usage.depth, $0.usage.count)
      }?.style
    }
    return deepest { $0.findings * 2 >= $0.count && $0.aspects * 2 < $0.count }
      ?? deepest { $0.labelled * 2 >= $0.count }
      ?? deepest { $0.findings * 2 >= $0.count }
      ?? deepest { $0.bodied * 2 >= $0.count }
  }

  private static func isFinding(_ node: Outline.Node) -> Bool {
    node.heading.isFinding || node.hasLabel || node.marker?.style == .problemWord
  }

  /// Measures stand below, or behind the heading in its own paragraph.
  private static func hasBody(_ node: Outline.Node, in outline: Outline) -> Bool {
    if node.body.contains(where: { Marker.read(outline.paragraphs[$0].text) != nil }) {
      return true
    }
    return MeasureSplitter.pieces(
      of: outline.paragraphs[node.paragraph].text, from: node.marker?.length ?? 0
    ).count > 1
  }

  // MARK: - Where problems stand

  /// The top nodes under which problems stand: those with a finding, or, where none is worded so, with any.
  private func holders(of style: MarkerStyle) -> Set<Int> {
    var worded: Set<Int> = []
    var any: Set<Int> = []
    var tops: [Int] = []
    for (index, node) in outline.nodes.enumerated() {
      tops.append(node.parent.map { tops[$0] } ?? index)
      guard !node.isOutlook, node.marker?.style == style else { continue }
      let top = outline.nodes[tops[index]]
      if Self.isFinding(node) || node.isLabelledFinding { worded.insert(tops[index]) }
      let text = outline.paragraphs[top.paragraph].text
      if top.marker?.style == style || !text.containsAny(BodyWords.outlook) {
        any.insert(tops[index])
      }
    }
    return worded.isEmpty || outline.nodes.contains { $0.depth == 0 && $0.marker?.style == style }
      ? any : worded
  }

  private mutating func markProblems(_ style: MarkerStyle, holders: Set<Int>) {
    var tops: [Int] = []
    for (index, node) in outline.nodes.enumerated() {
      tops.append(node.parent.map { tops[$0] } ?? index)
      guard !node.isOutlook, holders.contains(tops[index]) else { continue }
      if let parent = node.parent, roles[parent] == .problem || roles[parent] == .inside {
        roles[index] = .inside
      } else {
        roles[index] = node.marker?.style == style ? .problem : .section
      }
    }
  }

  // MARK: - What stands above

  /// Names the levels between section and problem: the nearest is the category, the next the aspect.
  private mutating func nameLevels() {
    var votes: [MarkerStyle: [Int]] = [:]
    var single: [MarkerStyle: (count: Int, aspects: Int)] = [:]
    var seen: Set<Int> = []
    for (index, node) in outline.nodes.enumerated() where roles[index] == .problem {
      guard let parent = node.parent, seen.insert(parent).inserted else { continue }
      let chain = chain(above: index)
      if let category = chain.first.flatMap({ outline.nodes[$0].marker?.style }), chain.count >= 2 {
        votes[category, default: [0, 0]][1] += 1
        if let aspect = outline.nodes[chain[1]].marker?.style {
          votes[aspect, default: [0, 0]][0] += 1
        }
        if chain.count > 2 { passedOver.append(chain[2]) }
      } else if let only = chain.first, let style = outline.nodes[only].marker?.style {
        let heading = outline.nodes[only]
        single[style, default: (0, 0)].count += 1
        if heading.heading.isAspect || heading.isLabelledFinding { single[style]?.aspects += 1 }
      }
    }
    for (style, seen) in single where votes[style] == nil {
      votes[style] = seen.aspects * 2 >= seen.count ? [1, 0] : [0, 1]
    }
    for index in roles.indices where roles[index] == .section && !isSection(index) {
      guard let style = outline.nodes[index].marker?.style, let vote = votes[style] else {
        continue
      }
      roles[index] = vote[0] > vote[1] ? .aspect : .category
    }
  }

  /// The headings above a problem without the document's own sections, nearest first.
  private func chain(above index: Int) -> [Int] {
    var chain: [Int] = []
    var next = outline.nodes[index].parent
    while let parent = next {
      chain.append(parent)
      next = outline.nodes[parent].parent
    }
    if let top = chain.last, isSection(top) || chain.count > 2 && !isWorded(top) {
      chain.removeLast()
    }
    return chain
  }

  private func isSection(_ index: Int) -> Bool {
    let node = outline.nodes[index]
    guard node.depth == 0, !isWorded(index) else { return false }
    return outline.paragraphs[node.paragraph].text.containsAny(BodyWords.section)
  }

  private func isWorded(_ index: Int) -> Bool {
    let node = outline.nodes[index]
    return node.heading.isAspect || node.heading.isFinding || node.isLabelledFinding
  }

  private mutating func promoteBodies() {
    var hasProblem: Set<Int> = []
    for index in roles.indices where roles[index] == .problem {
      var next = outline.nodes[index].parent
      while let parent = next, hasProblem.insert(parent).inserted {
        next = outline.nodes[parent].parent
      }
    }
    for index in roles.indices where roles[index] == .category && !hasProblem.contains(index) {
      guard Self.hasBody(outline.nodes[index], in: outline) || outline.nodes[index].hasLabel else {
        continue
      }
      roles[index] = .problem
      promoted.insert(index)
    }
    for (index, node) in outline.nodes.enumerated() {
      if let parent = node.parent, promoted.contains(parent) || roles[parent] == .inside {
        roles[index] = .inside
      }
    }
  }
}
