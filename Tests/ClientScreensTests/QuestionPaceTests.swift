import Testing

@testable import ClientScreens

@Suite struct QuestionPaceTests {
  private static let middle = UInt64(1) << 63

  @Test func aSlowLinkIsNotFullOfQuestions() {
    var pace = QuestionPace()
    #expect(pace.wait(isAnswered: true, took: .milliseconds(5), random: 0) == .seconds(3))
    #expect(pace.wait(isAnswered: true, took: .seconds(2), random: 0) == .seconds(20))
    // A clock that was set meanwhile.
    #expect(pace.wait(isAnswered: true, took: .seconds(9_000), random: 0) == .seconds(60))
    #expect(pace.wait(isAnswered: true, took: .seconds(-9_000), random: 0) == .seconds(3))
  }

  @Test func withoutAnAnswerItIsAskedLessAndLessOften() {
    var pace = QuestionPace()
    let waits = (0..<6).map { _ in pace.wait(isAnswered: false, took: .zero, random: QuestionPaceTests.middle) }
    #expect(waits == [3, 6, 12, 24, 48, 60].map { .seconds($0) })
    _ = pace.wait(isAnswered: true, took: .zero, random: 0)
    #expect(pace.wait(isAnswered: false, took: .zero, random: QuestionPaceTests.middle) == .seconds(3))
  }
}
