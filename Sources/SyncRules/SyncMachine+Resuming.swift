import EditModel
import LineProtocol

// A sync that has nothing to hand over and expects little: one line says who is there and where it stood.

extension SyncMachine {
  /// The line that resumes, when the server takes one and all that it stands for is so: nothing waits, nothing is to be asked,
  /// and the server's last welcome is known.
  mutating func resumption(_ greeting: Greeting) -> ClientLine? {
    guard greeting.capabilities.contains("resume"), greeting.capabilities.contains("deflate"),
      acts.isEmpty, !facts.needsNewID, facts.epoch != nil, let cursor = facts.cursor, let welcome = facts.welcome,
      facts.certificateDue.map({ $0 > greeting.now }) ?? true
    else { return nil }
    let resume = tag()
    stage = .resuming(resume)
    toldUnsent = 0
    return ClientLine(
      tag: resume,
      request: .resume(
        ResumeRequest(
          replica: facts.replica, secret: facts.secret, counter: facts.counter, cursor: cursor, welcome: welcome)))
  }

  /// The answer: `same` when the seat and the history are what they were, with `last=` when there is more of that; else what
  /// `open` and `auth` are answered together.
  mutating func resumed(_ words: Words) -> [SyncAction] {
    guard words[0] == "same" else {
      let known = authenticated(words, decided: "n")
      guard case .resuming = stage else { return known }
      return known + opened(words)
    }
    stage = .live
    pause.reset()
    if let last = words.value(of: "last") {
      guard let seq = Decimal.number(last) else { return close(.notTaizhang) }
      levelSeq = seq
    } else {
      levelSeq = facts.reached
      reachedSeq = facts.reached
      gained()
    }
    return [.noteWelcome(facts.welcome), .wake(.watchdog, after: waits.idle), .report(.online)]
  }
}
