extension StringProtocol {
  /// The text cut to at most `width` columns. What was cut is shown by `ellipsis`, which counts; where not even that
  /// fits, as much of the text as fits. A wide character is never split, so the result may be a column short.
  package func truncated(
    toWidth width: Int, ellipsis: String = "…", measure: DisplayWidth = .standard
  ) -> String {
    if measure.of(self) <= width { return String(self) }
    let ellipsisWidth = measure.of(ellipsis)
    let room = width >= ellipsisWidth ? width - ellipsisWidth : width
    var used = 0
    var cut = startIndex
    for index in indices {
      let next = used + measure.of(self[index])
      if next > width {
        return String(self[..<cut]) + (width >= ellipsisWidth ? ellipsis : "")
      }
      if next <= room { cut = self.index(after: index) }
      used = next
    }
    return String(self)
  }

  /// The text with spaces to exactly `width` columns, truncated when it is wider.
  package func padded(
    toWidth width: Int, alignment: TextAlignment = .left, measure: DisplayWidth = .standard
  ) -> String {
    let text = truncated(toWidth: width, measure: measure)
    let missing = Swift.max(0, width - measure.of(text))
    let before =
      switch alignment {
      case .left: 0
      case .center: missing / 2
      case .right: missing
      }
    return String(repeating: " ", count: before) + text + String(repeating: " ", count: missing - before)
  }

  /// The text in lines of at most `width` columns (at least 2), broken at line ends, spaces and beside wide
  /// characters. Words are kept whole while they fit; no line begins with closing punctuation or ends with opening
  /// punctuation unless there is no other way. An empty text is one empty line.
  package func wrapped(toWidth width: Int, measure: DisplayWidth = .standard) -> [String] {
    split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).flatMap { paragraph in
      var wrapper = LineWrapper(width: Swift.max(2, width), measure: measure)
      return wrapper.lines(of: String(paragraph))
    }
  }
}
