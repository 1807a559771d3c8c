import Synchronization
import TerminalKit

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where text goes.
enum Output {
  /// A stream of the process.
  enum Stream: Int32 {
    case standard = 1
    case error = 2
  }

  /// The system's number of the first failure to write to standard output, which the end of the run tells.
  private static let firstFailure = Mutex<Int32?>(nil)

  /// Whether whoever read standard output went away, as a program in a pipe does.
  private static let hasNoReader = Mutex(false)

  /// Whether nothing that is still printed would reach anybody.
  static var isGone: Bool { failure != nil || hasNoReader.withLock { $0 } }

  /// Why not everything reached standard output, in the system's words; nil when it did.
  static var failure: String? {
    firstFailure.withLock { $0 }.map { String(cString: strerror($0)) }
  }

  /// Writes all of `text`, to a terminal in its encoding, else in UTF-8; what a reader that went away does not take is lost, as
  /// with any program in a pipe. Any other failure of standard output is kept as `failure`.
  static func write(_ text: String, to stream: Stream = .standard) { write(bytes(of: text, to: stream), to: stream) }

  /// `text` as it is written to `stream`.
  static func bytes(of text: String, to stream: Stream) -> [UInt8] {
    guard TerminalEncoding.ofProcess == .gbk, isatty(stream.rawValue) == 1 else { return Array(text.utf8) }
    return TerminalEncoding.gbk.bytes(of: text)
  }

  private static func write(_ bytes: [UInt8], to stream: Stream) {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while let address = rest.baseAddress, !rest.isEmpty {
        let count = systemWrite(stream.rawValue, address, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          let error = errno
          if count < 0, stream == .standard {
            if error == EPIPE { hasNoReader.withLock { $0 = true } } else { firstFailure.withLock { $0 = $0 ?? error } }
          }
          return
        }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
    }
  }
}

/// The system's `write`, under a name that `Output.write` does not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}

/// Colours, on a terminal that wants them; else the text alone.
struct Paint {
  let isOn: Bool

  init(environment: [String: String], isTerminal: Bool) {
    isOn = isTerminal && TerminalAbilities(environment: environment).colors != .none
  }

  func bold(_ text: String) -> String { code("1", text) }
  func dim(_ text: String) -> String { code("2", text) }
  func red(_ text: String) -> String { code("31", text) }
  func green(_ text: String) -> String { code("32", text) }
  func yellow(_ text: String) -> String { code("33", text) }
  func blue(_ text: String) -> String { code("34", text) }

  private func code(_ code: String, _ text: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
