package import EditModel
package import NIOCore

/// The author's part of a line: `edit k stamp shift base entity field value` (protocol/03-lines.md).
package enum EditLine {
  /// Reads an author's part; nil when it is not in its one spelling.
  package static func edit(_ bytes: UnsafeRawBufferPointer) -> Edit? {
    guard bytes.count <= Limits.authorBytes else { return nil }
    var reader = WordReader(bytes)
    guard let id = reader.word().flatMap(EditID.init(bytes:)),
      let size = reader.word().flatMap(Decimal.number), size >= id.i, size <= UInt64(UInt16.max),
      let stamp = reader.word().flatMap(Stamp.init(bytes:)),
      let shift = reader.word().flatMap(Shift.init(bytes:)),
      let baseWord = reader.word(), let base = base(baseWord),
      let entity = reader.word().flatMap(EntityID.init(bytes:)),
      let field = reader.word().flatMap(FieldName.init(bytes:)), !reader.isAtEnd,
      let value = ValueText.value(reader.rest)
    else { return nil }
    let change = Change(entity: entity, field: field, value: value)
    return Edit(id: id, actSize: UInt32(size), stamp: stamp, shift: shift, base: base.id, change: change)
  }

  /// The identity that an author's part begins with; nil when it is none. The rest is not looked at.
  package static func identity(_ bytes: UnsafeRawBufferPointer) -> EditID? {
    var reader = WordReader(bytes)
    return reader.word().flatMap(EditID.init(bytes:))
  }

  /// The author's part of `edit`, in its one spelling.
  package static func text(_ edit: Edit) -> String {
    let base = edit.base?.description ?? "-"
    let head = "\(edit.id) \(edit.actSize) \(edit.stamp) \(edit.shift) \(base)"
    return "\(head) \(edit.entity) \(edit.field) \(ValueText.text(edit.value))"
  }

  /// Reads a server's line, `seq receipt seat author`; nil when it is not in its one spelling.
  package static func accepted(_ bytes: UnsafeRawBufferPointer) -> AcceptedEdit? {
    guard bytes.count <= Limits.lineBytes else { return nil }
    var reader = WordReader(bytes)
    guard let seq = reader.word().flatMap(Decimal.number), seq >= 1, seq <= EditID.counterLimit,
      let receipt = reader.word().flatMap(Stamp.init(bytes:)),
      let seat = reader.word().flatMap(ExactString.init(bytes:)).flatMap({ SeatID($0.string) }), !reader.isAtEnd,
      let edit = edit(reader.rest)
    else { return nil }
    return AcceptedEdit(seq: seq, receipt: receipt, seat: seat, edit: edit)
  }

  /// The server's line of `accepted`, in its one spelling.
  package static func text(_ accepted: AcceptedEdit) -> String {
    "\(accepted.seq) \(accepted.receipt) \(accepted.seat) \(text(accepted.edit))"
  }

  /// Reads a server's line from text; nil when it is not in its one spelling.
  package static func accepted(_ text: String) -> AcceptedEdit? {
    var copy = text
    return copy.withUTF8 { accepted(UnsafeRawBufferPointer($0)) }
  }

  /// Reads an author's part from text; nil when it is not in its one spelling.
  package static func edit(_ text: String) -> Edit? {
    var copy = text
    return copy.withUTF8 { edit(UnsafeRawBufferPointer($0)) }
  }

  /// A base that was read; a type of its own because "no base" is a value and "unreadable" is not.
  private struct Base { let id: EditID? }

  private static func base(_ word: UnsafeRawBufferPointer) -> Base? {
    if word.count == 1, word[0] == UInt8(ascii: "-") { return Base(id: nil) }
    return EditID(bytes: word).map { Base(id: $0) }
  }
}

/// An edit together with the bytes that it came as, so that nobody spells it again on the hot path.
package struct AuthorLine: Sendable {
  /// What the bytes say.
  package let edit: Edit
  /// The author's part, in its one spelling.
  package let bytes: ByteBuffer

  /// Reads `bytes`; nil when they are not in their one spelling.
  package init?(_ bytes: ByteBuffer) {
    guard let edit = bytes.withUnsafeReadableBytes({ EditLine.edit($0) }) else { return nil }
    self.edit = edit
    self.bytes = bytes
  }

  /// Spells `edit`.
  package init(_ edit: Edit) {
    self.edit = edit
    self.bytes = ByteBuffer(string: EditLine.text(edit))
  }
}
