import EditModel
import LedgerIdentity
import LineProtocol
import NIOCore
import NIOPosix

/// Lets the bench's own devices in with the lines that `taizhangd enrol` printed, over the protocol as `taizhang enrol`
/// does.
struct BenchEnrolment: Sendable {
  let group: MultiThreadedEventLoopGroup

  /// Enrols a device with each line of the file at `path`.
  func devices(lines path: String) async throws -> [DeviceFile] {
    var devices: [DeviceFile] = []
    for text in try TextFile.lines(path) where text.hasPrefix("taizhang://") {
      devices.append(try await device(try EnrolmentLine(text)))
    }
    guard !devices.isEmpty else { throw BenchError("\(path) has no enrolment line") }
    return devices
  }

  private func device(_ line: EnrolmentLine) async throws -> DeviceFile {
    let tls = try BenchTLS()
    let secret = try EnrolmentKey(of: line.code)
    let answered = group.next().makePromise(of: Words.self)
    let channel = try await Connector(group: group, host: line.server.host, port: line.server.port, tls: tls).open {
      EnrolmentReceiver(answered) { try BenchEnrolment.request(line.code, secret, tls) }
    }
    let words = try await answered.futureResult.get()
    try? await channel.close()  // closed by the server already is as good
    guard let certificate = words.value(of: "certificate").flatMap({ Base64URL.bytes($0) }),
      let replica = words.value(of: "replica").flatMap({ ReplicaID($0) }),
      let code = words.value(of: "secret").flatMap(Secret.init)
    else { throw BenchError("the server's answer to an enrolment is not one") }
    return DeviceFile(
      host: line.server.host, port: line.server.port, ledger: line.ledger, replica: replica, secret: code,
      tls: try BenchTLS(key: tls.key, certificate: certificate))
  }

  private static func request(_ code: EnrolmentCode, _ secret: EnrolmentKey, _ tls: BenchTLS) throws -> String {
    guard tls.chain.count == 2, let server = PublicKey(certificate: tls.chain[0]),
      let authority = PublicKey(certificate: tls.chain[1])
    else { throw BenchError("the server showed no certificate and authority") }
    let parties = EnrolmentParties(device: tls.key.publicKey.key, server: server.key, organisation: authority.key)
    let proof = EnrolmentProof.ofClient(secret, parties)
    return "1 enrol \(code.lookup) \(Base64URL.text(tls.key.publicKey.x963)) \(proof.text)\n"
  }
}

/// Sends the request behind the greeting and waits for the answer.
private final class EnrolmentReceiver: LineReceiver {
  private let answered: EventLoopPromise<Words>
  private let request: () throws -> String

  init(_ answered: EventLoopPromise<Words>, _ request: @escaping () throws -> String) {
    self.answered = answered
    self.request = request
  }

  func connected(_ channel: any Channel) {}

  func received(_ line: ByteBuffer, on channel: any Channel) {
    switch ServerMessage(line) {
    case .greeting:
      do {
        channel.writeAndFlush(ByteBuffer(string: try request()), promise: nil)
      } catch {
        answered.fail(error)
      }
    case .ok(_, let words): answered.succeed(words)
    default: answered.fail(BenchError("the server refused an enrolment: \(String(buffer: line))"))
    }
  }

  func failed(_ error: BenchError) {
    answered.fail(error)
  }
}
