package import EditModel
package import LineProtocol
import NIOCore

extension ConnectionMachine {
  /// What one line asks for; nil when nothing is to be done about it yet.
  mutating func heard(_ line: ByteBuffer) -> ConnectionAction? {
    let put = PutLine(line)
    if let open = collector.openTag, put?.tag != open {
      // Another line cuts the act short: the act is answered first, then the line is heard.
      collector.drop()
      heardAgain = line
      return .reply(.failed(open, WireError(.notWhole)))
    }
    if let put { return heardPut(put) }
    passedOver = nil
    let parsed: ClientLine
    do {
      parsed = try ClientLine(line)
    } catch {
      return heardFault(error)
    }
    if let refusal = misplaced(parsed.request) {
      let answer = ServerMessage.failed(parsed.tag, refusal)
      // What follows is blocks, which we would take for lines.
      if case .deflate = parsed.request { return close(with: answer) }
      return .reply(answer)
    }
    return asked(parsed)
  }

  private mutating func asked(_ line: ClientLine) -> ConnectionAction? {
    let tag = line.tag
    switch line.request {
    case .ping(let unsent): return .tellTime(tag, unsent: unsent)
    case .bye: return leave(saying: .ok(tag, Words([])))
    case .deflate:
      pause = .answer(tag)
      return .deflate(tag)
    case .unbuilt(let verb): return .reply(.failed(tag, WireError(.unsupported, [ExactString(verb.rawValue)])))
    case .auth(let replica, let secret, let unsent, let report):
      pause = .answer(tag)
      return .authenticate(tag, replica: replica, secret: secret, unsent: unsent, report: report)
    case .resume(let request):
      pause = .answer(tag)
      return .resume(tag, request)
    case .enrol(let request):
      guard isSecure else { return .reply(.failed(tag, WireError(.tls))) }
      pause = .answer(tag)
      return .enrol(tag, request)
    case .open(let ledger, let cursor):
      guard device?.ledger == ledger else { return .reply(.failed(tag, WireError(.noLedger, [ledger]))) }
      pause = .answer(tag)
      return .open(tag, ledger: ledger, cursor: cursor)
    case .history(let entity, let field):
      pause = .answer(tag)
      return .readHistory(tag, entity: entity, field: field)
    case .stat:
      pause = .answer(tag)
      return .readStatus(tag)
    case .replica:
      pause = .answer(tag)
      return .issueReplica(tag)
    case .certificate:
      pause = .answer(tag)
      return .issueCertificate(tag)
    case .snap:
      pause = .answer(tag)
      return .listSnapshots(tag)
    case .put: preconditionFailure("put lines have a way of their own")
    }
  }

  /// Why a verb may not come now; nil when it may.
  private func misplaced(_ request: ClientRequest) -> WireError? {
    if case .unbuilt = request { return nil }
    if case .deflate = request, source.isExpanding { return WireError(.malformed) }
    let stage = request.verb.stage
    switch state {
    case .greeted: return stage == .afterAuth ? WireError(.unauthenticated) : nil
    case .authenticated, .open:
      if stage == .beforeAuth { return WireError(.authenticated) }
      if case .open = request, case .open = state { return WireError(.alreadyOpen) }
      return nil
    case .held:
      if case .deflate = request { return nil }
      return stage == .beforeAuth ? WireError(.authenticated) : stage == .always ? nil : WireError(.removed)
    case .leaving, .ending, .closed: return nil
    }
  }

  private mutating func heardFault(_ fault: LineFault) -> ConnectionAction {
    guard let tag = fault.tag else { return close(with: .notice(fault.error)) }
    let isDeflate = fault.error == WireError(.arity, [ExactString(Verb.deflate.rawValue)])
    return fault.error.code.closes || isDeflate
      ? close(with: .failed(tag, fault.error)) : .reply(.failed(tag, fault.error))
  }

  // MARK: Answers to questions

  /// From the line behind `deflate` on it is blocks, over `ending` besides the words. The driver has written the answer.
  package mutating func deflated(_ tag: Tag, with decoder: BlockDecoder, ending: [UInt8]) {
    source.expand(with: decoder, ending: ending)
    answered(tag)
  }

  /// The device is known: what `authenticate` asked. The driver has written the answer.
  package mutating func authenticated(_ tag: Tag, as device: AuthenticatedDevice) {
    guard case .greeted = state else { return }
    state = .authenticated(device)
    answered(tag)
  }

  /// The replica is shut out, or is not known here and has a certificate of the organisation: what `authenticate` asked.
  /// The driver has written the answer.
  package mutating func held(_ tag: Tag, _ replica: ReplicaID) {
    guard case .greeted = state else { return }
    state = .held(replica)
    answered(tag)
  }

  /// The ledger is open: what `open` asked. The driver has written the answer.
  package mutating func opened(_ tag: Tag) {
    guard case .authenticated(let device) = state else { return }
    state = .open(device)
    answered(tag)
  }
}

extension ClientRequest {
  /// The verb of the table that this request came as.
  var verb: Verb {
    switch self {
    case .auth: .auth
    case .resume: .resume
    case .enrol: .enrol
    case .open: .open
    case .put: .put
    case .history: .history
    case .stat: .stat
    case .ping: .ping
    case .replica: .replica
    case .snap: .snap
    case .bye: .bye
    case .certificate: .certificate
    case .deflate: .deflate
    case .unbuilt(let verb): verb
    }
  }
}
