import EditModel
import LedgerIdentity
import LedgerStore
import LineProtocol
import NIOCore
import NIOPosix
package import ReplicaKeeping
import SyncRules

extension Replica {
  /// Lets this device in with `order` and makes the replica in `home`, or renews the one that is there and is meant.
  ///
  /// May be cut off anywhere and called again with the same order: the device's key is made first and kept, and the
  /// server lets the same key in again. Nothing but a proof that tells nobody the code is sent before the server is
  /// known, by its fingerprint or by its own proof of the code.
  package static func enrol(
    home: String, _ order: EnrolmentOrder, device: Device = .system, upTo limit: Duration = .seconds(30)
  ) async throws(ClientError) -> Replica {
    try Folder.make(home)
    let standing = try standing(home, device)
    if let standing, try standing.wasEnrolled(with: order.code) { return standing }
    let key = try DeviceKey.ready(home)
    let own = try standing?.info().replica
    let answer = try await Enrolling(order, key: key, own: own).run(upTo: limit)
    guard let standing else {
      try Folder.makeFile(path(home))
      do throws(StoreError) {
        let store = try ReplicaStore.create(path: path(home), device: answer.device, trust: answer.trust)
        try store.noteSeat(seat: answer.seat, role: answer.role, place: answer.place)
        try store.close()
      } catch {
        throw .store(error)
      }
      return try Replica(home: home, device: device)
    }
    let isSame = try standing.withStore { store throws(StoreError) in
      try store.readmit(answer.device, trust: answer.trust)
    }
    guard isSame else { throw .enrolment(.otherAnswer) }
    return try Replica(home: home, device: device)
  }

  /// The replica in `home`; nil when there is none, or one whose making was cut off.
  private static func standing(_ home: String, _ device: Device) throws(ClientError) -> Replica? {
    do throws(ClientError) {
      return try Replica(home: home, device: device)
    } catch {
      switch error {
      case .noReplica: return nil
      // Making it says whether there is something in the file.
      case .store(.wrongKind): return nil
      default: throw error
      }
    }
  }

  private func wasEnrolled(with code: EnrolmentCode) throws(ClientError) -> Bool {
    guard DeviceKey.load(home) != nil else { return false }
    return try withStore { store throws(StoreError) in try store.header().trust?.lookup == code.lookup }
  }
}

/// What a server that let a device in gave it, proved and checked.
private struct EnrolmentAnswer: Sendable {
  let device: DeviceFile
  let trust: ReplicaTrust
  let seat: String
  let role: String
  let place: String?
}

/// One enrolment, from the connection to the answer.
private struct Enrolling: Sendable {
  private let order: EnrolmentOrder
  private let key: KeyPair
  /// The replica that the folder holds already.
  private let own: ReplicaID?

  init(_ order: EnrolmentOrder, key: KeyPair, own: ReplicaID?) {
    self.order = order
    self.key = key
    self.own = own
  }

  func run(upTo limit: Duration) async throws(ClientError) -> EnrolmentAnswer {
    // Slow on purpose, and therefore not on the loop.
    guard let secret = try? EnrolmentKey(of: order.code) else { throw .offline(.storage(nil)) }
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let greeted = loop.makePromise(of: Void.self)
    let answered = loop.makePromise(of: Words.self)
    let alarm = loop.scheduleTask(in: TimeAmount(limit)) {
      greeted.fail(ClientError.offline(.timedOut))
      answered.fail(ClientError.offline(.timedOut))
    }
    defer { alarm.cancel() }
    let link = ServerLink(
      addresses: order.addresses,
      security: .tls(
        pin: order.fingerprint.map { .fingerprint($0) } ?? .proof, certificate: nil, key: nil, lastContact: nil))
    let opening = link.open(on: loop) { [order, own] in EnrolmentHandler(greeted, answered, order, own: own) }
    opening.whenFailure {
      greeted.fail($0)
      answered.fail($0)
    }
    do {
      let opened = try await opening.get()
      defer { opened.channel.close(promise: nil) }
      try await greeted.futureResult.get()
      guard let chain = opened.chain else { throw ClientError.offline(.notTaizhang) }
      let parties = EnrolmentParties(
        device: key.publicKey.key, server: chain.server.key.key, organisation: chain.authority.key)
      let proof = EnrolmentProof.ofClient(secret, parties)
      let request = EnrolRequest(
        lookup: order.code.lookup, key: key.publicKey.x963, proof: proof.bytes, ledger: order.ledger, replica: own)
      try await opened.channel.writeAndFlush(ByteBuffer(string: "1 enrol \(request.text)\n"))
      let words = try await answered.futureResult.get()
      return try answer(words, secret, parties, chain)
    } catch let error as ClientError {
      throw error
    } catch {
      throw .offline(OfflineReason(SyncFailure(error)))
    }
  }

  /// Believes `words` when the server proves in them that it knows the code.
  private func answer(
    _ words: Words, _ secret: EnrolmentKey, _ parties: EnrolmentParties, _ chain: ServerChain
  ) throws(ClientError) -> EnrolmentAnswer {
    guard let certificate = words.value(of: "certificate").flatMap({ Base64URL.bytes($0) }),
      let proof = words.value(of: "proof").flatMap({ Base64URL.bytes($0) }),
      EnrolmentProof.ofServer(secret, parties, certificate: certificate).matches(proof)
    else { throw .enrolment(.notProved) }
    guard PublicKey(certificate: certificate) == key.publicKey,
      let replica = words.value(of: "replica").flatMap({ ReplicaID($0) }),
      let code = words.value(of: "secret").flatMap(Secret.init), let ledger = words.value(of: "ledger"),
      Name.isValid(ledger), order.ledger == nil || order.ledger == ExactString(ledger),
      let seat = words.value(of: "seat"), let role = words.value(of: "role")
    else { throw .enrolment(.otherAnswer) }
    let second = words.value(of: "second") ?? order.addresses.dropFirst().first?.description
    return EnrolmentAnswer(
      device: DeviceFile(
        server: order.addresses[0].description, ledger: ExactString(ledger), replica: replica, secret: code),
      trust: ReplicaTrust(
        authority: chain.authority.x963, certificate: certificate, second: second, lookup: order.code.lookup),
      seat: seat, role: role, place: words.value(of: "place"))
  }
}

/// Waits for the greeting, then for the one answer. Owned by its channel's event loop.
private final class EnrolmentHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let greeted: EventLoopPromise<Void>
  private let answered: EventLoopPromise<Words>
  private let order: EnrolmentOrder
  private let own: ReplicaID?
  private var framer = LineFramer()

  init(
    _ greeted: EventLoopPromise<Void>, _ answered: EventLoopPromise<Words>, _ order: EnrolmentOrder, own: ReplicaID?
  ) {
    self.greeted = greeted
    self.answered = answered
    self.order = order
    self.own = own
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    framer.receive(unwrapInboundIn(data))
    do throws(WireError) {
      while let line = try framer.nextLine() { received(ServerMessage(line)) }
    } catch {
      fail(.offline(.notTaizhang))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(.offline(.closed))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func received(_ message: ServerMessage?) {
    switch message {
    case .greeting: greeted.succeed()
    case .ok(_, let words): answered.succeed(words)
    case .failed(_, let error), .notice(let error): fail(failure(error))
    case .row, .line, .withdrawn, .reached, .moved, .passedOver: break
    case nil: fail(.offline(.notTaizhang))
    }
  }

  private func failure(_ error: WireError) -> ClientError {
    let code = error.code
    if code.rawValue == "code-refused" { return .enrolment(refusal(error.arguments.first)) }
    return .offline(
      code.errorClass == .stop ? .serverStopped(code: code.rawValue) : .serverWaits(code: code.rawValue))
  }

  private func refusal(_ what: ExactString?) -> EnrolmentFailure {
    if what == "ledger", let ledger = order.ledger { return .otherLedger(ledger) }
    if what == "replica", let own { return .otherReplica(own: own) }
    return .codeRefused
  }

  private func fail(_ error: ClientError) {
    greeted.fail(error)
    answered.fail(error)
  }
}
