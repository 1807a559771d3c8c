import CoreMetrics
import EditModel
import LedgerIdentity
import LedgerRules
import LedgerStore
import LineProtocol
import Logging
import SessionRules
import Synchronization

/// What the proofs of an enrolment are over on the server's side, and who signs the device's certificate.
struct EnrolmentGround: Sendable {
  /// The key of the certificate that the connection was shown.
  let server: PublicKey
  /// The key of the authority that was shown with it.
  let authority: PublicKey
  /// Who signs.
  let identity: TLSDesk
}

/// What became of a device that asked to be let in by a code.
enum EnrolmentOutcome: Sendable {
  /// It is let in; the words are the answer.
  case letIn(Words)
  /// The code is not there, was used, has expired, or the proof is wrong: nobody is told which. The answer waits so long.
  case refused(delayMilliseconds: UInt64)
  /// The code is right, but not for what the device asks for: `ledger` or `replica`. It lets somebody in still.
  case mismatched(ExactString)
  /// The seats cannot be read or written, or no certificate be made, now.
  case failed
}

/// Letting devices in by codes.
extension SeatDesk {
  /// Answers whether the code lets the device in. `answer` is called on another thread.
  func enrol(
    _ request: EnrolRequest, _ ground: EnrolmentGround, from address: String, at now: Stamp,
    answer: @escaping @Sendable (EnrolmentOutcome) -> Void
  ) {
    thread.run { [self] in
      do throws(StoreError) {
        let code = try store.enrolment(request.lookup)
        guard let code, let proved = Proved(request, code, ground) else {
          return answer(try refused(request.lookup, isKnown: code != nil, from: address, at: now))
        }
        if let what = request.mismatch(with: code, of: proved.device, at: now) { return answer(.mismatched(what)) }
        guard let grant = try letIn(proved, request.lookup, at: now) else {
          logger.warning(
            "an enrolment code was proved by another device than the one that used it, or after it had expired",
            metadata: [LogKey.lookup: "\(request.lookup)", LogKey.address: "\(address)"])
          return answer(try refused(request.lookup, isKnown: false, from: address, at: now))
        }
        answer(try letIn(grant, proved, ground, at: now))
      } catch {
        note(error, "a device could not be enrolled, because the seats cannot be read or written")
        answer(.failed)
      }
    }
  }

  /// A device that has shown that it knows the code.
  private struct Proved {
    let device: PublicKey
    let key: EnrolmentKey
    let parties: EnrolmentParties

    init?(_ request: EnrolRequest, _ code: EnrolmentFacts, _ ground: EnrolmentGround) {
      guard let device = PublicKey(x963: request.key), let key = EnrolmentKey(bytes: code.key) else { return nil }
      let parties = EnrolmentParties(device: device.key, server: ground.server.key, organisation: ground.authority.key)
      guard EnrolmentProof.ofClient(key, parties).matches(request.proof) else { return nil }
      (self.device, self.key, self.parties) = (device, key, parties)
    }
  }

  private func letIn(_ proved: Proved, _ lookup: String, at now: Stamp) throws(StoreError) -> DeviceGrant? {
    // Forty drawn bits are hardly ever in use already; a few more draws never are.
    for _ in 0..<3 {
      do throws(StoreError) {
        return try store.enrol(lookup, deviceKey: proved.device.digest, draw: SeatDesk.draw(), at: now)
      } catch .seats(.deviceTaken) {
        continue
      }
    }
    return try store.enrol(lookup, deviceKey: proved.device.digest, draw: SeatDesk.draw(), at: now)
  }

  private func letIn(
    _ grant: DeviceGrant, _ proved: Proved, _ ground: EnrolmentGround, at now: Stamp
  ) throws(StoreError) -> EnrolmentOutcome {
    let name = grant.replica.description
    guard let certificate = ground.identity.deviceCertificate(for: proved.device, name: name, at: now) else {
      return .failed
    }
    let proof = EnrolmentProof.ofServer(proved.key, proved.parties, certificate: certificate)
    var words: [ExactString] = [
      .pair("replica", grant.replica), .pair("secret", grant.secret.digits), .pair("ledger", grant.ledger),
    ]
    words += SeatDesk.words(of: grant.seat)
    words += [.pair("certificate", Base64URL.text(certificate)), .pair("proof", proof.text)]
    if let second = try store.addresses().second { words.append(.pair("second", second)) }
    logger.info("a device was enrolled", metadata: [LogKey.replica: "\(grant.replica)"])
    return .letIn(Words(words))
  }

  /// What a wrong proof comes to; says in the log and in the audit when a code that is there is being guessed.
  private func refused(
    _ lookup: String, isKnown: Bool, from address: String, at now: Stamp
  ) throws(StoreError) -> EnrolmentOutcome {
    let verdict = throttle.withLock {
      $0.wrong(lookup: lookup, address: address, nowSeconds: ServerClock.seconds())
    }
    ServerMetrics.codesRefused.increment()
    if let count = verdict.alarm, isKnown {
      logger.error(
        "an enrolment code is being guessed; if that is nobody's mistake, make another one for the device",
        metadata: [
          LogKey.lookup: "\(lookup)", LogKey.address: "\(address)", LogKey.count: "\(count)",
        ])
      try store.note(.codeGuessed, [lookup, String(count)], at: now)
    }
    return .refused(delayMilliseconds: verdict.delayMilliseconds)
  }

  /// A seat as answers name it.
  static func words(of seat: SeatFacts) -> [ExactString] {
    var words: [ExactString] = [.pair("seat", seat.seat), .pair("role", seat.role.rawValue)]
    if let place = seat.place { words.append(.pair("place", place)) }
    if let holder = seat.holder { words.append(.pair("holder", holder)) }
    return words
  }
}

extension EnrolRequest {
  /// What a device that has proved `code` wants, and the code is not for: looked at before the code is used up, so that
  /// a mistyped line costs nobody a code and leaves no device behind that never comes; and before it is used once more, so
  /// that a copy of the folder, which has the key, takes nothing from the device that it let in. Nil when there is nothing.
  fileprivate func mismatch(with code: EnrolmentFacts, of device: PublicKey, at now: Stamp) -> ExactString? {
    guard code.expires > now else { return nil }
    if let used = code.used {
      guard used == device.digest, let replica, replica != code.replica else { return nil }
      return "replica"
    }
    if let ledger, ledger != code.ledger { return "ledger" }
    if let replica, replica != code.again { return "replica" }
    return nil
  }
}
