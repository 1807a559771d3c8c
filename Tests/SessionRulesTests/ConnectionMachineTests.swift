import EditModel
import LineProtocol
import NIOCore
import Testing

@testable import SessionRules

struct ConnectionMachineTests {
  @Test func asksTheDriverWhoItIsAndReadsNothingBehindUntilAnswered() throws {
    var machine = ConnectionMachine(nowSeconds: 0)
    let heard = machine.hears(
      "1 auth q2w8rt5n 00000000000000000000000000 unsent=2\n2 open tucheng-2023 -\n3 ping\n")
    #expect(heard == ["authenticate 1 q2w8rt5n 2"])
    let isPaused = machine.isPaused
    #expect(isPaused)
    machine.authenticated(Tag(1), as: try Samples.device())
    #expect(machine.actions() == ["open 2 tucheng-2023 -"])
    machine.opened(Tag(2))
    #expect(machine.actions() == ["time 3 -"])
  }

  @Test(arguments: [
    ("put q2w8rt5n.1/1 1 01hcd4gam0000 0 - p15 note x", "stop unauthenticated"),
    ("open tucheng-2023 -", "stop unauthenticated"),
    ("stat", "stop unauthenticated"),
    ("history p15", "stop unauthenticated"),
    ("replica", "stop unauthenticated"),
    ("snap", "stop unauthenticated"),
    ("put nothing", "stop malformed"),
    ("frobnicate", "stop unknown-verb"),
    ("stat now", "stop arity stat"),
    ("auth q2w8rt5n", "stop arity auth"),
  ])
  func answersWhatMayNotComeBeforeAuth(line: String, answer: String) {
    var machine = ConnectionMachine(nowSeconds: 0)
    #expect(machine.hears("7 \(line)\n") == ["7 \(answer)"])
    #expect(machine.hears("8 ping\n") == ["time 8 -"])
  }

  @Test func refusesSecondAuthSecondOpenAndAnotherLedger() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    #expect(machine.hears("2 auth q2w8rt5n 00000000000000000000000000 unsent=0\n") == ["2 stop authenticated"])
    #expect(machine.hears("3 open chaoyang-2023 -\n") == ["3 stop no-ledger chaoyang-2023"])
    #expect(machine.hears("4 open tucheng-2023 -\n") == ["open 4 tucheng-2023 -"])
    machine.opened(Tag(4))
    #expect(machine.hears("5 open tucheng-2023 -\n") == ["5 stop already-open"])
  }

  @Test func aHeldReplicaMayOnlyPutPingAndLeave() throws {
    var machine = ConnectionMachine(limits: ConnectionLimits(actsInFlight: 2), nowSeconds: 0)
    let replica = try #require(ReplicaID(Samples.replica))
    _ = machine.hears("1 auth \(replica) 00000000000000000000000000 unsent=0\n")
    machine.held(Tag(1), replica)
    for verb in ["open tucheng-2023 -", "stat", "history p15", "replica", "snap", "certificate"] {
      #expect(machine.hears("2 \(verb)\n") == ["2 stop removed"])
    }
    #expect(machine.hears("3 auth \(replica) 00000000000000000000000000 unsent=0\n") == ["3 stop authenticated"])
    #expect(machine.hears("4 ping\n") == ["time 4 -"])
    // In any order, and none waits for another that was put off.
    #expect(machine.hears(Samples.putLines(try Samples.act(5), tag: "a")) == ["quarantine a 5"])
    #expect(machine.hears(Samples.putLines(try Samples.act(3), tag: "b")) == ["quarantine b 3"])
    #expect(machine.hears(Samples.putLines(try Samples.act(6), tag: "c")) == ["c retry busy"])
    _ = machine.actsAnswered(2)
    #expect(machine.hears(Samples.putLines(try Samples.act(7), tag: "d")) == ["quarantine d 7"])
    #expect(
      machine.hears(Samples.putLines(try Samples.act(1, of: Samples.otherReplica), tag: "e")) == ["e stop foreign"])
    _ = machine.actsAnswered(1)
    #expect(machine.hears("9 bye\n") == ["rest"] || machine.isPaused)
  }

  @Test func nobodyIsEnrolledInTheClear() {
    let line =
      "1 enrol k7m2 \(String(repeating: "A", count: 87)) \(String(repeating: "A", count: 43))\n"
    var plain = ConnectionMachine(nowSeconds: 0)
    #expect(plain.hears(line) == ["1 stop tls"])
    var secure = ConnectionMachine(isSecure: true, nowSeconds: 0)
    #expect(secure.hears(line) == ["enrol 1 k7m2"])
  }

  @Test func closesOnLineWithoutTagAndHearsNothingMore() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    #expect(machine.hears("NOT A TAG\n5 ping\n") == ["close: * stop tag"])
    #expect(machine.hears("6 ping\n").isEmpty)
  }

  @Test(arguments: [(19, ["time 1 -"]), (20, ["time 1 -"]), (21, ["close: * stop too-long"])])
  func boundsTheLine(length: Int, actions: [String]) {
    var machine = ConnectionMachine(limits: ConnectionLimits(lineBytes: 20), nowSeconds: 0)
    let padding = String(repeating: "x", count: length - "1 ping y=".utf8.count)
    #expect(machine.hears("1 ping y=\(padding)\n") == actions)
  }

  @Test func aLineThatDripsInIsHeardOnceItIsWhole() {
    var machine = ConnectionMachine(nowSeconds: 0)
    for character in "1 pin" { #expect(machine.hears(String(character)).isEmpty) }
    #expect(machine.hears("g\n") == ["time 1 -"])
  }

  // MARK: Time

  @Test(
    arguments: [(29, []), (30, ["close: * stop timeout"]), (31, ["close: * stop timeout"])] as [(UInt64, [String])])
  func endsConnectionThatDoesNotAuthenticate(seconds: UInt64, actions: [String]) {
    var machine = ConnectionMachine(nowSeconds: 0)
    // A ping is no authentication: it does not buy time.
    _ = machine.hears("1 ping\n", at: 20)
    #expect(ticked(&machine, seconds) == actions)
  }

  @Test(arguments: [(299, []), (300, ["close: * stop timeout"])] as [(UInt64, [String])])
  func endsConnectionThatIsSilent(seconds: UInt64, actions: [String]) throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    #expect(ticked(&machine, seconds) == actions)
  }

  @Test func whatIsSentCountsAsLife() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    machine.sent(nowSeconds: 250)
    #expect(ticked(&machine, 400).isEmpty)
    #expect(ticked(&machine, 550) == ["close: * stop timeout"])
  }

  @Test func whoIsHeldBackIsNotTakenForSilentButForStalled() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    #expect(machine.tick(nowSeconds: 1_000, waitingBytes: 0, isHeldBack: true).brief == "rest")
    #expect(ticked(&machine, 1_299).isEmpty)
    #expect(ticked(&machine, 1_300) == ["close: * stop timeout"])
    var deaf = ConnectionMachine.authenticated(try Samples.device())
    #expect(deaf.tick(nowSeconds: 10, waitingBytes: 5_000, isHeldBack: true).brief == "rest")
    #expect(deaf.tick(nowSeconds: 70, waitingBytes: 5_000, isHeldBack: true).brief == "close: * stop stalled")
  }

  @Test func endsReaderThatTakesNothing() throws {
    let limits = ConnectionLimits(stallSeconds: 60)
    var machine = ConnectionMachine.authenticated(try Samples.device(), limits: limits)
    #expect(ticked(&machine, 10, waiting: 5_000).isEmpty)
    #expect(ticked(&machine, 69, waiting: 5_000).isEmpty)
    #expect(ticked(&machine, 70, waiting: 5_000) == ["close: * stop stalled"])
  }

  @Test func sparesReaderThatTakesALittle() throws {
    let limits = ConnectionLimits(stallSeconds: 60)
    var machine = ConnectionMachine.authenticated(try Samples.device(), limits: limits)
    #expect(ticked(&machine, 10, waiting: 5_000).isEmpty)
    #expect(ticked(&machine, 69, waiting: 4_999).isEmpty)
    #expect(ticked(&machine, 120, waiting: 4_999).isEmpty)
    #expect(ticked(&machine, 129, waiting: 4_999) == ["close: * stop stalled"])
  }

  private func ticked(_ machine: inout ConnectionMachine, _ seconds: UInt64, waiting: Int = 0) -> [String] {
    let action = machine.tick(nowSeconds: seconds, waitingBytes: waiting)
    if case .rest = action { return [] }
    return [action.brief]
  }

  // MARK: Leaving

  @Test func byeWaitsForActsInFlight() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    let put = Samples.putLines(try Samples.act(1), tag: "2")
    #expect(machine.hears(put + "3 bye\n4 ping\n") == ["submit 2 1 k=1"])
    #expect(machine.actsAnswered(1).brief == "close: 3 ok")
    #expect(machine.actions().isEmpty)
  }

  @Test func shutdownIsToldWhenActsAreAnswered() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    _ = machine.hears(Samples.putLines(try Samples.act(1), tag: "2"))
    #expect(machine.leave(saying: .notice(WireError(.shutdown))).brief == "rest")
    #expect(machine.actsAnswered(1).brief == "close: * wait shutdown")
  }

  /// A tag may be used again once it was answered, also when both acts are lines that cannot be read.
  @Test func everyUnreadableActIsAnswered() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    for n in 1...3 {
      #expect(
        machine.hears("y put \(Samples.replica).\(n)/1 1 01hcd4gam0000 -0 - p15 note x\n") == ["y stop malformed"])
    }
    #expect(machine.hears("y put \(Samples.replica).4/2 2 01hcd4gam0000 -0 - p15 note x\n").isEmpty)
  }

  // MARK: The peer's end

  @Test func whatCameBeforeThePeersEndIsAnsweredFirst() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    let put = Samples.putLines(try Samples.act(1), tag: "2")
    #expect(machine.hears(put + "3 stat\n4 ping\n5 pi") == ["submit 2 1 k=1", "stat 3"])
    machine.inputEnded()
    #expect(machine.actions().isEmpty)
    machine.answered(Tag(3))
    // What follows the last LF is no line and gets no answer.
    #expect(machine.actions() == ["time 4 -"])
    #expect(machine.actsAnswered(1).brief == "close when sent")
    #expect(machine.actions().isEmpty)
  }

  @Test func thePeersEndCutsAnActShort() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    let lines = Samples.putLines(try Samples.act(1, edits: 2), tag: "2")
    let first = try #require(lines.split(separator: "\n").first)
    #expect(machine.hears("\(first)\n").isEmpty)
    machine.inputEnded()
    #expect(machine.actions() == ["2 stop not-whole", "close when sent"])
  }

  @Test func aPeerThatEndedAndTakesNothingIsNotWaitedFor() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device(), limits: ConnectionLimits(stallSeconds: 60))
    machine.inputEnded()
    #expect(machine.actions() == ["close when sent"])
    #expect(ticked(&machine, 10, waiting: 5_000).isEmpty)
    #expect(ticked(&machine, 70, waiting: 5_000) == ["close: * stop stalled"])
  }

  @Test func aPeerThatEndedIsNotWaitedForLongerThanASilentOne() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    machine.inputEnded()
    #expect(machine.actions() == ["close when sent"])
    #expect(ticked(&machine, 300) == ["close: * stop timeout"])
  }
}
