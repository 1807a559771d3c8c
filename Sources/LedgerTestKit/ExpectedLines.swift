/// The lines that a transcript expects next on one connection: one, or a group with an
/// order of its own (protocol/conformance/README.md).
package struct ExpectedLines: Sendable, Hashable {
  /// In which order lines may come.
  package enum Order: Sendable {
    /// As written.
    case strict
    /// The stream as written, answers at any place among it; an `=` that is not the one awaited is passed over.
    case answersAnywhere
    /// Any.
    case any
  }

  private var waiting: [LinePattern]
  private let order: Order

  /// These lines, in this order.
  package init(_ patterns: [LinePattern], order: Order = .strict) {
    self.waiting = patterns
    self.order = order
  }

  /// Whether all have come.
  package var isComplete: Bool { waiting.isEmpty }

  /// The patterns that still wait, for messages.
  package var sources: [String] { waiting.map(\.source) }

  /// Takes one received line; throws when none of what is expected now is this line.
  package mutating func take(_ line: [UInt8], _ captures: inout Captures) throws(TranscriptFailure) {
    for index in candidates(line) {
      guard let learnt = try waiting[index].match(line, captures) else { continue }
      captures = learnt
      waiting.remove(at: index)
      return
    }
    // How many commits a few acts became is the server's affair, so a group passes over the marks between them.
    if order == .answersAnywhere, line.starts(with: Array("= ".utf8)) { return }
    let got = String(decoding: line.prefix(300), as: UTF8.self)
    throw TranscriptFailure("expected one of \(sources), got \"\(got)\"")
  }

  /// Which patterns may be next for `line`: the stream keeps its order; under a tag, rows come in any.
  private func candidates(_ line: [UInt8]) -> [Int] {
    switch order {
    case .strict: return [0]
    case .any: return Array(waiting.indices)
    case .answersAnywhere: break
    }
    let head = line.prefix { $0 != UInt8(ascii: " ") }
    let isStream = ExpectedLines.isStream(Array(head))
    let same = waiting.indices.filter { index in
      let other = Array(waiting[index].source.utf8.prefix { $0 != UInt8(ascii: " ") })
      return isStream ? ExpectedLines.isStream(other) : other == Array(head)
    }
    return isStream ? Array(same.prefix(1)) : same
  }

  private static func isStream(_ head: [UInt8]) -> Bool {
    head == [UInt8(ascii: "+")] || head == [UInt8(ascii: "=")]
  }
}
