import EditModel

/// A server's history of a ledger: a generation and a random id. Restore and promotion begin a new one.
package struct Epoch: Hashable, Sendable, CustomStringConvertible {
  /// Which history it is, from 1; a restore begins the next.
  package let generation: UInt32
  /// 64 random bits, so that two restores of one history are told apart.
  package let id: UInt64

  /// An epoch from its parts.
  package init(generation: UInt32, id: UInt64) {
    self.generation = generation
    self.id = id
  }

  /// Reads `gGENERATION.ID`; nil when it is not in its one spelling.
  package init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].first == UInt8(ascii: "g"), parts[1].count == 16,
      let generation = Decimal.number(String(Substring(parts[0].dropFirst()))), (1...999_999_999).contains(generation),
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

  /// A cursor from its parts.
  package init(epoch: Epoch, seq: UInt64) {
    self.epoch = epoch
    self.seq = seq
  }

  /// Reads `EPOCH.SEQ`; nil when it is not in its one spelling.
  package init?(_ text: String) {
    guard text.utf8.count <= Limits.cursorBytes, let dot = text.utf8.lastIndex(of: UInt8(ascii: ".")),
      let epoch = Epoch(String(text[..<dot])),
      let seq = Decimal.number(String(text[text.utf8.index(after: dot)...])), seq <= EditID.counterLimit
    else { return nil }
    self.init(epoch: epoch, seq: seq)
  }

  package var description: String { "\(epoch).\(seq)" }
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
