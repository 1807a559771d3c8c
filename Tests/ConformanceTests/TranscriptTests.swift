import LedgerTestKit
import Testing

/// The format of transcripts, and that every transcript of the tree is in it.
@Suite struct TranscriptTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func everyTranscriptIsRead() throws {
    let names = try Transcript.names()
    #expect(names.count >= 25)
    for name in names {
      let transcript = try Transcript.read(name)
      #expect(!transcript.setup.isEmpty, "\(name) sets nothing up")
      let expects = transcript.steps.contains { step in
        if case .expect = step.action { true } else { false }
      }
      #expect(expects, "\(name) expects nothing")
    }
  }

  @Test func patternCapturesAndReuses() throws {
    let pattern = try LinePattern("{tag} ok n={n:number} {now:stamp}{any:rest}")
    let captures = try #require(try pattern.match(bytes("7 ok n=41 01hfn7ysv0000 more words"), Captures()))
    #expect(captures["tag"] == bytes("7"))
    #expect(captures["n"] == bytes("41"))
    #expect(captures["now"] == bytes("01hfn7ysv0000"))
    let sent = try LinePattern("{=tag} x {=n+1} {=now+1}\\xFF").text(captures)
    #expect(sent == bytes("7 x 42 01hfn7ysv1000") + [0xFF])
    #expect(try LinePattern("n={=n}").match(bytes("n=41"), captures) != nil)
    #expect(try LinePattern("n={=n}").match(bytes("n=4"), captures) == nil)
  }

  @Test(arguments: ["{open", "\\xZZ", "{}", "{a:b}", "{a:word:c}", "{=a+b}"])
  func brokenPatternIsRefused(_ source: String) {
    #expect(throws: TranscriptFailure.self) { try LinePattern(source) }
  }

  @Test(arguments: [
    "x", "C1", "C1 x", "C1! gone", "C1~ many bytes of x", "C1~ many lines of x", "C1<{", "C1<{\nC2< a\nC1<}",
    "C1<[\nC1<}", "C1! tls a b", "C1! proves code", "C1! proves code to clerk", "C1! enrolled",
  ])
  func brokenTranscriptIsRefused(_ text: String) {
    #expect(throws: TranscriptFailure.self) { try Transcript(name: "t", text: text) }
  }

  @Test func everyStepIsRead() throws {
    let text = """
      C1> a
      C1>> a
      C1>? a
      C1~ 3 bytes of x
      C1~ 3 lines of a b
      C1! closed
      C1! cut off
      C1! ends
      C1! close
      C1! greeted
      C1! tls
      C1! tls clerk
      C1! tls-1.2
      C1! tls-1.2 clerk
      C1! tls-port
      C1! proves code as clerk
      C1! enrolled clerk
      C1! certified clerk
      S! restore
      """
    let a = try LinePattern("a")
    #expect(
      try Transcript(name: "t", text: text).steps.map(\.action) == [
        .send(a, endsLine: true), .send(a, endsLine: false), .insist(a), .flood(count: 3, byte: UInt8(ascii: "x")),
        .pile(count: 3, try LinePattern("a b")), .awaitClose, .awaitCut, .endSending, .close, .greeted,
        .connectTLS(.tls(device: nil, isOld: false)), .connectTLS(.tls(device: "clerk", isOld: false)),
        .connectTLS(.tls(device: nil, isOld: true)), .connectTLS(.tls(device: "clerk", isOld: true)),
        .connectTLS(.bare), .prove(code: "code", device: "clerk"), .checkEnrolment(device: "clerk"),
        .checkCertificate(device: "clerk"), .operate(try LinePattern("restore")),
      ])
  }

  @Test func groupKeepsTheOrderOfTheStreamOnly() throws {
    let patterns = try ["1 ok {a}", "+ one", "+ two", "= {s:number} c"].map { try LinePattern($0) }
    for order in [
      ["1 ok 5", "+ one", "+ two", "= 2 c"], ["+ one", "= 1 c", "1 ok 5", "+ two", "= 2 c"],
      ["+ one", "+ two", "= 2 c", "1 ok 5"],
    ] {
      var group = ExpectedLines(patterns, order: .answersAnywhere)
      var captures = Captures()
      for line in order { try group.take(bytes(line), &captures) }
      #expect(group.isComplete)
      #expect(captures["a"] == bytes("5"))
      #expect(captures["s"] == bytes("2"))
    }
    for wrong in ["+ two", "2 ok 5", "1 stop busy", "* stop tag"] {
      var group = ExpectedLines(patterns, order: .answersAnywhere)
      var captures = Captures()
      #expect(throws: TranscriptFailure.self) { try group.take(bytes(wrong), &captures) }
    }
  }

  @Test func unorderedGroupTakesEachLineOnce() throws {
    var group = ExpectedLines(try ["+ one", "+ two"].map { try LinePattern($0) }, order: .any)
    var captures = Captures()
    try group.take(bytes("+ two"), &captures)
    #expect(throws: TranscriptFailure.self) { try group.take(bytes("+ two"), &captures) }
    #expect(throws: TranscriptFailure.self) { try group.take(bytes("= 1 c"), &captures) }
    try group.take(bytes("+ one"), &captures)
    #expect(group.isComplete)
  }

  @Test func singleLineIsThatLineOnly() throws {
    var one = ExpectedLines([try LinePattern("1 ok")])
    var captures = Captures()
    #expect(throws: TranscriptFailure.self) { try one.take(bytes("= 1 c"), &captures) }
    try one.take(bytes("1 ok"), &captures)
    #expect(one.isComplete)
  }
}
