import ArgumentParser
import Glibc
import LedgerServer
import LedgerStore
import Synchronization

/// The numbers that `taizhangd` ends with.
enum ServerExit {
  /// Refused or failed; the reason is on standard error.
  static let failed: Int32 = 1
  /// The data folder belongs to a running server (sysexits.h: EX_TEMPFAIL).
  static let inUse: Int32 = 75

  /// Ends the process after a command that did what it was asked; not with 0 when it could not say so.
  static func end() -> Never {
    end(0)
  }

  /// Says why a command ended and ends the process.
  static func end(_ error: any Error) -> Never {
    switch error {
    case let error as ServerError:
      Output.error(error.description)
      if case .folderInUse = error { end(inUse) }
      end(failed)
    case let error as StoreError:
      Output.error("\(error.description) \(error.chinese)")
      end(failed)
    case let error as CommandProblem:
      Output.error(error.description)
      end(failed)
    default:
      // Help, version and what the command line got wrong: the parser words them and knows their codes.
      let code = TaizhangdCommand.exitCode(for: error)
      let text = TaizhangdCommand.fullMessage(for: error)
      // A command that has said everything already ends with a number alone.
      if code.isSuccess { Output.line(text) } else if !text.isEmpty { Output.plainError(text) }
      if code == .validationFailure { Output.plainError("命令写法有误，什么也没有做。请照上面的用法重写，或加 --help 看说明。") }
      end(code.rawValue)
    }
  }

  private static func end(_ status: Int32) -> Never {
    guard let failure = Output.failure else { exit(status) }
    Output.error(
      "Not everything could be printed (\(failure)). What was done is done. Make room where the output goes, then look with "
        + "taizhangd status. 输出没有写全，已做的事已经生效。请给输出腾出空间，再用 taizhangd status 查看。")
    exit(status == 0 ? failed : status)
  }
}

/// Why a command could not do what it was asked: what happened, what it affects, what to do next. In English, then in
/// Chinese, as every refusal of `taizhangd`: administrators of a town read both.
struct CommandProblem: Error, CustomStringConvertible {
  let description: String

  init(_ english: String, chinese: String) {
    description = "\(english) \(chinese)"
  }
}

/// Lines for people, on the two streams of the process.
enum Output {
  /// The system's number of the first failure to write to standard output.
  private static let firstFailure = Mutex<Int32?>(nil)

  /// Why not everything reached standard output, in the system's words; nil when it did.
  static var failure: String? { firstFailure.withLock { $0 }.map { String(cString: strerror($0)) } }

  /// Says what was done.
  static func line(_ text: String) {
    guard let error = write(text + "\n", to: STDOUT_FILENO) else { return }
    firstFailure.withLock { $0 = $0 ?? error }
  }

  /// Puts out `bytes` as they are; answers false once something could not be written.
  static func bytes(_ bytes: [UInt8]) -> Bool {
    if let error = write(bytes, to: STDOUT_FILENO) { firstFailure.withLock { $0 = $0 ?? error } }
    return failure == nil
  }

  /// Says what went wrong.
  static func error(_ text: String) {
    plainError("taizhangd: " + text)
  }

  /// Says on standard error what has the program's name in it already. If that fails there is nowhere left to say so.
  static func plainError(_ text: String) {
    _ = write(text + "\n", to: STDERR_FILENO)
  }

  /// Puts `text` on standard error as it is, for what is drawn over again. If that fails nothing is lost.
  static func onTerminal(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// Writes all of `text`; the system's number of what went wrong, or nil.
  private static func write(_ text: String, to stream: Int32) -> Int32? { write(Array(text.utf8), to: stream) }

  private static func write(_ bytes: [UInt8], to stream: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(stream, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0 { return errno }
      rest = rest.dropFirst(count)
    }
    return nil
  }
}
