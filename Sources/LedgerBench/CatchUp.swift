import EditModel
import LineProtocol
import NIOCore
import NIOPosix

/// A new replica's first sync, and the sync of one that has everything.
struct CatchUp: Sendable {
  struct Result: Sendable {
    let lines: Int
    let bytes: Int
    let seconds: Double
    /// The bytes from the connection's start to the `=` when nothing had changed, both directions without TCP.
    let unchangedBytes: Int
    let unchangedMilliseconds: Double
  }

  let group: MultiThreadedEventLoopGroup
  let device: DeviceFile

  func run() async throws -> Result {
    let all = try await follow(from: nil)
    let none = try await follow(from: all.cursor)
    return Result(
      lines: all.lines, bytes: all.bytes, seconds: all.seconds, unchangedBytes: none.bytes,
      unchangedMilliseconds: none.seconds * 1_000)
  }

  private func follow(from cursor: String?) async throws -> Followed {
    let peer = Peer.taizhang(device)
    let done = group.next().makePromise(of: Followed.self)
    let start = MonotonicTime.nanoseconds
    let count = WireCount()
    var connector = Connector(group: group, peer: peer)
    connector.count = count
    let channel = try await connector.open {
      Follower(peer: peer, cursor: cursor, done: done)
    }
    var followed = try await done.futureResult.get()
    followed.bytes = count.bytes
    followed.seconds = Double(MonotonicTime.nanoseconds - start) / 1e9
    try? await channel.close()  // closing twice is no fault here
    return followed
  }
}

/// What a follower saw.
struct Followed: Sendable {
  var lines = 0
  var bytes = 0
  var seconds = 0.0
  var cursor = ""
}

/// A connection that follows a ledger until it has everything.
final class Follower: LineReceiver {
  private var signIn: SignIn
  private let done: EventLoopPromise<Followed>
  private var followed = Followed()
  private var isDone = false

  init(peer: Peer, cursor: String?, done: EventLoopPromise<Followed>) {
    self.signIn = SignIn(peer: peer, purpose: .follow(cursor: cursor))
    self.done = done
  }

  func connected(_ channel: any Channel) {
    guard let first = signIn.begin(channel.allocator) else { return }
    channel.writeAndFlush(first, promise: nil)
  }

  func received(_ line: ByteBuffer, on channel: any Channel) {
    guard !isDone else { return }
    if line.firstByte == UInt8(ascii: "+") {
      followed.lines += 1
      return
    }
    do throws(BenchError) {
      guard case .ready = try signIn.take(line), case .reached(let seq, let cursor) = ServerMessage(line),
        seq >= signIn.levelSeq
      else { return }
      isDone = true
      followed.cursor = cursor.string
      done.succeed(followed)
    } catch {
      failed(error)
    }
  }

  func failed(_ error: BenchError) {
    if !isDone { done.fail(error) }
    isDone = true
  }
}
