import NIOCore

/// One connection through the simulated network: bytes take their time, keep their order, and may stop at any of them.
///
/// What the server writes waits in its socket's buffer until the reader takes it, which a slow one does slowly.
final class SimLink {
  let number: UInt64
  let world: SimWorld
  /// Nil for an attempt whose client never hears of it.
  weak var client: SimClient?
  /// Which life of the client's process it belongs to.
  let life: Int
  /// How often the ledger had been restored when it was made.
  let restores: Int
  var latency: ClosedRange<Int>
  /// How many bytes the client takes at once, and how many milliseconds later the next.
  var taking: (bytes: Int, pause: Int)

  /// Whether each side still has its socket.
  var isClientOpen = true
  var isServerOpen = true
  /// How many more bytes arrive, once the line is cut.
  private var upLeft = Int.max
  private var downLeft = Int.max
  private var lastUp: UInt64 = 0
  private var lastDown: UInt64 = 0

  /// What the server has written and the client's machine has not taken.
  private var waiting = ByteBuffer()
  private var isTaking = false
  private var closesWhenTaken = false
  /// What has arrived at the client's machine and its program, which may sleep, has not read.
  var arrived = ByteBuffer()

  /// The most that the server's socket takes before it says that it is full.
  static let bufferBytes = 4_096

  init(number: UInt64, world: SimWorld, client: SimClient?, latency: ClosedRange<Int>, taking: (bytes: Int, pause: Int))
  {
    self.number = number
    self.world = world
    self.client = client
    self.life = client?.life ?? 0
    self.restores = world.restores.count
    self.latency = latency
    self.taking = taking
  }

  var waitingBytes: Int { waiting.readableBytes }
  var isWritable: Bool { waiting.readableBytes < SimLink.bufferBytes }

  private func delay() -> UInt64 { UInt64(world.random.within(latency)) }

  /// Lets nothing more through than a few bytes; whether each side hears of it is another question. What is cut stays so.
  func cut() {
    upLeft = min(upLeft, world.random.below(120))
    downLeft = min(downLeft, world.random.below(240))
  }

  // MARK: Up

  func clientSends(_ bytes: ByteBuffer) {
    guard isClientOpen else { return }
    lastUp = max(lastUp, world.now + delay())
    world.at(lastUp) { [self] in
      guard isServerOpen else { return }
      var bytes = bytes
      let length = min(upLeft, bytes.readableBytes)
      upLeft -= upLeft == Int.max ? 0 : length
      guard length > 0, let part = bytes.readSlice(length: length) else { return }
      world.server.receive(part, on: self)
    }
  }

  /// The client's end is closed; the server hears of it behind what was sent, unless the line is dead.
  func clientCloses(isHeard: Bool = true) {
    guard isClientOpen else { return }
    isClientOpen = false
    guard isHeard, upLeft == Int.max else { return }
    lastUp = max(lastUp, world.now + delay())
    world.at(lastUp) { [self] in serverLoses() }
  }

  func serverLoses() {
    guard isServerOpen else { return }
    isServerOpen = false
    world.server.lost(self)
  }

  // MARK: Down

  func serverSends(_ bytes: ByteBuffer) {
    guard isServerOpen, bytes.readableBytes > 0 else { return }
    waiting.writeImmutableBuffer(bytes)
    take()
  }

  private func take() {
    guard !isTaking, isServerOpen || closesWhenTaken else { return }
    guard waiting.readableBytes > 0 else {
      if closesWhenTaken { tellClientOfEnd() }
      return
    }
    // Of a machine that is gone or unreachable nobody acknowledges anything.
    guard downLeft > 0, let client, client.life == life else { return }
    let wasFull = !isWritable
    guard let part = waiting.readSlice(length: min(taking.bytes, waiting.readableBytes)) else { return }
    waiting.discardReadBytes()
    lastDown = max(lastDown, world.now + delay())
    world.at(lastDown) { [self] in arrive(part) }
    if taking.pause > 0 || waiting.readableBytes > 0 {
      isTaking = true
      world.after(taking.pause) { [self] in
        isTaking = false
        take()
      }
    } else if closesWhenTaken {
      tellClientOfEnd()
    }
    if wasFull, isWritable { world.after(0) { [self] in world.server.becameWritable(self) } }
  }

  private func arrive(_ part: ByteBuffer) {
    var part = part
    let length = min(downLeft, part.readableBytes)
    downLeft -= downLeft == Int.max ? 0 : length
    guard length > 0, isClientOpen, let client, client.life == life, let bytes = part.readSlice(length: length) else {
      return
    }
    arrived.writeImmutableBuffer(bytes)
    client.hears(self)
  }

  /// The server's process is gone or has closed its end; what it had written is still sent when `isOrderly`.
  func serverCloses(isOrderly: Bool, isHeard: Bool = true) {
    guard isServerOpen else { return }
    isServerOpen = false
    guard isHeard, downLeft == Int.max else { return }
    if isOrderly {
      closesWhenTaken = true
      if waiting.readableBytes == 0 { tellClientOfEnd() } else { take() }
    } else {
      tellClientOfEnd()
    }
  }

  private func tellClientOfEnd() {
    closesWhenTaken = false
    lastDown = max(lastDown, world.now + delay())
    world.at(lastDown) { [self] in clientLoses() }
  }

  func clientLoses() {
    guard isClientOpen else { return }
    isClientOpen = false
    guard let client, client.life == life else { return }
    client.lost(self)
  }
}
