import EditModel

/// What transcripts have learnt: texts by name.
package struct Captures: Sendable {
  private var texts: [String: [UInt8]]

  /// Captures that are known before a transcript begins.
  package init(_ texts: [String: [UInt8]] = [:]) {
    self.texts = texts
  }

  /// What `name` stands for, nil when nothing was captured under it.
  package subscript(name: String) -> [UInt8]? {
    get { texts[name] }
    set { texts[name] = newValue }
  }
}

/// A line of a transcript: text to send, or what a received line must be (protocol/conformance/README.md).
package struct LinePattern: Sendable, Hashable {
  /// What a capture may stand for.
  enum Kind: String, Sendable {
    case word
    case number
    case stamp
    case rest
  }

  enum Piece: Sendable, Hashable {
    case literal([UInt8])
    case capture(name: String, kind: Kind)
    case reuse(name: String, plus: Int64)
  }

  let pieces: [Piece]
  /// The pattern as it stands in the transcript.
  package let source: String

  /// Reads a pattern; throws a sentence when a brace or an escape is wrong.
  package init(_ source: String) throws(TranscriptFailure) {
    var pieces: [Piece] = []
    var literal: [UInt8] = []
    var rest = Array(source.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x") {
        guard rest.count >= 3, let value = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16)
        else { throw TranscriptFailure("\\x needs two hexadecimal digits behind it: \(source)") }
        literal.append(value)
        rest = rest.dropFirst(3)
      } else if byte == UInt8(ascii: "{") {
        guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
          throw TranscriptFailure("a brace is not closed: \(source)")
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        literal = []
        pieces.append(try LinePattern.piece(String(decoding: rest[..<end], as: UTF8.self)))
        rest = rest[(end + 1)...]
      } else {
        literal.append(byte)
      }
    }
    if !literal.isEmpty { pieces.append(.literal(literal)) }
    self.pieces = pieces
    self.source = source
  }

  /// The line to send; throws when a capture is used that was not made.
  package func text(_ captures: Captures) throws(TranscriptFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .literal(let literal): bytes += literal
      case .reuse(let name, let plus): bytes += try LinePattern.reused(name, plus: plus, captures)
      case .capture(let name, _): throw TranscriptFailure("{\(name)} captures, and nothing is captured in a sent line")
      }
    }
    return bytes
  }

  /// The captures with those of `line`, when it is as this pattern says; nil when it is not.
  package func match(_ line: [UInt8], _ captures: Captures) throws(TranscriptFailure) -> Captures? {
    var captures = captures
    var rest = line[...]
    for piece in pieces {
      switch piece {
      case .literal(let literal):
        guard rest.starts(with: literal) else { return nil }
        rest = rest.dropFirst(literal.count)
      case .reuse(let name, let plus):
        let expected = try LinePattern.reused(name, plus: plus, captures)
        guard rest.starts(with: expected) else { return nil }
        rest = rest.dropFirst(expected.count)
      case .capture(let name, let kind):
        guard let found = LinePattern.taken(kind, rest) else { return nil }
        if name != "any" { captures[name] = Array(found) }
        rest = rest.dropFirst(found.count)
      }
    }
    return rest.isEmpty ? captures : nil
  }

  private static func piece(_ text: String) throws(TranscriptFailure) -> Piece {
    if text.hasPrefix("=") {
      let parts = text.dropFirst().split(separator: "+", omittingEmptySubsequences: false)
      if parts.count == 1 { return .reuse(name: String(parts[0]), plus: 0) }
      guard parts.count == 2, let plus = Int64(parts[1]) else { throw TranscriptFailure("{\(text)} adds no number") }
      return .reuse(name: String(parts[0]), plus: plus)
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let name = parts.first, !name.isEmpty, parts.count <= 2,
      let kind = parts.count == 1 ? .word : Kind(rawValue: String(parts[1]))
    else { throw TranscriptFailure("{\(text)} is no capture: {NAME} or {NAME:word|number|stamp|rest}") }
    return .capture(name: String(name), kind: kind)
  }

  private static func taken(_ kind: Kind, _ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let found =
      switch kind {
      case .rest: rest
      case .word: rest.prefix { $0 != UInt8(ascii: " ") }
      case .number: rest.prefix { (48...57).contains($0) }
      case .stamp: rest.prefix(13)
      }
    switch kind {
    case .rest: return found
    case .word, .number: return found.isEmpty ? nil : found
    case .stamp: return found.withUnsafeBytes { Stamp(bytes: $0) } == nil ? nil : found
    }
  }

  /// What was captured, moved: a number by `plus`, a stamp by `plus` milliseconds.
  private static func reused(_ name: String, plus: Int64, _ captures: Captures) throws(TranscriptFailure) -> [UInt8] {
    guard let bytes = captures[name] else { throw TranscriptFailure("nothing was captured as \(name)") }
    guard plus != 0 else { return bytes }
    let text = String(decoding: bytes, as: UTF8.self)
    if let number = UInt64(text), bytes.count != Stamp.textLength {
      return Array("\(number &+ UInt64(bitPattern: plus))".utf8)
    }
    if let stamp = Stamp(text) {
      let moved = Stamp(milliseconds: stamp.milliseconds &+ UInt64(bitPattern: plus), counter: stamp.counter)
      return Array(moved.description.utf8)
    }
    throw TranscriptFailure("\(name) is neither a number nor a stamp, and nothing can be added to it")
  }
}

/// Why a transcript cannot be read, or did not go as it says.
package struct TranscriptFailure: Error, CustomStringConvertible, Hashable {
  /// A sentence for whoever reads the test's output.
  package let description: String

  /// A failure with its sentence.
  package init(_ description: String) {
    self.description = description
  }
}
