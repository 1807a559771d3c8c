import EditModel
import LineProtocol
import SyncRules
import Testing

@Suite struct SyncMachineTests {
  @Test func greetsAuthenticatesAndOpensInOneWrite() throws {
    var machine = SyncMachine(
      facts: try Fixture.facts(counter: 2), outbox: try Fixture.outbox(1, 2), random: 1)
    #expect(machine.handle(.started).map(\.word) == ["connect", "wake watchdog"])
    #expect(machine.handle(.connected).map(\.word) == ["wake watchdog"])
    let actions = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536")
    #expect(
      actions.words == [
        "time",
        "send 1 auth q2w8rt5n \(Fixture.secret) unsent=2; 2 open tucheng-2023 \(Fixture.epoch).4",
      ])
  }

  @Test func asksForItsNextCertificateWhenThatIsDueAndKeepsTheAnswer() throws {
    var facts = try Fixture.facts(counter: 0)
    facts.certificateDue = Stamp("01hfn7ysv0000")
    var machine = SyncMachine(facts: facts, outbox: [], random: 1)
    _ = machine.handle(.started)
    _ = machine.handle(.connected)
    let asked = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536").words
    #expect(asked.last?.hasSuffix("; 3 certificate") == true)
    _ = try machine.hear("1 ok seat=zhangbaiwan role=village_clerk last=0", "2 ok \(Fixture.epoch) last=4")
    #expect(try machine.hear("3 ok certificate=MIIB").words == ["certificate MIIB"])
    // One that cannot be had now is no reason to go.
    _ = machine.handle(.disconnected(.closed, random: 0))
    machine = SyncMachine(facts: facts, outbox: [], random: 1)
    _ = machine.handle(.started)
    _ = machine.handle(.connected)
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536")
    _ = try machine.hear("1 ok seat=zhangbaiwan role=village_clerk last=0", "2 ok \(Fixture.epoch) last=4")
    #expect(try machine.hear("3 wait storage").words.isEmpty)
  }

  @Test func doesNotAskForACertificateBeforeItIsDue() throws {
    var facts = try Fixture.facts(counter: 0)
    facts.certificateDue = Stamp("01hfn7ysv0001")
    var machine = SyncMachine(facts: facts, outbox: [], random: 1)
    _ = machine.handle(.started)
    _ = machine.handle(.connected)
    let asked = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536").words
    #expect(!asked.joined().contains("certificate"))
  }

  /// A first sync was cut before it had a cursor, and the server was restored: opened from nothing, it is not told `anew`.
  @Test func aCutFirstSyncBeginsAnewInAnotherHistory() throws {
    var facts = try Fixture.facts(counter: 0)
    facts.cursor = nil
    facts.epoch = Epoch(Fixture.epoch)
    var machine = SyncMachine(facts: facts, outbox: [], random: 1)
    _ = machine.handle(.started)
    _ = machine.handle(.connected)
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536")
    let actions = try machine.hear(
      "1 ok seat=zhangbaiwan role=village_clerk last=0", "2 ok g2.00000000000000aa last=4")
    #expect(actions.words == ["seat zhangbaiwan village_clerk -", "restart g2.00000000000000aa"])
    #expect(actions.reports == [.online])
    // The same history under a cursor that is of another is no server of this ledger.
    facts.cursor = ExactString("\(Fixture.epoch).4")
    machine = SyncMachine(facts: facts, outbox: [], random: 1)
    _ = machine.handle(.started)
    _ = machine.handle(.connected)
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536")
    let other = try machine.hear(
      "1 ok seat=zhangbaiwan role=village_clerk last=0", "2 ok g2.00000000000000aa last=4")
    #expect(other.words.last == "disconnect")
  }

  @Test func keepsWhereTheServerSaysThatItIs() throws {
    var (machine, _) = try Fixture.live([])
    #expect(try machine.hear("* moved 10.1.2.3:7374").words == ["moving 10.1.2.3:7374"])
    #expect(try machine.hear("* of-a-later-version 3").words.isEmpty)
  }

  @Test func saysInWhichWayItsCertificateIsRefused() throws {
    var machine = SyncMachine(facts: try Fixture.facts(counter: 0), outbox: [], random: 1)
    _ = machine.handle(.started)
    _ = machine.handle(.connected)
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536")
    #expect(try machine.hear("1 stop certificate expired").words == ["disconnect"])
    let ended = machine.handle(.disconnected(.closed, random: 0))
    #expect(ended.reports == [.offline(.certificate("expired"))])
  }

  @Test func marksActsSentBeforeTheirFirstByteAndSendsThemInOrder() throws {
    let (_, actions) = try Fixture.live(try Fixture.outbox(2, 1))
    #expect(
      actions.words == [
        "seat zhangbaiwan village_clerk -", "mark [1, 2]",
        "send 3 put q2w8rt5n.1/1; 4 put q2w8rt5n.2/1",
        "apply [] 4",
      ])
  }

  @Test func settlesOnlyWhenOwnLinesHaveComeBack() throws {
    var (machine, _) = try Fixture.live(try Fixture.outbox(1))
    #expect(try machine.hear("3 ok 5").words == ["acknowledge 1 5"])
    #expect(!machine.isSettled)
    let act = try Fixture.act(1)
    let line = EditLine.text(try #require(try Fixture.accepted(5, act).first))
    let actions = try machine.hear("+ \(line)", "= 5 \(Fixture.epoch).5")
    #expect(actions.words == ["apply [5] 5", "send 4 ping unsent=0"])
    #expect(actions.reports == [.settled])
  }

  @Test func whatIsTakenAwayIsForgottenBehindTheLinesBeforeIt() throws {
    var (machine, _) = try Fixture.live([])
    let line = EditLine.text(try #require(try Fixture.accepted(5, Fixture.act(1)).first))
    let actions = try machine.hear("+ \(line)", "- p15", "= 6 \(Fixture.epoch).6")
    #expect(actions.words == ["apply [5] -", "withdraw p15", "apply [] 6"])
  }

  @Test(arguments: [("village_clerk", true), ("round_owner", false)])
  func aFirstSyncThatWasCutBeginsAnewForASeatThatSeesLess(_ role: String, _ isAnew: Bool) throws {
    var facts = try Fixture.facts(counter: 0, cursor: nil)
    facts.epoch = Epoch(Fixture.epoch)
    var machine = SyncMachine(facts: facts, outbox: [], random: 1)
    _ = machine.handle(.started)
    _ = machine.handle(.connected)
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536 cap=snap")
    _ = try machine.hear("1 ok seat=zhangbaiwan role=\(role) last=0")
    #expect(
      try machine.hear("2 ok \(Fixture.epoch) last=9").words.contains("restart \(Fixture.epoch) forgetting") == isAnew)
  }

  @Test func keepsWithinTheWindow() throws {
    let outbox = try (1...UInt64(SyncLimits.window + 1)).map {
      OutboxAct(act: try Fixture.act($0), phase: .pending)
    }
    var (machine, actions) = try Fixture.live(outbox)
    let first = actions.words.filter { $0.hasPrefix("send") }.joined().split(separator: ";")
    #expect(first.count == SyncLimits.window)
    actions = try machine.hear("3 ok 5")
    #expect(actions.words == ["acknowledge 1 5", "mark [129]", "send 131 put q2w8rt5n.129/1"])
  }

  @Test func sendsAnActAgainAfterTheConnectionBrokeWithoutMarkingItTwice() throws {
    var (machine, _) = try Fixture.live(try Fixture.outbox(1))
    let broken = machine.handle(.disconnected(.closed, random: 0))
    #expect(
      broken.map(\.word) == ["report offline(SyncRules.SyncFailure.closed)", "wake reconnect"])
    _ = machine.handle(.woke(.reconnect))
    _ = machine.handle(.connected)
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536")
    _ = try machine.hear("1 ok seat=zhangbaiwan role=village_clerk last=0")
    let actions = try machine.hear("2 ok \(Fixture.epoch)")
    #expect(actions.words == ["send 3 put q2w8rt5n.1/1"])
    #expect(try machine.hear("3 ok 5").words == ["acknowledge 1 5"])
  }

  @Test func putsARefusedActOnTheShelfAndGoesOn() throws {
    var (machine, _) = try Fixture.live(try Fixture.outbox(1, 2))
    #expect(try machine.hear("3 shelve absent p99").words == ["shelve 1 shelve absent p99"])
    #expect(try machine.hear("4 ok 5").words == ["acknowledge 2 5"])
    #expect(machine.undecidedCount == 0)
  }

  @Test(arguments: ["not-whole", "act-size 1024", "foreign", "malformed", "encoding"])
  func shelvesAnActThatWillNeverSucceed(answer: String) throws {
    var (machine, _) = try Fixture.live(try Fixture.outbox(1))
    #expect(try machine.hear("3 stop \(answer)").words.first == "shelve 1 stop \(answer)")
    #expect(machine.undecidedCount == 0)
  }

  @Test func afterWaitSendsTheActAndAllBehindItAgainInOrder() throws {
    var (machine, _) = try Fixture.live(try Fixture.outbox(1, 2, 3))
    #expect(try machine.hear("3 ok 5").words == ["acknowledge 1 5"])
    let waiting = try machine.hear("4 wait storage")
    #expect(waiting.words.isEmpty)
    #expect(waiting.reports == [.waiting(.storage)])
    #expect(try machine.hear("5 wait earlier n=2").words.isEmpty)
    #expect(machine.handle(.woke(.resume)).words == ["send 6 put q2w8rt5n.2/1; 7 put q2w8rt5n.3/1"])
  }

  @Test func restampsTheActAndAllBehindItAndSendsThemAtOnce() throws {
    var (machine, _) = try Fixture.live(try Fixture.outbox(1, 2))
    let now = "01hfn7ysv0000"
    #expect(try machine.hear("3 restamp ahead now=\(now)").words == ["restamp 1 \(now)"])
    // Nothing leaves before the file says what the acts are now.
    #expect(try machine.hear("4 wait earlier n=1").words.isEmpty)
    let outbox = try [1, 2].map { OutboxAct(act: try Fixture.act($0, at: 500), phase: .sent) }
    #expect(
      machine.handle(.outbox(outbox, counter: 2)).words == [
        "send 5 put q2w8rt5n.1/1; 6 put q2w8rt5n.2/1"
      ])
  }

  @Test func anotherActUnderTheSameNumberMeansThatTheFolderWasCopied() throws {
    var (machine, _) = try Fixture.live(try Fixture.outbox(1, 2, 3))
    #expect(try machine.hear("3 stop forked").words == ["forked 1", "need new id"])
    // What was sent is decided under its identity first; nothing new is sent.
    _ = machine.handle(
      .outbox(
        try Fixture.outbox(1, phase: .forked) + Fixture.outbox(2, 3, phase: .sent)
          + Fixture.outbox(4), counter: 4))
    #expect(try machine.hear("4 ok 5").words == ["acknowledge 2 5"])
    #expect(try machine.hear("5 ok 6").words == ["acknowledge 3 6", "send 6 replica"])
    let new = "6 ok replica=h4m7xk2v secret=\(Fixture.secret) last=0"
    #expect(try machine.hear(new).words == ["adopt h4m7xk2v", "disconnect"])
    var facts = try Fixture.facts(counter: 2)
    facts.replica = try Fixture.replica("h4m7xk2v")
    _ = machine.handle(.renewed(facts))
    let renamed = try [1, 2].map {
      OutboxAct(act: try Fixture.act($0, replica: "h4m7xk2v"), phase: .pending)
    }
    _ = machine.handle(.outbox(renamed, counter: 2))
    let back = machine.handle(.disconnected(.closed, random: 0))
    #expect(back.map(\.word) == ["wake reconnect"])
    _ = machine.handle(.woke(.reconnect))
    _ = machine.handle(.connected)
    let hello = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536")
    #expect(hello.words.last?.contains("auth h4m7xk2v") == true)
  }

  @Test func comesBackAtOnceWhenItsSeatHasChanged() throws {
    var (machine, _) = try Fixture.live(try Fixture.outbox(1))
    #expect(try machine.hear("* stop seat-changed").words == ["disconnect"])
    let actions = machine.handle(.disconnected(.closed, random: 0))
    guard case .wake(.reconnect, after: .zero)? = actions.last, actions.count == 1 else {
      Issue.record("\(actions)")
      return
    }
    // What waits goes again, under its identity.
    _ = machine.handle(.woke(.reconnect))
    _ = machine.handle(.connected)
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536")
    // One that does not get as far as before waits as after any other end.
    #expect(try machine.hear("* stop seat-changed").words == ["disconnect"])
    let later = machine.handle(.disconnected(.closed, random: 0))
    #expect(later.reports == [.offline(.stopped(.seatChanged))])
  }

  @Test func aReplicaBehindTheServerAsksForANewIDBeforeItSends() throws {
    let (_, actions) = try Fixture.live(try Fixture.outbox(3), last: 5)
    #expect(
      actions.words == [
        "seat zhangbaiwan village_clerk -", "need new id", "apply [] 4", "send 3 replica",
      ])
  }

  @Test func aLineOfTheOwnIDThatItDidNotWriteAsksForANewID() throws {
    var (machine, _) = try Fixture.live([])
    #expect(machine.handle(.foundStranger).words == ["send 3 replica"])
  }

  @Test func goesBackWithTheServerAndWaitsForTheOutbox() throws {
    let epoch = "g2.00000000000000aa"
    let (machine, actions) = try Fixture.live(try Fixture.outbox(2), opened: "ok \(epoch) fork=3")
    #expect(
      actions.words == ["seat zhangbaiwan village_clerk -", "rewind 3 \(epoch)", "apply [] 4"])
    var going = machine
    let again = OutboxAct(act: try Fixture.act(1), phase: .sent, wasAccepted: true)
    let sent = going.handle(.outbox([again] + (try Fixture.outbox(2)), counter: 2))
    #expect(sent.words == ["mark [2]", "send 3 put q2w8rt5n.1/1; 4 put q2w8rt5n.2/1"])
  }

  @Test func beginsAnewWithAnotherHistory() throws {
    let epoch = "g1.00000000000000aa"
    let (_, actions) = try Fixture.live([], opened: "ok \(epoch) anew")
    #expect(actions.words.contains("restart \(epoch)"))
  }

  @Test func neverReturnsToALowerGeneration() throws {
    var facts = try Fixture.facts(counter: 0)
    facts.epoch = Epoch("g2.00000000000000aa")
    var machine = SyncMachine(facts: facts, outbox: [], random: 1)
    _ = machine.handle(.started)
    _ = machine.handle(.connected)
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536")
    _ = try machine.hear("1 ok seat=zhangbaiwan role=village_clerk last=0")
    #expect(try machine.hear("2 ok \(Fixture.epoch) anew").words == ["disconnect"])
    #expect(machine.handle(.disconnected(.closed, random: 0)).reports == [.offline(.olderHistory)])
  }

  @Test func aDeniedDeviceIsToldAndDoesNotHammer() throws {
    var machine = SyncMachine(facts: try Fixture.facts(counter: 0), outbox: [], random: 1)
    _ = machine.handle(.started)
    _ = machine.handle(.connected)
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536")
    #expect(try machine.hear("1 stop denied").words == ["disconnect"])
    let after = machine.handle(.disconnected(.closed, random: 0))
    #expect(after.reports == [.offline(.denied)])
    guard case .wake(.reconnect, let delay)? = after.last else {
      Issue.record("no timer was set")
      return
    }
    #expect(delay == SyncLimits.lastingFailure)
  }

  /// A busy connection is never silent, and the time that its greeting said grows old.
  @Test func aTalkingConnectionIsAskedForTheTime() throws {
    var (machine, _) = try Fixture.live([])
    for expected in [[], [], ["send 3 ping unsent=0"], [], [], ["send 4 ping unsent=0"]] as [[String]] {
      _ = machine.handle(.readEnded)
      #expect(machine.handle(.woke(.watchdog)).words == expected)
    }
    let answer = try machine.hear("4 ok now=01hcd4gbs0000")
    guard case .noteTime(let now)? = answer.first else {
      Issue.record("the time was not noted: \(answer)")
      return
    }
    #expect(now.description == "01hcd4gbs0000")
  }

  @Test func aSilentConnectionIsClosed() throws {
    var (machine, _) = try Fixture.live([])
    // What came while it was opened is enough for the first look.
    #expect(machine.handle(.woke(.watchdog)).words == [])
    #expect(machine.handle(.woke(.watchdog)).words == ["send 3 ping unsent=0"])
    #expect(machine.handle(.woke(.watchdog)).words == ["disconnect"])
  }

  @Test func anotherProgramIsNotTakenForAServer() throws {
    var machine = SyncMachine(facts: try Fixture.facts(counter: 0), outbox: [], random: 1)
    _ = machine.handle(.started)
    _ = machine.handle(.connected)
    #expect(machine.handle(.unreadable).words == ["disconnect"])
    #expect(machine.handle(.disconnected(.closed, random: 0)).reports == [.offline(.notTaizhang)])
  }

  @Test func isNotLevelBeforeItIsWhereTheLedgerWasWhenOpened() throws {
    var (machine, actions) = try Fixture.live([], opened: "ok \(Fixture.epoch) last=9")
    #expect(!actions.reports.contains(.settled))
    actions = try machine.hear("= 9 \(Fixture.epoch).9")
    #expect(actions.reports == [.settled])
  }

  @Test func keepsLinesInMemoryOnlyUpToABound() throws {
    var (machine, _) = try Fixture.live([])
    var applied = 0
    for seq in 5..<UInt64(5 + 2 * SyncLimits.heldLines) {
      let act = try Fixture.act(seq, replica: "h4m7xk2v")
      let line = try #require(try Fixture.accepted(seq, act).first)
      applied += machine.handle(.received(.line(line))).words.count
    }
    #expect(applied == 2)
  }
}
