import EditModel
import LineProtocol
import NIOCore

/// A put line's tag and where its author's part is, found without making a text of anything: the hot path.
struct PutLine {
  let tag: Tag
  /// The author's part, not looked at yet.
  let author: ByteBuffer

  /// Which edit of its act the line is, as far as its identity can be read, whatever stands behind it.
  var index: UInt32? { author.withUnsafeReadableBytes { EditLine.identity($0)?.i } }

  /// Nil for every line that is not `TAG put …`; such a line is read by `ClientLine`.
  init?(_ line: ByteBuffer) {
    let found = line.withUnsafeReadableBytes { bytes -> (tag: Tag, start: Int)? in
      guard let space = bytes.prefix(Limits.tagBytes + 1).firstIndex(of: UInt8(ascii: " ")),
        bytes.count >= space + 5, bytes[space + 1] == UInt8(ascii: "p"), bytes[space + 2] == UInt8(ascii: "u"),
        bytes[space + 3] == UInt8(ascii: "t"), bytes[space + 4] == UInt8(ascii: " "),
        let tag = Tag(bytes: UnsafeRawBufferPointer(rebasing: bytes[..<space]))
      else { return nil }
      return (tag, space + 5)
    }
    guard let found else { return nil }
    self.tag = found.tag
    var author = line
    author.moveReaderIndex(forwardBy: found.start)
    self.author = author
  }
}

extension ConnectionMachine {
  /// One line of an act.
  mutating func heardPut(_ put: PutLine) -> ConnectionAction? {
    let line = AuthorLine(put.author)
    if let passed = passedOver {
      // The rest of an act has no line with i = 1: such a line begins another act, under a tag that is used again.
      if passed == put.tag, put.index != 1 { return nil }
      passedOver = nil
    }
    guard let line else {
      let isText = put.author.withUnsafeReadableBytes { ExactString(bytes: $0) != nil }
      return refuse(put, WireError(isText ? .malformed : .encoding))
    }
    guard let author else { return refuse(put, WireError(.unauthenticated), at: line.edit) }
    guard line.edit.id.replica == author else { return refuse(put, WireError(.foreign), at: line.edit) }
    switch collector.take(line, tag: put.tag) {
    case .more: return nil
    case .refused(let error): return refuse(put, error, at: line.edit)
    case .whole(let act): return submit(act)
    }
  }

  /// Answers an act once and passes over the rest of its lines; `edit` tells whether there can be a rest.
  private mutating func refuse(_ put: PutLine, _ error: WireError, at edit: Edit? = nil) -> ConnectionAction {
    collector.drop()
    let isLast = edit.map { $0.id.i == $0.actSize } ?? false
    passedOver = isLast ? nil : put.tag
    return .reply(.failed(put.tag, error))
  }

  private mutating func submit(_ act: SubmittedAct) -> ConnectionAction {
    if case .held = state {
      // Nothing is decided about these, so that none has to wait for another.
      guard inFlight < limits.actsInFlight else { return .reply(.failed(act.tag, WireError(.busy))) }
      inFlight += 1
      return .quarantine(act)
    }
    if let blocker = hold.blocker(of: act.act.id.n) {
      return .reply(.failed(act.tag, .earlier(blocker)))
    }
    guard inFlight < limits.actsInFlight else {
      hold.hold(act.act.id.n)
      return .reply(.failed(act.tag, WireError(.busy)))
    }
    inFlight += 1
    return .submit(act)
  }
}
