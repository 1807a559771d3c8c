import EditModel
import LedgerClient
import LedgerIdentity

/// Asks for what was said on the telephone: the server's address, then the code. A typing error is said at once and asked
/// for again; nothing is sent before the code fits together. Whoever has the line after all may paste it at either question.
struct EnrolmentQuestions {
  let words: Words

  /// The port that is meant when none is said.
  static let port = 7_374
  /// How often a wrong answer is asked for again.
  private static let attempts = 10

  /// Asks on standard error, reads standard input; throws when that ends, or nothing right came.
  func ask() throws -> EnrolmentOrder {
    let server: HostPort
    switch try answer(words.askServer, serverAddress) {
    case .part(let address): server = address
    case .whole(let order): return order
    }
    switch try answer(words.askCode, code) {
    case .part(let code): return EnrolmentOrder(server: server, code: code)
    case .whole(let order): return order
    }
  }

  /// The address that was typed; a colon and the port may be left out, and it may have been typed in full width, as an
  /// input method for Chinese does.
  static func address(_ typed: String) -> HostPort? {
    let text = typed.halfWidth
    // Several colons without brackets are an IPv6 address without a port.
    let isBare = text.utf8.count { $0 == UInt8(ascii: ":") } > 1 && !text.hasPrefix("[")
    return HostPort(text) ?? HostPort(isBare ? "[\(text)]:\(port)" : "\(text):\(port)")
  }

  /// What came for one question: what it asked for, or the line that answers all of them.
  enum Told<Part> {
    case part(Part)
    case whole(EnrolmentOrder)
  }

  private enum Reading<Part> {
    case right(Told<Part>)
    case wrong(String)
  }

  private func serverAddress(_ text: String) -> Reading<HostPort> {
    EnrolmentQuestions.address(text).map { .right(.part($0)) } ?? .wrong(words.badAddress(text))
  }

  private func code(_ text: String) -> Reading<EnrolmentCode> {
    do throws(EnrolmentCodeProblem) {
      return .right(.part(try EnrolmentCode(text)))
    } catch {
      return .wrong(words.sentence(error, typed: text))
    }
  }

  /// `text` as the line, quotes around it or not; nil when it does not begin as one.
  private func whole<Part>(_ text: String) -> Reading<Part>? {
    let line = text.trimming { "'\"“”‘’".contains($0) || $0.isWhitespace }
    guard line.hasPrefix("taizhang:") else { return nil }
    do throws(EnrolmentLineProblem) {
      return .right(.whole(EnrolmentOrder(try EnrolmentLine(line))))
    } catch {
      return .wrong(words.sentence(error))
    }
  }

  private func answer<Part>(_ question: String, _ read: (String) -> Reading<Part>) throws -> Told<Part> {
    for _ in 0..<EnrolmentQuestions.attempts {
      Output.write(question, to: .error)
      guard let line = TypedLine.next() else {
        // The question still stands in the line where the sentence would begin.
        Output.write("\n", to: .error)
        break
      }
      let text = line.trimmed
      if text.isEmpty { continue }
      switch whole(text) ?? read(text) {
      case .right(let told): return told
      case .wrong(let sentence): Output.write(sentence + "\n", to: .error)
      }
    }
    throw CommandFailure(.usage, "enrolment", words.notEnrolled)
  }
}

extension String {
  /// Without the characters at either end for which `isPadding` holds.
  fileprivate func trimming(_ isPadding: (Character) -> Bool) -> String {
    String(drop(while: isPadding).reversed().drop(while: isPadding).reversed())
  }

  /// Full-width forms of ASCII as ASCII, and the ideographic full stop as a dot.
  fileprivate var halfWidth: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0xFF01...0xFF5E: text.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
      case 0x3002: text.append(".")
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
