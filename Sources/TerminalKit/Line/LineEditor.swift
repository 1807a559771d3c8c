/// One line that a person types and mends: characters in, the line out. Sans-IO: it is told what was pressed and says how
/// the line looks; a character is what a person takes for one, so that backspace never leaves half a hanzi.
package struct LineEditor: Sendable {
  /// What a press came to.
  package enum Outcome: Hashable, Sendable {
    /// The line or the cursor may look otherwise.
    case changed
    /// The line is done: this is it.
    case entered(String)
    /// The person gave the line up (Ctrl-C).
    case interrupted
    /// The person wants no more (Ctrl-D on an empty line).
    case ended
  }

  /// The longest line, in characters; what is typed or pasted beyond it is not taken.
  package static let limit = 4_096
  /// How many earlier lines are kept.
  package static let historyLimit = 200

  private var characters: [Character] = []
  private var cursor = 0
  private var history: [String] = []
  /// The earlier line that is shown; `history.count` is the line that is being written.
  private var place = 0
  private var draft: [Character] = []
  private let measure: DisplayWidth

  /// An empty line; `measure` says how wide characters are here.
  package init(measure: DisplayWidth = .standard) {
    self.measure = measure
  }

  /// The line as it stands.
  package var text: String { String(characters) }

  /// Takes in what the person did.
  package mutating func take(_ event: InputEvent) -> Outcome {
    switch event {
    case .key(let key): press(key)
    case .paste(let paste): insert(paste.text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    case .mouse, .focusGained, .focusLost, .resized: .changed
    }
  }

  /// How a line looks in a row of a terminal.
  package struct Row: Hashable, Sendable {
    /// The prompt and as much of the line as there is room for.
    package let text: String
    /// The column, from 0, where the cursor stands.
    package let column: Int

    /// What to send to a terminal that shows `before`, nil for one that shows nothing yet: what was added where that is
    /// all, else the row anew. A slow line carries every key's answer.
    package func drawing(over before: Row?, measure: DisplayWidth = .standard) -> String {
      if self == before { return "" }
      if let before, before.isAtEnd(measure), isAtEnd(measure), text.hasPrefix(before.text) {
        return String(text.dropFirst(before.text.count))
      }
      return "\r\(text)\u{1B}[K" + (isAtEnd(measure) ? "" : "\r" + (column > 0 ? "\u{1B}[\(column)C" : ""))
    }

    private func isAtEnd(_ measure: DisplayWidth) -> Bool { measure.of(text) == column }
  }

  /// The row for a terminal of `width` columns: the line is shown around the cursor where it is longer.
  package func row(behind prompt: String, width: Int) -> Row {
    let room = max(8, width - measure.of(prompt) - 1)
    var first = 0
    while columns(first..<cursor) >= room { first += 1 }
    var last = first
    while last < characters.count, columns(first..<(last + 1)) <= room { last += 1 }
    return Row(
      text: prompt + String(characters[first..<last]), column: measure.of(prompt) + columns(first..<cursor))
  }

  private func columns(_ range: Range<Int>) -> Int {
    characters[range].reduce(0) { $0 + measure.of(String($1)) }
  }

  private mutating func press(_ key: Key) -> Outcome {
    if let typed = key.typed { return insert([typed]) }
    switch key {
    // A line that was typed ahead, before the terminal was raw, ends as the system ends lines.
    case .enter, .control("j"): return enter()
    case .control("c"): return interrupt()
    case .control("d"):
      if characters.isEmpty { return .ended }
      remove(cursor..<min(cursor + 1, characters.count))
    case .backspace: remove(max(0, cursor - 1)..<cursor)
    case Key(.delete): remove(cursor..<min(cursor + 1, characters.count))
    case .left, .control("b"): cursor = max(0, cursor - 1)
    case .right, .control("f"): cursor = min(characters.count, cursor + 1)
    case Key(.home), .control("a"): cursor = 0
    case Key(.end), .control("e"): cursor = characters.count
    case .control("u"): remove(0..<cursor)
    case .control("k"): remove(cursor..<characters.count)
    case .control("w"): remove(wordStart..<cursor)
    case .up, .control("p"): show(place - 1)
    case .down, .control("n"): show(place + 1)
    default: break
    }
    return .changed
  }

  @discardableResult
  private mutating func insert(_ added: [Character]) -> Outcome {
    let taken = added.filter { $0.unicodeScalars.allSatisfy(KeyDecoder.isTypable) }.prefix(
      max(0, LineEditor.limit - characters.count))
    // A mark that came by itself belongs to the character before it, and then both are one.
    let before = String(characters[..<cursor] + taken)
    let after = characters[cursor...]
    characters = Array(before) + after
    cursor = characters.count - after.count
    return .changed
  }

  private mutating func remove(_ range: Range<Int>) {
    characters.removeSubrange(range)
    cursor = range.lowerBound
  }

  private var wordStart: Int {
    var start = cursor
    while start > 0, characters[start - 1] == " " { start -= 1 }
    while start > 0, characters[start - 1] != " " { start -= 1 }
    return start
  }

  private mutating func enter() -> Outcome {
    let line = text
    if !line.isEmpty, history.last != line { history.append(line) }
    if history.count > LineEditor.historyLimit { history.removeFirst() }
    clear()
    return .entered(line)
  }

  private mutating func interrupt() -> Outcome {
    clear()
    return .interrupted
  }

  private mutating func clear() {
    (characters, cursor, draft) = ([], 0, [])
    place = history.count
  }

  private mutating func show(_ wanted: Int) {
    guard wanted >= 0, wanted <= history.count, wanted != place else { return }
    if place == history.count { draft = characters }
    place = wanted
    characters = wanted == history.count ? draft : Array(history[wanted])
    cursor = characters.count
  }
}
