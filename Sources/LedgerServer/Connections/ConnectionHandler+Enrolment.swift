import EditModel
import Glibc
import LedgerIdentity
import LineProtocol
import NIOCore

/// A device that is let in by a code.
extension ConnectionHandler {
  func enrol(_ tag: Tag, _ request: EnrolRequest) {
    guard let tls, let identity = server.tls else {
      return answer(tag, .failed(tag, WireError(.unsupported, ["enrol"])))
    }
    let ground = EnrolmentGround(
      server: tls.shown.certificate.key, authority: tls.shown.authority, identity: identity)
    server.seats.enrol(request, ground, from: throttleAddress, at: server.time.now) { outcome in
      self.onLoop { $0.enrolled(tag, outcome) }
    }
  }

  private func enrolled(_ tag: Tag, _ outcome: EnrolmentOutcome) {
    switch outcome {
    case .letIn(let words): answer(tag, .ok(tag, words))
    case .failed: answer(tag, .failed(tag, WireError(.storage)))
    case .mismatched(let what): refuse(.failed(tag, WireError(.codeRefused, [what])))
    case .refused(let delay):
      // Nothing more is read meanwhile. The connection may be gone by then, or have run out of its time.
      roster.loop.scheduleTask(in: .milliseconds(Int64(delay))) {
        self.onLoop { $0.refuse(.failed(tag, WireError(.codeRefused))) }
      }
    }
  }
}

extension SocketAddress {
  /// Whom wrong proofs are counted for: an IPv4 address, or the half of an IPv6 address that a network is given.
  var throttleKey: String {
    let text = ipAddress ?? "local"
    var bytes = [UInt8](repeating: 0, count: 16)
    guard case .v6 = self, inet_pton(AF_INET6, text, &bytes) == 1 else { return text }
    let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
    let part = isMapped ? bytes.suffix(4) : bytes.prefix(8)
    return part.map { String($0, radix: isMapped ? 10 : 16) }.joined(separator: isMapped ? "." : ":")
  }
}
