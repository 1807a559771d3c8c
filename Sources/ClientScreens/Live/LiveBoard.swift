package import LedgerClient
package import LedgerRules
import ReplicaKeeping
package import TerminalKit

/// The board in the terminal, fed by a replica: at once from what the device has, then live.
package struct LiveBoard: Sendable {
  private let replica: Replica
  private let look: Look
  private let since: CivilDate?
  private let wallMilliseconds: @Sendable () -> UInt64
  private let random: @Sendable () -> UInt64

  /// How long one question about the devices may take, which over a slow link is long.
  private static let devicesLimit = Duration.seconds(20)
  /// How often the time is looked at.
  private static let clockInterval = Duration.seconds(1)
  /// The pause after figures went out; what comes meanwhile goes out together.
  private static let pause = Duration.milliseconds(50)

  /// The board of `replica`; `since` is the day from which on things count as moved.
  package init(
    _ replica: Replica, look: Look, since: CivilDate?,
    wallMilliseconds: @escaping @Sendable () -> UInt64 = Device.system.wallMilliseconds,
    random: @escaping @Sendable () -> UInt64 = Device.system.random
  ) {
    self.random = random
    self.replica = replica
    self.look = look
    self.since = since
    self.wallMilliseconds = wallMilliseconds
  }

  /// Runs until the person leaves, or the server is found to be another one: then answers why. Throws when the terminal
  /// can't be had; it is given back on every way out.
  package func run(colors: ColorDepth) async throws(TerminalError) -> OfflineReason? {
    let feed = BoardFeed(replica, since: since, wallMilliseconds: wallMilliseconds)
    let loop = ScreenLoop<ClientScreen>(colors: colors)
    let (asked, ask) = AsyncStream.makeStream(
      of: BoardEffect.self, bufferingPolicy: .bufferingNewest(1))
    let (changes, changed) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let outcome = await withTaskGroup(of: Void.self) {
      group -> Result<ClientScreen, TerminalError> in
      group.addTask { await publish(feed, after: changes, to: loop.mailbox) }
      group.addTask { await follow(feed, changed) }
      group.addTask { await askForDevices(feed, changed) }
      group.addTask { await tick(feed, changed) }
      group.addTask {
        for await case .count(let since) in asked {
          await feed.count(since: since)
          changed.yield()
        }
      }
      let result = await Result { () async throws(TerminalError) in
        try await loop.run(ClientScreen(look: look, since: since)) { ask.yield($0) }
      }
      group.cancelAll()
      ask.finish()
      changed.finish()
      return result
    }
    _ = try outcome.get()
    return await feed.otherServer
  }

  /// Makes the figures anew after each change and posts them; a burst of changes is counted once.
  private func publish(
    _ feed: BoardFeed, after changes: AsyncStream<Void>, to mailbox: ScreenMailbox<BoardNews>
  ) async {
    for await _ in changes {
      mailbox.post(.connection(await feed.connection))
      mailbox.post(.nextTry(await feed.nextTry))
      if await feed.otherServer != nil { mailbox.post(.otherServer) }
      mailbox.post(.clock(await feed.now))
      if let figures = await feed.figures() { mailbox.post(.figures(figures)) }
      // Cancelled means that the board was left; the stream ends then too.
      try? await Task.sleep(for: LiveBoard.pause)
    }
  }

  private func follow(_ feed: BoardFeed, _ changed: AsyncStream<Void>.Continuation) async {
    await keep(feed, changed) { () throws(ClientError) in try await feed.load() }
    for await event in replica.watch() {
      await keep(feed, changed) { () throws(ClientError) in try await feed.receive(event) }
    }
  }

  private func askForDevices(_ feed: BoardFeed, _ changed: AsyncStream<Void>.Continuation) async {
    var pace = QuestionPace()
    while !Task.isCancelled {
      let begun = wallMilliseconds()
      let answer = await Result { () async throws(ClientError) in
        try await replica.devices(upTo: LiveBoard.devicesLimit)
      }
      await feed.receive(answer)
      changed.yield()
      let took = Duration.milliseconds(wallMilliseconds().subtractingReportingOverflow(begun).partialValue)
      let isAnswered = if case .success = answer { true } else { false }
      // Cancelled means that the board was left; the loop ends then.
      try? await Task.sleep(for: pace.wait(isAnswered: isAnswered, took: took, random: random()))
    }
  }

  private func tick(_ feed: BoardFeed, _ changed: AsyncStream<Void>.Continuation) async {
    while !Task.isCancelled {
      // As above.
      try? await Task.sleep(for: LiveBoard.clockInterval)
      await keep(feed, changed) { () throws(ClientError) in try await feed.catchUp() }
    }
  }

  /// Does one thing with the replica; where that fails the board goes on with what it has, and says so above.
  private func keep(
    _ feed: BoardFeed, _ changed: AsyncStream<Void>.Continuation,
    _ body: () async throws(ClientError) -> Void
  ) async {
    do throws(ClientError) {
      try await body()
    } catch {
      await feed.connected(.offline(OfflineReason(error)))
    }
    changed.yield()
  }
}

extension Result {
  /// The outcome of an asynchronous call as a value.
  fileprivate init(_ body: () async throws(Failure) -> Success) async {
    do throws(Failure) {
      self = .success(try await body())
    } catch {
      self = .failure(error)
    }
  }
}
