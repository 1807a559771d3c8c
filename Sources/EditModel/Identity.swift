/// The id of one device's copy of a ledger: 8 to 15 random base-32 digits, given by the server, never issued again.
///
/// Fifteen at most because a Swift string of up to fifteen bytes needs no memory of its own.
package struct ReplicaID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The id's text.
  package let text: ExactString

  /// How many characters an id may have.
  package static let lengths = 8...15

  /// Reads an id; nil when the length or a character is not one of an id's.
  package init?(bytes: UnsafeRawBufferPointer) {
    guard ReplicaID.lengths.contains(bytes.count),
      bytes.allSatisfy({ Crockford.value(of: $0) != nil }),
      let text = ExactString(bytes: bytes)
    else { return nil }
    self.text = text
  }

  /// Reads an id's text; nil when it is none.
  package init?(_ text: String) {
    var copy = text
    guard let id = copy.withUTF8({ ReplicaID(bytes: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = id
  }

  /// An id made from 40 random bits, drawn by the caller: eight digits.
  package init(random bits: UInt64) {
    self.text = ExactString(Crockford.text(bits, digits: 8))
  }

  // Spelled out: a synthesised one is called through the conformance from other modules, ten times as dear.
  package static func == (left: ReplicaID, right: ReplicaID) -> Bool { left.text == right.text }

  package static func < (left: ReplicaID, right: ReplicaID) -> Bool { left.text < right.text }

  package var description: String { text.string }
}

/// The identity of an act: the replica it was made on and that replica's own counter, gapless from 1.
package struct ActID: Hashable, Sendable {
  /// Where the act was made.
  package let replica: ReplicaID
  /// The replica's counter: 1 ... 2^53-1, so that any language can hold it.
  package let n: UInt64

  /// The act `n` of `replica`.
  package init(replica: ReplicaID, n: UInt64) {
    self.replica = replica
    self.n = n
  }

  /// The identity of the act's edit number `i` (from 1).
  package func edit(_ i: UInt32) -> EditID { EditID(replica: replica, n: n, i: i) }
}

/// The identity of an edit, `replica.n/i`: given once by its author, never changed, never used again.
package struct EditID: Hashable, Sendable {
  /// Where the edit was made.
  package let replica: ReplicaID
  /// The number of its act there, from 1.
  package let n: UInt64
  /// Its place in the act, from 1.
  package let i: UInt32

  /// The greatest `n`: 2^53-1.
  package static let counterLimit: UInt64 = 9_007_199_254_740_991

  /// The edit `i` of act `n` of `replica`.
  package init(replica: ReplicaID, n: UInt64, i: UInt32) {
    self.replica = replica
    self.n = n
    self.i = i
  }

  /// The act that it is part of.
  package var act: ActID { ActID(replica: replica, n: n) }
}

extension EditID: CustomStringConvertible {
  /// `replica.n/i`, as on the wire.
  package var description: String { "\(replica).\(n)/\(i)" }

  /// Reads `replica.n/i` in its one spelling; nil for anything else.
  package init?(bytes: UnsafeRawBufferPointer) {
    guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")),
      let slash = bytes[dot...].firstIndex(of: UInt8(ascii: "/")),
      let replica = ReplicaID(bytes: UnsafeRawBufferPointer(rebasing: bytes[..<dot])),
      let n = Decimal.number(UnsafeRawBufferPointer(rebasing: bytes[(dot + 1)..<slash])),
      let i = Decimal.number(UnsafeRawBufferPointer(rebasing: bytes[(slash + 1)...])),
      n >= 1, n <= EditID.counterLimit, i >= 1, i <= UInt64(UInt16.max)
    else { return nil }
    self.init(replica: replica, n: n, i: UInt32(i))
  }

  /// Reads an identity's text; nil when it is none.
  package init?(_ text: String) {
    var copy = text
    guard let id = copy.withUTF8({ EditID(bytes: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = id
  }
}
