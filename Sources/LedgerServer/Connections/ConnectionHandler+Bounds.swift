import CoreMetrics
import LineProtocol
import NIOCore
import SessionRules

/// Where a connection counts, and what becomes of it when it is one too many.
extension ConnectionHandler {
  /// The connection has said who it is, or is gone.
  func waitNoMore() {
    guard let address = waitingAddress else { return }
    waitingAddress = nil
    server.waitsNoMore(number, from: address)
  }

  /// Too many connections have not said who they are, and this is the oldest of whoever brought the most.
  func turnAway() {
    guard device == nil else { return }
    waitingAddress = nil
    // Over TLS nothing can be said before the handshake.
    if tls == nil { refuse(.notice(WireError(.crowded))) } else { context?.close(promise: nil) }
  }

  /// Its device or its seat has signed in once more than it may, and this is the oldest.
  func makeRoom() {
    leave(saying: .crowded)
  }

  /// Takes these acts out of the seat's allowance. When more was handed over than that, nothing is read until it is made up:
  /// what the peer still sends waits on its own machine, nothing is refused, and nobody else waits for it.
  func holdBack(for acts: [SubmittedAct]) {
    guard let pause = allowance?.take(acts), pause > 0 else { return }
    if readingOn == nil { ServerMetrics.heldBack.increment() }
    readingOn?.cancel()
    readingOn = roster.loop.scheduleTask(in: .milliseconds(Int64(clamping: pause))) {
      self.readingOn = nil
      self.resumeReading()
    }
  }

  /// Whom the peer's wrong proofs are counted for.
  var throttleAddress: String { context?.channel.remoteAddress?.throttleKey ?? "local" }
}
