import EditModel
import LineProtocol
import NIOCore

/// Puts the lines of an act together, which come one after the other under one tag.
///
/// Owned by its connection's machine. Holds at most one act, `Limits.actEdits` edits and `Limits.actBytes` bytes.
struct ActCollector {
  /// What one line led to.
  enum Step {
    /// The act is not whole yet.
    case more
    /// The line made its act whole.
    case whole(SubmittedAct)
    /// The act is refused with this; its other lines are passed over.
    case refused(WireError)
  }

  private struct Partial {
    let tag: Tag
    let firstLine: ByteBuffer
    var otherLines: [ByteBuffer] = []
    var edits: [Edit]
    var sizeBytes: Int
  }

  private var partial: Partial?

  /// The tag whose act has begun and is not whole.
  var openTag: Tag? { partial?.tag }

  /// Forgets the lines of an act that will not become whole.
  mutating func drop() {
    partial = nil
  }

  /// Takes the next line; `tag` is the open act's, or no act is open.
  mutating func take(_ line: AuthorLine, tag: Tag) -> Step {
    guard partial != nil else { return begin(line, tag: tag) }
    return add(line)
  }

  private mutating func begin(_ line: AuthorLine, tag: Tag) -> Step {
    let edit = line.edit
    guard edit.id.i == 1 else { return .refused(WireError(.notWhole)) }
    guard edit.actSize <= UInt32(Limits.actEdits) else { return .refused(.actTooLarge(Limits.actEdits)) }
    if edit.actSize == 1 { return whole(tag, [edit], line.bytes, []) }
    partial = Partial(tag: tag, firstLine: line.bytes, edits: [edit], sizeBytes: line.bytes.readableBytes)
    return .more
  }

  private mutating func add(_ line: AuthorLine) -> Step {
    guard var act = partial, let first = act.edits.first else { return .refused(WireError(.notWhole)) }
    partial = nil
    let edit = line.edit
    guard edit.id.act == first.id.act, edit.actSize == first.actSize, edit.id.i == UInt32(act.edits.count + 1)
    else { return .refused(WireError(.notWhole)) }
    act.sizeBytes += line.bytes.readableBytes
    guard act.sizeBytes <= Limits.actBytes else { return .refused(.actTooLarge(Limits.actBytes)) }
    act.edits.append(edit)
    act.otherLines.append(line.bytes)
    if UInt32(act.edits.count) == first.actSize { return whole(act.tag, act.edits, act.firstLine, act.otherLines) }
    partial = act
    return .more
  }

  private func whole(_ tag: Tag, _ edits: [Edit], _ firstLine: ByteBuffer, _ otherLines: [ByteBuffer]) -> Step {
    do {
      let act = try Act(edits: edits)
      return .whole(SubmittedAct(tag: tag, act: act, firstLine: firstLine, otherLines: otherLines))
    } catch {
      return .refused(WireError(.notWhole))
    }
  }
}

extension WireError {
  /// An act over `limit`, which is named so that the client need not know it.
  static func actTooLarge(_ limit: Int) -> WireError { WireError(.actSize, [ExactString(String(limit))]) }

  /// An act that waits for act `n` of its connection.
  static func earlier(_ n: UInt64) -> WireError { WireError(.earlier, [ExactString("n=\(n)")]) }
}
