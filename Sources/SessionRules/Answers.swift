import EditModel
import LedgerRules
import LineProtocol
import NIOCore

/// The answers to acts, written straight into the buffer that their connection is sent.
enum Answers {
  /// `TAG CLASS CODE …` and LF.
  static func write(_ error: WireError, _ tag: Tag, to buffer: inout ByteBuffer) {
    ServerMessage.failed(tag, error).write(to: &buffer)
  }

  /// The answer that was given before, or that another act has this number.
  static func write(_ prior: Prior, _ tag: Tag, to buffer: inout ByteBuffer) {
    switch prior {
    case .accepted(let firstSeq): LineWriter.writeOk(tag, seq: firstSeq, to: &buffer)
    case .shelved(let text): buffer.writeString("\(tag) \(text)\n")
    case .forked: write(WireError(.forked), tag, to: &buffer)
    }
  }
}

extension WireError {
  /// A rule's refusal as the wire says it.
  init(_ refusal: Refusal) {
    switch refusal {
    case .absent(let entity): self.init(.absent, [ExactString(entity.description)])
    case .forbidden(let rule): self.init(.forbidden, [ExactString(rule.rawValue)])
    case .appendOnly(let entity): self.init(.appendOnly, [ExactString(entity.description)])
    case .value(let field): self.init(.value, [field.text])
    case .stageMoved(let stage, let edit):
      self.init(.stageMoved, [ExactString(stage.rawValue), ExactString(edit?.description ?? "-")])
    case .stagePath(let from, let to):
      self.init(.stagePath, [ExactString(from.rawValue), ExactString(to.rawValue)])
    case .stageSeat(let reason): self.init(.stageSeat, [ExactString(reason.rawValue)])
    case .stageNeeds(let needs): self.init(.stageNeeds, needs.map { ExactString($0.rawValue) })
    }
  }
}
