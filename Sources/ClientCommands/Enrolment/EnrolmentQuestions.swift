import EditModel
import LedgerClient
import LedgerIdentity

/// Asks for what was said on the telephone: the server's address, then the code. A typing error is said at once and asked
/// for again; nothing is sent before the code fits together.
struct EnrolmentQuestions {
  let words: Words

  /// The port that is meant when none is said.
  static let port = 7_374
  /// How often a wrong answer is asked for again.
  private static let attempts = 10

  /// Asks on standard error, reads standard input; throws when that ends, or nothing right came.
  func ask() throws -> EnrolmentOrder {
    let server = try answer(words.askServer) { text in
      EnrolmentQuestions.address(text).map { .success($0) } ?? .failure(words.badAddress(text))
    }
    let code = try answer(words.askCode) { text in
      do throws(EnrolmentCodeProblem) {
        return .success(try EnrolmentCode(text))
      } catch {
        return .failure(words.sentence(error, typed: text))
      }
    }
    return EnrolmentOrder(server: server, code: code)
  }

  /// The address that was typed; a colon and the port may be left out.
  static func address(_ text: String) -> HostPort? {
    // Several colons without brackets are an IPv6 address without a port.
    let isBare = text.utf8.count { $0 == UInt8(ascii: ":") } > 1 && !text.hasPrefix("[")
    return HostPort(text) ?? HostPort(isBare ? "[\(text)]:\(port)" : "\(text):\(port)")
  }

  private enum Answer<Value> {
    case success(Value)
    case failure(String)
  }

  private func answer<Value>(_ question: String, _ read: (String) -> Answer<Value>) throws -> Value {
    for _ in 0..<EnrolmentQuestions.attempts {
      Output.write(question, to: .error)
      guard let line = readLine() else { break }
      let text = line.trimmed
      if text.isEmpty { continue }
      switch read(text) {
      case .success(let value): return value
      case .failure(let sentence): Output.write(sentence + "\n", to: .error)
      }
    }
    throw CommandFailure(.usage, "enrolment", words.notEnrolled)
  }
}
