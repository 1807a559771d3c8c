import LedgerClient
import Synchronization
import TerminalKit

/// How far a sync is, beside the output: on a terminal one line that is written over and gone at the end. That the server
/// makes it wait is told for good, on anything but JSON: a wait may last as long as the whole time that was allowed.
final class ProgressLine: Sendable {
  private let words: Words
  private let isJSON: Bool
  private let isTerminal: Bool
  /// The width of what stands on the line.
  private let width = Mutex(0)

  init(_ context: CommandContext) {
    words = context.words
    isJSON = context.isJSON
    isTerminal = Surroundings.errorsAreTerminal
  }

  func show(_ progress: SyncProgress) {
    guard !isJSON else { return }
    let text = words.progress(progress)
    if case .waiting = progress {
      clear()
      return Output.write(text + "\n", to: .error)
    }
    show(text)
  }

  /// The same for a line that is no sync's.
  func show(_ text: String) {
    guard isTerminal, !isJSON else { return }
    width.withLock { width in
      let new = DisplayWidth.standard.of(text)
      Output.write("\r" + text + String(repeating: " ", count: max(0, width - new)), to: .error)
      width = new
    }
  }

  func clear() {
    width.withLock { width in
      if width > 0 { Output.write("\r" + String(repeating: " ", count: width) + "\r", to: .error) }
      width = 0
    }
  }
}
