package import EditModel

/// A server's history of a ledger: a generation and a random id. Restore and promotion begin a new one.
package struct Epoch: Hashable, Sendable, CustomStringConvertible {
  /// Which history it is, from 1; a restore begins the next.
  package let generation: UInt32
  /// 64 random bits, so that two restores of one history are told apart.
  package let id: UInt64

  /// The greatest generation: nine digits.
  package static let generationLimit: UInt32 = 999_999_999

  /// An epoch from its parts.
  package init(generation: UInt32, id: UInt64) {
    self.generation = generation
    self.id = id
  }

  /// Reads `gGENERATION.ID`; nil when it is not in its one spelling.
  package init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].first == UInt8(ascii: "g"), parts[1].count == 16,
      let generation = Decimal.number(String(Substring(parts[0].dropFirst()))),
      (1...UInt64(Epoch.generationLimit)).contains(generation),
      parts[1].allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }),
      let id = UInt64(String(Substring(parts[1])), radix: 16)
    else { return nil }
    self.init(generation: UInt32(generation), id: id)
  }

  /// `gGENERATION.ID`, the id as sixteen hexadecimal digits.
  package var description: String {
    let digits = String(id, radix: 16)
    return "g\(generation)." + String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// How far a client has followed a ledger: an epoch and a seq. Opaque to clients, who send it back as they got it.
package struct Cursor: Hashable, Sendable, CustomStringConvertible {
  /// Which history.
  package let epoch: Epoch
  /// Everything visible up to here was sent.
  package let seq: UInt64
  /// Through which eyes, where a view sees less than everything; nil where it sees everything.
  package let view: ViewMark?
  /// How far what comes next was sent, where that was cut; nil where everything up to `seq` was sent and nothing behind.
  package let partWay: PartWay?

  /// A cursor from its parts.
  package init(epoch: Epoch, seq: UInt64, view: ViewMark? = nil, partWay: PartWay? = nil) {
    self.epoch = epoch
    self.seq = seq
    self.view = view
    self.partWay = partWay
  }

  /// The line up to which everything visible was sent: within a stretch whose picked lines were all sent, more than `seq`.
  package var reached: UInt64 {
    guard case .others(let seq)? = partWay?.place else { return self.seq }
    return seq
  }

  /// Reads `EPOCH.SEQ` or `EPOCH.SEQ.VIEW`, either with `~PARTWAY` behind it; nil when it is not in its one spelling.
  package init?(_ text: String) {
    let halves = text.split(separator: "~", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let partWay = halves.count == 2 ? PartWay(halves[1]) : nil
    guard (partWay == nil) == (halves.count == 1), text.utf8.count <= Limits.cursorBytes,
      parts.count == 3 || parts.count == 4,
      let epoch = Epoch("\(parts[0]).\(parts[1])"), let seq = Decimal.number(parts[2]), seq <= EditID.counterLimit,
      partWay.map({ $0.through > seq && $0.through <= EditID.counterLimit }) ?? true
    else { return nil }
    guard parts.count == 4 else {
      self.init(epoch: epoch, seq: seq, partWay: partWay)
      return
    }
    guard let view = ViewMark(parts[3]) else { return nil }
    self.init(epoch: epoch, seq: seq, view: view, partWay: partWay)
  }

  package var description: String {
    "\(epoch).\(seq)" + (view.map { ".\($0)" } ?? "") + (partWay.map { "~\($0)" } ?? "")
  }
}

/// Marks the eyes that a view looks through: a cursor of a seat with another role, place or holder is of no use.
package struct ViewMark: Hashable, Sendable, CustomStringConvertible {
  /// Eight base-32 digits.
  package let digits: String

  /// The mark of `words`, which say everything that decides what is seen: forty bits of their FNV-1a hash. It keeps
  /// nobody out, so that nobody gains by finding other words with the same mark.
  package init(of words: [ExactString]) {
    digits = WordHash.digits(of: words)
  }

  /// Reads eight digits; nil for anything else.
  package init?(_ text: String) {
    guard text.utf8.count == 8, text.utf8.allSatisfy(Crockford.digits.contains) else { return nil }
    digits = text
  }

  /// The digits.
  package var description: String { digits }
}

/// What proves that a device is the one enrolled: 26 to 64 base-32 digits. Never described, logged or compared as text.
package struct Secret: Sendable, CustomStringConvertible {
  /// The digits, for whoever hashes or sends them.
  package let digits: String

  /// Reads a secret; nil when the length or a character is not one of a secret's.
  package init?(_ text: String) {
    guard Limits.secretCharacters.contains(text.utf8.count),
      text.utf8.allSatisfy({ Crockford.value(of: $0) != nil })
    else { return nil }
    self.digits = text
  }

  /// Says nothing, so that no log can.
  package var description: String { "(secret)" }
}
