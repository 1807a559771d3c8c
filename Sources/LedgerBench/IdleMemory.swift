import NIOCore
import NIOPosix

/// What an idle connection that follows costs the server in memory.
struct IdleMemory: Sendable {
  struct Result: Sendable {
    let connections: Int
    let kilobytesEach: Double
  }

  let group: MultiThreadedEventLoopGroup
  let peer: Peer
  let pid: Int

  func run(connections: Int, cursor: String?) async throws -> Result {
    let before = try Machine.residentBytes(of: pid)
    var channels: [any Channel] = []
    for _ in 0..<connections {
      let ready = group.next().makePromise(of: UInt64.self)
      let peer = self.peer
      channels.append(
        try await Connector(group: group, peer: peer).open {
          Watcher(peer: peer, purpose: .follow(cursor: cursor), ready: ready, board: nil)
        })
      _ = try await ready.futureResult.get()
    }
    let after = try Machine.residentBytes(of: pid)
    for channel in channels { try? await channel.close() }  // closing twice is no fault here
    return Result(
      connections: connections, kilobytesEach: Double(after - before) / 1_024 / Double(connections))
  }
}
