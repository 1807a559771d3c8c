/// Cuts a paragraph at its ordinals: 一是…；二是… or 第一，… or ①….
///
/// An ordinal counts only at the start or behind [。；：;:], outside of quotes, titles and brackets, and only in
/// counting order, so "是一是二" and 一是 inside a quotation stay text.
enum MeasureSplitter {
  struct Piece: Equatable {
    /// The printed number; nil for text in front of the first ordinal, and for 最后.
    var number: Int?
    var style: MarkerStyle?
    /// With the ordinal.
    var range: Range<Int>
    /// Without it.
    var textStart: Int
  }

  /// The pieces of `text` from `start`: one without a number when there is no ordinal. A paragraph may go on counting,
  /// so its first ordinal need not be 1.
  static func pieces(of text: ReportText, from start: Int = 0) -> [Piece] {
    var cuts = cuts(in: text, from: start, minding: true)
    // A quotation mark that was lost would hide all that follows.
    if cuts.count <= 1 {
      let unminded = self.cuts(in: text, from: start, minding: false)
      if unminded.count > cuts.count, hasLostQuote(text) { cuts = unminded }
    }
    guard let first = cuts.first else {
      return start < text.count
        ? [Piece(number: nil, style: nil, range: start..<text.count, textStart: start)] : []
    }
    var pieces: [Piece] = []
    if first.range.lowerBound > start {
      pieces.append(
        Piece(number: nil, style: nil, range: start..<first.range.lowerBound, textStart: start))
    }
    for (index, cut) in cuts.enumerated() {
      var piece = cut
      let end = index + 1 < cuts.count ? cuts[index + 1].range.lowerBound : text.count
      piece.range = cut.range.lowerBound..<end
      pieces.append(piece)
    }
    return pieces
  }

  /// The ordinals of one style, in counting order. One alone counts only at the start of the text.
  private static func cuts(in text: ReportText, from start: Int, minding quotes: Bool) -> [Piece] {
    var found: [Piece] = []
    var scan = QuoteScan()
    var mayStart = true
    for position in start..<max(start, text.count) {
      let scalar = text.folded[position]
      if mayStart, !scalar.isBlank, !(quotes && scan.isInside) {
        if let marker = Marker.read(text, at: position), isNext(marker, after: found.last) {
          found.append(
            Piece(
              number: marker.number == 0 ? found.count + 1 : marker.number, style: marker.style,
              range: position..<text.count, textStart: position + marker.length))
        }
      }
      if !scalar.isBlank { mayStart = boundaries.contains(scalar) }
      scan.step(scalar)
    }
    if found.count == 1, found[0].range.lowerBound > start { return [] }
    return found
  }

  private static func isNext(_ marker: Marker, after last: Piece?) -> Bool {
    guard let last, let number = last.number else {
      return marker.number == 1 && inline.contains(marker.style)
        || marker.style.isOrdinal && marker.number > 0
    }
    return marker.style == last.style && (marker.number == number + 1 || marker.number == 0)
  }

  private static func hasLostQuote(_ text: ReportText) -> Bool {
    var balance = 0
    var straight = 0
    for scalar in text.folded {
      if "“《(".unicodeScalars.contains(scalar) { balance += 1 }
      if "”》)".unicodeScalars.contains(scalar) { balance -= 1 }
      if scalar == "\"" { straight += 1 }
    }
    return balance != 0 || straight % 2 == 1
  }

  private static let inline: Set<MarkerStyle> = [
    .ordinalIs, .ordinalRank, .ordinalWord, .circled, .digitBrackets, .digitHalfBracket, .digitDot,
  ]
  private static let boundaries: Set<Unicode.Scalar> = ["。", ";", ":"]
}
