import Synchronization

/// Brings news from any thread to the screen that runs; owned by whoever runs it.
package final class ScreenMailbox<News: Sendable>: Sendable {
  /// The most news that wait to be read.
  package static var limit: Int { 4_096 }

  private struct Contents {
    var news: [News] = []
    var isStopRequested = false
  }

  private let contents = Mutex(Contents())

  /// An empty mailbox.
  package init() {}

  /// Leaves one piece of news, in order; the screen has it within a moment.
  /// - Returns: false when the mailbox is full and the news was not taken: offer it again, or rely on those that wait.
  @discardableResult
  package func post(_ news: News) -> Bool {
    let (isTaken, isFirst) = contents.withLock { contents in
      guard contents.news.count < Self.limit else { return (false, false) }
      contents.news.append(news)
      return (true, contents.news.count == 1)
    }
    // The reader empties the box, so one wake-up for the first is enough.
    if isFirst { TerminalWaker.wake() }
    return isTaken
  }

  /// Asks the screen to end.
  package func requestStop() {
    contents.withLock { $0.isStopRequested = true }
    TerminalWaker.wake()
  }

  func take() -> (news: [News], isStopRequested: Bool) {
    contents.withLock { contents in
      defer { contents.news = [] }
      return (contents.news, contents.isStopRequested)
    }
  }
}
