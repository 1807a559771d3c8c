import Glibc
import LedgerAdmin
import Synchronization

/// A bar on standard error while a restore reads and builds; nothing where that is no terminal.
final class ProgressBar: Sendable {
  private let shown = Mutex<String?>(nil)
  private let isTerminal = isatty(STDERR_FILENO) == 1

  private static let width: UInt64 = 30

  /// Shows `progress`, where that looks other than before.
  func show(_ progress: RestoreProgress) {
    guard isTerminal else { return }
    let all = max(progress.allBytes, 1)
    let done = min(progress.doneBytes, all)
    let filled = Int(done * ProgressBar.width / all)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Int(ProgressBar.width) - filled)
    let line = "\(ProgressBar.word(progress.step)) [\(bar)] \(done * 100 / all)%"
    shown.withLock { before in
      guard line != before else { return }
      before = line
      Output.onTerminal("\r\u{1B}[K" + line)
    }
  }

  /// Takes the bar away: what is said next has the line for itself.
  func clear() {
    shown.withLock { before in
      guard before != nil else { return }
      before = nil
      Output.onTerminal("\r\u{1B}[K")
    }
  }

  private static func word(_ step: RestoreProgress.Step) -> String {
    switch step {
    case .checking: "Checking (校验)"
    case .building: "Building (恢复)"
    }
  }
}
