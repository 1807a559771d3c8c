import Glibc
import TerminalKit

/// Says something when somebody presses Ctrl-C, and lets it end the process as it would have.
///
/// One at a time in a process. What is ignored, as in a job in the background, stays ignored; a second Ctrl-C ends the process
/// whatever the first is waiting for.
struct InterruptedWords {
  /// What was done on Ctrl-C before; nil where nothing was changed.
  private let previous: sigaction?

  /// From now on `sentence` is written to standard error before the end; on a terminal below what stands on the line.
  init(_ sentence: String) {
    var now = sigaction()
    sigaction(SIGINT, nil, &now)
    guard now.__sigaction_handler.sa_handler == nil else {
      previous = nil
      return
    }
    let text = (Surroundings.errorsAreTerminal ? "\n" : "") + sentence + "\n"
    interruptedText.assign(Output.bytes(of: text, to: .error))
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in interrupted() }
    // Back to what ends the process, before a word is said.
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_NODEFER
    sigaction(SIGINT, &action, nil)
    previous = now
  }

  /// From now on Ctrl-C ends the process without words.
  func release() {
    guard var previous else { return }
    sigaction(SIGINT, &previous, nil)
  }
}

/// What the handler writes: memory that is never given back, since a handler may be in it at any time.
// SAFETY: the memory is written by `assign` alone, before the handler that reads it is installed, and never given back.
private struct InterruptedText: @unchecked Sendable {
  private let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1_024, alignment: 1)
  private let count = UnsafeMutablePointer<Int>.allocate(capacity: 1)

  init() { count.pointee = 0 }

  func assign(_ text: [UInt8]) {
    count.pointee = min(text.count, bytes.count)
    bytes.copyBytes(from: text.prefix(bytes.count))
  }

  /// Writes it, by what a signal's handler may call.
  func write() { _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, count.pointee) }
}

private let interruptedText = InterruptedText()

private func interrupted() {
  interruptedText.write()
  raise(SIGINT)
}
