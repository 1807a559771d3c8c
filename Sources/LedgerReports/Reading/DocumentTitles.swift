/// Finds documents named in title marks.
enum DocumentTitles {
  /// The titles inside 《》 in order, each once; 〈〉 and a second 《》 inside belong to the title.
  static func titles(in text: ReportText) -> [String] {
    var titles: [String] = []
    var depth = 0
    var start = 0
    for (position, scalar) in text.folded.enumerated() {
      if scalar == "《" {
        if depth == 0 { start = position + 1 }
        depth += 1
      } else if scalar == "》", depth > 0 {
        depth -= 1
        if depth == 0, position > start { titles.append(text[start..<position].string) }
      }
    }
    return titles.uniqued()
  }
}
