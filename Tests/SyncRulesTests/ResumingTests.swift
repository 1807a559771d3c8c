import EditModel
import LineProtocol
import SyncRules
import Testing

/// A sync that says in one line who is there, and what it makes of each answer.
@Suite struct ResumingTests {
  private let greeting = "* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536 cap=deflate,resume,snap"
  private let line = "1 resume q2w8rt5n \(Fixture.secret) 6 \(Fixture.epoch).4 k7m29qwe"

  /// A machine that was greeted, and what it did about that.
  private func greeted(
    by greeting: String? = nil, outbox: [OutboxAct] = [], _ change: (inout SyncFacts) -> Void = { _ in }
  ) throws -> (SyncMachine, [String]) {
    var facts = try Fixture.facts(counter: 6)
    facts.welcome = "k7m29qwe"
    facts.reached = 4
    change(&facts)
    var machine = SyncMachine(facts: facts, outbox: outbox, random: 1)
    _ = machine.handle(.started)
    _ = machine.handle(.connected)
    let words = try machine.hear(greeting ?? self.greeting).words
    return (machine, words)
  }

  @Test func whoHasNothingToPutSaysOneLineAndIsLevelByOneWord() throws {
    var (machine, said) = try greeted()
    #expect(said == ["time", "send \(line)"])
    let actions = try machine.hear("1 ok same")
    #expect(actions.words == ["welcome k7m29qwe"])
    #expect(actions.reports == [.online, .settled])
    #expect(machine.isSettled)
    // From then on it follows like any other connection.
    #expect(try machine.hear("= 5 \(Fixture.epoch).5").words == ["apply [] 5"])
  }

  @Test func withMoreOfTheHistoryItIsLevelOnlyBehindThat() throws {
    var (machine, _) = try greeted()
    #expect(try machine.hear("1 ok same last=6").reports == [.online])
    #expect(!machine.isSettled)
    #expect(try machine.hear("= 5 \(Fixture.epoch).5").reports.isEmpty)
    #expect(try machine.hear("= 6 \(Fixture.epoch).6").reports == [.settled])
  }

  @Test func whatIsOtherwiseIsTakenAsOfAuthAndOpen() throws {
    var (machine, _) = try greeted()
    let actions = try machine.hear(
      "1 ok \(Fixture.epoch) view last=9 seat=zhangbaiwan role=village_clerk n=6 place=张百万村 welcome=00000000")
    #expect(
      actions.words == [
        "seat zhangbaiwan village_clerk 张百万村", "welcome 00000000", "restart \(Fixture.epoch) forgetting",
      ])
    #expect(actions.reports == [.online])
  }

  @Test func aGreaterNumberThanTheOwnMeansANewID() throws {
    var (machine, _) = try greeted()
    let actions = try machine.hear(
      "1 ok \(Fixture.epoch) last=4 seat=zhangbaiwan role=village_clerk n=7 welcome=k7m29qwe")
    #expect(actions.words.contains("need new id"))
  }

  @Test func aHeldDeviceEndsWithThatAndKnowsNoWelcomeAnyMore() throws {
    var (machine, _) = try greeted()
    let actions = try machine.hear("1 ok held=1 last=6")
    #expect(actions.words == ["removed 0", "disconnect"])
    _ = machine.handle(.disconnected(.closed, random: 0))
    _ = machine.handle(.woke(.reconnect))
    _ = machine.handle(.connected)
    #expect(try machine.hear(greeting).words.last?.contains(" auth ") == true)
  }

  @Test(arguments: ["1 stop denied", "1 stop certificate expired", "1 wait storage", "* stop removed"])
  func aRefusalEndsTheConnection(_ answer: String) throws {
    var (machine, _) = try greeted()
    #expect(try machine.hear(answer).words == ["disconnect"])
  }

  @Test func whoIsNotAnsweredGivesUp() throws {
    var (machine, _) = try greeted()
    #expect(machine.handle(.woke(.watchdog)).words == ["disconnect"])
  }

  @Test func nothingLeavesBeforeTheAnswer() throws {
    var (machine, _) = try greeted()
    #expect(machine.handle(.outbox(try Fixture.outbox(7), counter: 7)).words.isEmpty)
    let actions = try machine.hear("1 ok same")
    #expect(actions.words == ["welcome k7m29qwe", "mark [7]", "send 2 put q2w8rt5n.7/1"])
  }

  @Test func allThatItDoesNotStandForIsSaidInFull() throws {
    let (_, old) = try greeted(by: "* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536 cap=deflate,snap")
    let (_, waiting) = try greeted(outbox: try Fixture.outbox(7)) { $0.counter = 7 }
    let (_, unknown) = try greeted { $0.welcome = nil }
    let (_, fresh) = try greeted { $0.cursor = nil }
    let (_, copied) = try greeted { $0.needsNewID = true }
    let (_, due) = try greeted { $0.certificateDue = Stamp("01hfn7ysv0000") }
    for said in [old, waiting, unknown, fresh, copied, due] {
      #expect(said.last?.hasPrefix("send 1 auth ") == true, "\(said)")
    }
  }
}
