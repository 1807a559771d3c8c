import EditModel
import LedgerClient
import LedgerIdentity
import Testing

@testable import ClientCommands

/// What somebody is told who types an address or a code.
@Suite struct EnrolmentQuestionsTests {
  private let words = Words(.english)

  @Test(arguments: [
    ("10.1.2.3", "10.1.2.3:7374"), ("10.1.2.3:7000", "10.1.2.3:7000"), ("town.example", "town.example:7374"),
    ("[::1]:7000", "[::1]:7000"), ("::1", "[::1]:7374"), ("１０。１．2.3：7000", "10.1.2.3:7000"),
  ])
  func thePortMayBeLeftOut(typed: String, meant: String) {
    #expect(EnrolmentQuestions.address(typed)?.description == meant)
  }

  @Test(arguments: ["", "a b", "10.1.2.3:0", "10.1.2.3:70000", "人民路"])
  func whatIsNoAddressIsNone(typed: String) {
    #expect(EnrolmentQuestions.address(typed) == nil)
  }

  private func said(_ typed: String) -> String? {
    do throws(EnrolmentCodeProblem) {
      _ = try EnrolmentCode(typed)
      return nil
    } catch {
      return words.sentence(error, typed: typed)
    }
  }

  @Test func saysInWhichGroupTheErrorIsWhereItCanBeTold() throws {
    var generator = SystemRandomNumberGenerator()
    let spoken = EnrolmentCode(using: &generator).spoken
    #expect(said(spoken) == nil)
    #expect(said(String(spoken.dropFirst()))?.hasPrefix("Group 1 has 3 digits") == true)
    #expect(said(spoken + "0")?.hasPrefix("Group 5 has 2 digits") == true)
    let parts = spoken.split(separator: "-")
    let third = (parts[0...1] + ["u234"] + parts[3...4]).joined(separator: " ")
    #expect(said(third)?.hasPrefix("\"u\" in group 3") == true)
    // Where there is one group only, none is named, and nothing stands in its place.
    #expect(said("u234")?.hasPrefix("\"u\" is no digit") == true)
    #expect(said("0000")?.contains("has 4 digits and should have 17") == true)
    // Of a digit that is merely another nobody can say which.
    let digits = Array(EnrolmentCode(using: &generator).digits)
    let wrong = (digits[0] == "0" ? "1" : "0") + String(digits.dropFirst())
    #expect(said(wrong)?.contains("does not fit together") == true)
  }

  @Test func everyReasonIsWordedInBothLanguages() throws {
    let problems: [EnrolmentLineProblem] = [
      .notEnrolment, .incomplete, .badAddress, .badLedger, .badFingerprint, .badCode(.wrongCheck),
    ]
    let replica = try #require(ReplicaID("q2w8rt5n"))
    let failures: [EnrolmentFailure] = [
      .codeRefused, .notProved, .otherReplica(own: replica), .otherLedger("tucheng-2024"), .otherAnswer,
    ]
    let reasons: [OfflineReason] = [
      .certificate("missing"), .certificate("expired"), .certificate("other"), .otherServer(known: "a", found: "b"),
      .serverExpired, .plainElsewhere("10.1.2.3:7373"), .noDeviceKey,
    ]
    let server = try #require(HostPort("10.1.2.3:7374"))
    let first: [OfflineReason] = [
      .unreachable("Connection refused"), .timedOut, .closed, .notTaizhang, .serverExpired,
      .otherServer(known: "a", found: "b"), .serverStopped(code: "tls"), .serverWaits(code: "crowded"), .storage(nil),
    ]
    for language in [Language.chinese, .english] {
      let words = Words(language)
      let all =
        problems.map(words.sentence) + failures.map { words.sentence($0) } + reasons.map { words.sentence($0) }
        + first.map { words.notLetIn($0, at: server) }
      for sentence in all {
        let hasHan = sentence.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
        #expect(hasHan == (language == .chinese), "\(sentence)")
      }
    }
  }

  @Test(arguments: [
    ("connection reset (error set): Connection refused (errno: 111)", "nobody listens there"),
    ("unknownHost no.such.town", "the name no.such.town cannot be found"),
    ("connectTimeout(TimeAmount(nanoseconds: 8000000000))", "nobody answers there"),
    ("connect: Network is unreachable (errno: 101)", "the network is not there"), ("something else", "something else"),
  ])
  func theSystemsWordsAreWorded(said: String, meant: String) {
    #expect(words.sentence(.unreachable(said)).contains(meant))
  }

  @Test func theScreenOfAnotherServerAsksNothingAndNamesBothKeys() {
    let known = "0123456789abcdefghjkmnpqrstvwxyz"
    let found = String(known.reversed())
    for language in [Language.chinese, .english] {
      let screen = Words(language).sentence(.otherServer(known: known, found: found))
      #expect(screen.contains("0123 4567 89ab cdef"))
      #expect(screen.contains("zyxw vtsr"))
      #expect(!screen.contains("?") && !screen.contains("？"))
      #expect(screen.contains("taizhang enrol"))
    }
  }
}
