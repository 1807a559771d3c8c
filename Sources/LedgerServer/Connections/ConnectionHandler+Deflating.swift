import EditModel
import LineProtocol
import NIOCore
import SessionRules

/// A connection that speaks in blocks.
extension ConnectionHandler {
  func deflate(_ tag: Tag) {
    guard server.capabilities.contains("deflate") else {
      return refuse(.failed(tag, WireError(.unsupported, [ExactString(Verb.deflate.rawValue)])))
    }
    // The machine asks this of a device or a held replica only.
    guard let replica = device?.replica ?? held?.replica else {
      return refuse(.failed(tag, WireError(.unauthenticated)))
    }
    beginBlocks(tag, saying: Words([]), of: replica)
  }

  /// Answers with a secret. In a block of its own that is stored, so that nobody learns of it by what else is said.
  func answerSecretly(_ tag: Tag, _ message: ServerMessage) {
    guard deflates else { return answer(tag, message) }
    writeReplies()
    var line = ByteBuffer()
    message.write(to: &line)
    writeAsIs(roster.stored(line))
    machine.answered(tag)
    goOn()
  }
}
