import EditModel
import LedgerClient
import LedgerRules
import LedgerStore
import Testing

import enum LineProtocol.ErrorCode

@testable import ClientCommands
@testable import LedgerReports

/// Whatever can go wrong has a sentence in both languages. The switches have no default: a case that comes later does not
/// compile before it is in the lists here.
@Suite struct WordsTests {
  private static let chinese = Words(.chinese)
  private static let english = Words(.english)

  private static func hasHan(_ text: String) -> Bool {
    text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
  }

  private func expectBoth(_ sentence: (Words) -> String) {
    let chinese = sentence(WordsTests.chinese)
    let english = sentence(WordsTests.english)
    #expect(WordsTests.hasHan(chinese), "\(chinese)")
    #expect(!WordsTests.hasHan(english) && english.count > 3, "\(english)")
  }

  @Test(arguments: ErrorCode.allCases)
  func everyErrorCodeIsWorded(code: ErrorCode) {
    let arguments = WordsTests.arguments(of: code)
    expectBoth { $0.refusal(code: code.rawValue, arguments: arguments) }
    // Not the sentence for codes that this version does not know.
    let sentence = WordsTests.english.refusal(code: code.rawValue, arguments: arguments)
    #expect(!sentence.contains("does not know.") && !sentence.contains("which this version"))
  }

  /// Arguments as the error table has them.
  private static func arguments(of code: ErrorCode) -> [String] {
    switch code {
    case .absent, .appendOnly: ["p15"]
    case .forbidden: ["source"]
    case .value: ["progress"]
    case .stageMoved: ["working", "q2w8rt5n.9/1"]
    case .stagePath: ["unclaimed", "closed"]
    case .stageSeat: ["role"]
    case .stageNeeds: ["measure", "effect"]
    case .certificate: ["expired"]
    case .tooLong, .tag, .block, .encoding, .malformed, .arity, .unknownVerb, .unsupported,
      .unauthenticated, .denied,
      .authenticated, .alreadyOpen, .noLedger, .timeout, .stalled, .shutdown, .internal, .crowded,
      .busy, .storage,
      .archived, .held, .heldFull, .declined, .tls, .codeRefused, .removed, .seatChanged, .earlier, .ahead, .notWhole,
      .actSize,
      .foreign,
      .forked:
      []
    }
  }

  @Test func unknownCodesAndArgumentsAreWordedToo() {
    expectBoth { $0.refusal(code: "later-code", arguments: []) }
    expectBoth { $0.refusal(code: "forbidden", arguments: ["later_rule"]) }
  }

  @Test func everyRefusalIsWordedAndReadBack() {
    let refusals: [Refusal] =
      [
        .absent(.derived("p15")), .appendOnly(.derived("p15")), .value(.progress),
        .stageMoved(.working, nil),
        .stagePath(.unclaimed, .closed),
      ] + Refusal.Ban.allCases.map(Refusal.forbidden)
      + Refusal.SeatGround.allCases.map(Refusal.stageSeat)
      + Requirement.allCases.map { .stageNeeds([$0]) }
    for refusal in refusals {
      expectBoth { $0.sentence(refusal) }
      let (code, arguments) = WordsTests.wire(refusal)
      #expect(Refusal(code: code, arguments: arguments) == refusal)
    }
  }

  private static func wire(_ refusal: Refusal) -> (String, [String]) {
    switch refusal {
    case .absent(let id): ("absent", [id.description])
    case .forbidden(let ban): ("forbidden", [ban.rawValue])
    case .appendOnly(let id): ("append-only", [id.description])
    case .value(let field): ("value", [field.description])
    case .stageMoved(let stage, let edit):
      ("stage-moved", [stage.rawValue, edit?.description ?? "-"])
    case .stagePath(let from, let to): ("stage-path", [from.rawValue, to.rawValue])
    case .stageSeat(let ground): ("stage-seat", [ground.rawValue])
    case .stageNeeds(let missing): ("stage-needs", missing.map(\.rawValue))
    }
  }

  private static let reasons: [OfflineReason] = [
    .unreachable("x"), .unreachable("Connection refused"), .timedOut, .closed, .denied, .removed(handedOver: 0),
    .removed(handedOver: 3),
    .noLedger("x"),
    .serverWaits(code: "storage"), .serverStopped(code: "internal"), .notTaizhang, .olderHistory,
    .otherProcess,
    .storage(nil), .storage(.full(StoreFault(file: "x", code: 13, operation: "append"))),
  ]

  @Test(arguments: reasons)
  func everyOfflineReasonIsWorded(reason: OfflineReason) {
    expectBoth { $0.sentence(reason) }
    expectBoth { $0.savedHere(reason) }
    #expect(!reason.code.isEmpty)
  }

  @Test func linksThatComeAndGoAreWorded() {
    let reasons: [OfflineReason] = [
      .closed, .timedOut, .unreachable("unknownHost town.example"), .unreachable("x refused"),
    ]
    for reason in reasons {
      expectBoth { $0.comesBack(after: .milliseconds(1_200), reason) }
      expectBoth { $0.progress(.comesBack(reason, after: .seconds(3))) }
    }
    expectBoth { $0.comesBack(after: .zero) }
    expectBoth { $0.triesByItself }
    #expect(WordsTests.english.comesBack(after: .milliseconds(1_200)).contains(" 2 s"))
    #expect(
      WordsTests.english.sentence(.unreachable("unknownHost town.example")).contains("the name town.example cannot"))
  }

  @Test func everyClientErrorIsWordedAndHasAStatus() throws {
    let field = FieldName.progress
    let errors: [ClientError] = [
      .noReplica(home: "x"), .replicaExists(home: "x"), .fileUnreadable(path: "x", reason: "y"),
      .deviceFile(line: 2),
      .refused(.forbidden(.source)), .notWritable(field), .notWritable(nil), .nothingToUndo,
      .notUndoable(.stage),
      .store(.missing(file: "x")), .offline(.timedOut),
    ]
    for error in errors {
      expectBoth { $0.sentence(error) }
      let failure = try #require(CommandFailure(error, words: WordsTests.english))
      #expect(failure.status != .done && failure.status != .failed)
    }
  }

  @Test func noticesWarningsAndStandingsAreWorded() throws {
    let replica = ReplicaID(random: 1)
    let notices: [ReplicaNotice] = [
      .folderCopied(old: replica, new: replica), .historyWentBack(seq: 3), .historyReplaced,
    ]
    for notice in notices { expectBoth { $0.notice(notice) } }
    for shelved in 0...2 { expectBoth { $0.settledNotice(shelved: shelved) } }
    for code in ReportWarning.Code.allCases {
      expectBoth { $0.warning(ReportWarning(code: code, line: 3, text: "")) }
    }
    for role in Role.allCases { expectBoth { $0.importIsOwners(role) } }
    for stage in Stage.allCases { expectBoth { $0.nextSteps(from: stage) } }
  }

  @Test func refusedActsAreNotCountedAsSent() {
    #expect(
      WordsTests.english.synced(received: 2, decided: 2, refused: 1)
        == "Level with the town: 2 lines received, 1 act sent, 1 act refused.")
    expectBoth { $0.synced(received: 1, decided: 1, refused: 1) }
  }

  @Test func whatIsSaidWithAStepIsAskedForOnItsCommandLine() {
    for requirement in [Requirement.opinion, .reason] {
      let sentence = WordsTests.english.sentence(.stageNeeds([requirement]))
      #expect(sentence.contains("--reason") && !sentence.contains("taizhang set"))
    }
  }

  @Test func newSentencesAreInBothLanguages() {
    let conflict = ImportConflict(field: .deadline, present: "x", reported: "y")
    expectBoth { $0.otherRound([conflict]) }
    expectBoth { $0.outputIncomplete("x") }
    expectBoth { $0.outcomeFilled("done") }
    expectBoth { $0.noHistory("15", of: "x", partsToo: true) }
    expectBoth { $0.unknownField("x", of: .problem, isEdit: false) }
  }

  @Test(arguments: ClientCommands.ExitStatus.allCases)
  func theHelpNamesEveryExitStatus(status: ClientCommands.ExitStatus) {
    #expect(
      Help.programDiscussion.contains(" \(status.rawValue) ")
        || Help.programDiscussion.contains("：\(status.rawValue) "))
  }
}
