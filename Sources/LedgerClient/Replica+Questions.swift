package import EditModel
import LedgerRules
import LedgerStore
import LineProtocol
import NIOCore
import NIOPosix
import ReplicaKeeping
import SyncRules

// Questions that only the server can answer, each on a connection of its own: they need no lock and write nothing.

extension Replica {
  /// Who is there, when each was last heard from, and how far the server is.
  package func devices(upTo limit: Duration) async throws(ClientError) -> ServerStatus {
    let answer = try await ask(.stat, upTo: limit)
    guard let last = answer.words.value(of: "last").flatMap(Decimal.number),
      let now = answer.words.value(of: "now").flatMap(Stamp.init)
    else { throw .offline(.notTaizhang) }
    return ServerStatus(
      devices: answer.rows.compactMap(DeviceStatus.init), lastSeq: last, now: now,
      snapshot: answer.words.value(of: "snapshot").flatMap(Stamp.init))
  }

  /// Every edit of an entity, or of one field of it, that the server has and this seat may see.
  package func serverHistory(
    of entity: EntityID, field: FieldName?, upTo limit: Duration
  ) async throws(ClientError) -> [AcceptedEdit] {
    let answer = try await ask(.history(entity: entity, field: field), upTo: limit)
    return answer.rows.compactMap { EditLine.accepted($0.string) }
  }

  /// Asks whether this replica's server answers at `address`, whatever the replica itself has as its address. Throws
  /// `offline` with the reason when it does not.
  package func findServer(at address: HostPort, upTo limit: Duration) async throws(ClientError) {
    _ = try await ask(.ping(unsent: nil), at: address, upTo: limit)
  }

  private func ask(
    _ request: ClientRequest, at place: HostPort? = nil, upTo limit: Duration
  ) async throws(ClientError) -> Answer {
    let header = try withStore { store throws(StoreError) in try store.header() }
    let unsent = try withStore { store throws(StoreError) in try store.counts().unsent }
    let link: ServerLink
    do throws(ServerLink.Failure) {
      link = try ServerLink(header, home: home, at: place, staysOnMachine: device.staysOnMachine)
    } catch {
      throw .offline(OfflineReason(SyncFailure(error)))
    }
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let promise = loop.makePromise(of: Answer.self)
    let deadline = loop.scheduleTask(in: TimeAmount(limit)) {
      promise.fail(ClientError.offline(.timedOut))
    }
    let asking = Asking(
      request: request, replica: header.replica, secret: header.secret, ledger: header.ledger,
      cursor: header.cursor,
      unsent: UInt64(unsent))
    let connecting = link.open(on: loop) { QuestionHandler(asking, promise: promise) }
    connecting.whenFailure { promise.fail(ClientError.offline(OfflineReason(SyncFailure($0)))) }
    promise.futureResult.whenComplete { _ in
      deadline.cancel()
      connecting.whenSuccess { $0.channel.close(promise: nil) }
    }
    do {
      // Whoever is told to leave does not wait for an answer.
      return try await withTaskCancellationHandler {
        try await promise.futureResult.get()
      } onCancel: {
        promise.fail(ClientError.offline(.timedOut))
      }
    } catch {
      throw error as? ClientError ?? .offline(.closed)
    }
  }
}

/// What a question is asked with.
private struct Asking: Sendable {
  let request: ClientRequest
  let replica: ReplicaID
  let secret: Secret
  let ledger: ExactString
  let cursor: ExactString?
  let unsent: UInt64
}

/// What was answered.
private struct Answer: Sendable {
  var rows: [ExactString] = []
  var words = Words([])
}

/// One question on one connection: authenticates, opens, asks, and passes over the stream.
private final class QuestionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let asking: Asking
  private let promise: EventLoopPromise<Answer>
  private var framer = LineFramer()
  private var answer = Answer()

  private static let auth = Tag(1)
  private static let open = Tag(2)
  private static let question = Tag(3)

  init(_ asking: Asking, promise: EventLoopPromise<Answer>) {
    self.asking = asking
    self.promise = promise
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    framer.receive(unwrapInboundIn(data))
    do throws(WireError) {
      while let line = try framer.nextLine() { received(ServerMessage(line), context) }
    } catch {
      promise.fail(ClientError.offline(.notTaizhang))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    promise.fail(ClientError.offline(.closed))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func received(_ message: ServerMessage?, _ context: ChannelHandlerContext) {
    switch message {
    case .greeting: ask(context)
    case .row(QuestionHandler.question, let text): answer.rows.append(text)
    case .ok(QuestionHandler.question, let words):
      answer.words = words
      promise.succeed(answer)
    case .failed(_, let error), .notice(let error):
      promise.fail(ClientError.offline(reason(error)))
    case .row, .ok, .line, .withdrawn, .reached, .moved, .passedOver: break
    case nil: promise.fail(ClientError.offline(.notTaizhang))
    }
  }

  private func reason(_ error: WireError) -> OfflineReason {
    let code = error.code
    return switch code {
    case .denied: .denied
    case .certificate: .certificate(error.arguments.first?.string ?? "other")
    case .noLedger: .noLedger(asking.ledger.string)
    default:
      code.errorClass == .stop
        ? .serverStopped(code: code.rawValue) : .serverWaits(code: code.rawValue)
    }
  }

  private func ask(_ context: ChannelHandlerContext) {
    let lines = [
      ClientLine(
        tag: QuestionHandler.auth,
        request: .auth(replica: asking.replica, secret: asking.secret, unsent: asking.unsent)),
      ClientLine(
        tag: QuestionHandler.open, request: .open(ledger: asking.ledger, cursor: asking.cursor)),
      ClientLine(tag: QuestionHandler.question, request: asking.request),
    ]
    var buffer = context.channel.allocator.buffer(capacity: 512)
    for line in lines { line.write(to: &buffer) }
    context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
  }
}

extension DeviceStatus {
  /// Reads a row of `stat`; nil when it is not one.
  fileprivate init?(_ row: ExactString) {
    let words = Words(row.string.split(separator: " ").map { ExactString(String($0)) })
    guard let replica = words.value(of: "device").flatMap({ ReplicaID($0) }),
      let seat = words.value(of: "seat").flatMap({ SeatID($0) })
    else { return nil }
    self.init(
      replica: replica, seat: seat, role: words.value(of: "role").flatMap { Role(rawValue: $0) },
      place: words.value(of: "place").map { ExactString($0) },
      contact: words.value(of: "contact").flatMap(Stamp.init),
      unsent: words.value(of: "unsent").flatMap(Decimal.number).map { Int($0) } ?? 0,
      isLive: words.value(of: "live") == "1")
  }
}
