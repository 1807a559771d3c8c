import Testing

@testable import TerminalKit

struct ScreenMailboxTests {
  @Test func keepsOrderAndIsEmptyAfterTaking() {
    let mailbox = ScreenMailbox<Int>()
    for number in 0..<5 { #expect(mailbox.post(number)) }
    #expect(mailbox.take().news == [0, 1, 2, 3, 4])
    #expect(mailbox.take().news == [])
    #expect(!mailbox.take().isStopRequested)
  }

  @Test func refusesMoreThanTheLimit() {
    let mailbox = ScreenMailbox<Int>()
    let taken = (0...ScreenMailbox<Int>.limit).map { mailbox.post($0) }
    #expect(taken.filter { $0 }.count == ScreenMailbox<Int>.limit)
    #expect(taken.last == false)
    #expect(mailbox.take().news.count == ScreenMailbox<Int>.limit)
    #expect(mailbox.post(1))
  }

  @Test func losesNothingThatManyTasksPost() async {
    let mailbox = ScreenMailbox<Int>()
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask { for number in 0..<100 { mailbox.post(task * 100 + number) } }
      }
    }
    #expect(mailbox.take().news.sorted() == Array(0..<800))
  }
}
