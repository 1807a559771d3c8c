import EditModel
import LineProtocol
import NIOCore
import NIOPosix

/// Fills a ledger with problems before a measurement, one act each, through the wire like anybody.
struct Seeder: Sendable {
  let group: MultiThreadedEventLoopGroup
  let device: DeviceFile

  /// Creates `p1` ... `pCOUNT` with `fields` (0 ... 10) filled fields each; does nothing when the device has already
  /// put something, so that a second run uses what the first one made.
  func fill(problems: Int, fields: Int) async throws {
    let done = group.next().makePromise(of: Void.self)
    let device = self.device
    let channel = try await Connector(group: group, peer: .taizhang(device)).open {
      Filling(device: device, problems: problems, fields: fields, done: done)
    }
    try await done.futureResult.get()
    try? await channel.close()  // closing twice is no fault here
  }
}

/// The connection that fills: sixty-four acts in flight.
private final class Filling: LineReceiver {
  private static let texts = [
    "text", "goal", "lead_unit", "leader", "owner", "closing_standard", "progress", "effect",
    "root_cause", "next_step",
  ]
  private let device: DeviceFile
  private let problems: Int
  private let fields: Int
  private let done: EventLoopPromise<Void>
  private var signIn: SignIn
  private var clock = HybridClock()
  private var sent = 0
  private var answered = 0
  private var isReady = false

  init(device: DeviceFile, problems: Int, fields: Int, done: EventLoopPromise<Void>) {
    self.device = device
    self.problems = problems
    self.fields = fields
    self.done = done
    self.signIn = SignIn(peer: .taizhang(device), purpose: .put)
  }

  func connected(_ channel: any Channel) {
    if let first = signIn.begin(channel.allocator) { channel.writeAndFlush(first, promise: nil) }
  }

  func received(_ line: ByteBuffer, on channel: any Channel) {
    if isReady {
      guard line.isDone(for: .taizhang(device)) else {
        return failed(BenchError("filling was refused: \(String(buffer: line))"))
      }
      answered += 1
      if answered == problems { done.succeed(()) } else if sent < problems { sendNext(on: channel) }
      return
    }
    do throws(BenchError) {
      guard case .ready(let last) = try signIn.take(line) else { return }
      isReady = true
      if last > 0 { return done.succeed(()) }
      for _ in 0..<min(64, problems) { sendNext(on: channel) }
    } catch {
      failed(error)
    }
  }

  func failed(_ error: BenchError) {
    done.fail(error)
  }

  private func sendNext(on channel: any Channel) {
    sent += 1
    var buffer = channel.allocator.buffer(capacity: 2_048)
    for edit in edits(of: sent) {
      ClientLine(tag: Tag(UInt64(sent)), request: .put(AuthorLine(edit))).write(to: &buffer)
    }
    channel.writeAndFlush(buffer, promise: nil)
  }

  private func edits(of problem: Int) -> [Edit] {
    let stamp = clock.tick(wallMilliseconds: MonotonicTime.wallMilliseconds)
    let names = ["problem"] + Filling.texts.prefix(fields)
    let id = ActID(replica: device.replica, n: UInt64(problem))
    return names.enumerated().compactMap { index, name in
      guard let field = FieldName(name) else { return nil }
      let text = index == 0 ? String(problem) : Payload.sentence(UInt64(problem * 31 + index))
      let change = Change(
        entity: .derived(ExactString("p\(problem)")), field: field, value: .text(ExactString(text)))
      return Edit(
        id: id.edit(UInt32(index + 1)), actSize: UInt32(names.count), stamp: stamp, base: nil,
        change: change)
    }
  }
}
