import NIOCore
import Synchronization

/// One connection over a `BadLink`: the two sockets, and what was drawn for it.
///
/// SAFETY: both channels are on one event loop, and every mutable property is touched there only.
final class LinkedPair: @unchecked Sendable {
  private let client: any Channel
  private let server: any Channel
  private let shared: BadLink.Shared
  private var up: LinkWay
  private var down: LinkWay
  private var isForgotten = false
  private var lastByte: NIODeadline

  private init(client: any Channel, server: any Channel, _ shared: BadLink.Shared, up: LinkWay, down: LinkWay) {
    (self.client, self.server, self.shared) = (client, server, shared)
    (self.up, self.down) = (up, down)
    lastByte = client.eventLoop.now
  }

  /// Joins the two sockets, and begins to carry.
  static func joined(client: any Channel, server: any Channel, _ shared: BadLink.Shared) throws {
    let pair = shared.state.withLock { state in
      state.tally.connections += 1
      let limits = state.quality.cutBytes.map { range in
        // Either direction may be the one: the other carries on for as long as the connection is there.
        (Int.random(in: range, using: &state.generator), Bool.random(using: &state.generator))
      }
      let pair = LinkedPair(
        client: client, server: server, shared, up: LinkWay(left: limits.flatMap { $1 ? $0 : nil }),
        down: LinkWay(left: limits.flatMap { $1 ? nil : $0 }))
      state.open[ObjectIdentifier(pair)] = pair
      return pair
    }
    try client.pipeline.syncOperations.addHandler(LinkEnd(pair, isClient: true))
    try server.pipeline.syncOperations.addHandler(LinkEnd(pair, isClient: false))
    server.read()
    if client.isActive { client.read() }
  }

  func forget() async throws {
    try await client.eventLoop.submit { self.isForgotten = true }.get()
  }

  func end() {
    client.eventLoop.execute { self.close() }
  }

  /// Bytes came from one side: they are on their way for as long as they take, and the next are read when they have left.
  fileprivate func carry(_ bytes: ByteBuffer, isUp: Bool) {
    let (source, target) = isUp ? (client, server) : (server, client)
    let now = client.eventLoop.now
    let (quality, isSilent) = shared.state.withLock { ($0.quality, $0.isSilent) }
    if let limit = quality.forgetsAfter, now - lastByte >= TimeAmount(limit) { isForgotten = true }
    lastByte = now
    guard !isForgotten, !isSilent else { return source.read() }
    let times = isUp ? up.times(bytes, now, quality) : down.times(bytes, now, quality)
    client.eventLoop.scheduleTask(deadline: times.left) { source.read() }
    client.eventLoop.scheduleTask(deadline: times.arrived) { self.arrive(bytes, isUp: isUp, at: target) }
  }

  private func arrive(_ bytes: ByteBuffer, isUp: Bool, at target: any Channel) {
    guard !isForgotten, !shared.state.withLock({ $0.isSilent }) else { return }
    let (part, isCut) = isUp ? up.taken(bytes) : down.taken(bytes)
    shared.state.withLock { state in
      if isUp { state.tally.upBytes += part.readableBytes } else { state.tally.downBytes += part.readableBytes }
      if isUp, state.tally.lastWasDown { state.tally.turns += 1 }
      state.tally.lastWasDown = !isUp
      if isCut { state.tally.cuts += 1 }
    }
    let written = target.writeAndFlush(part)
    if isCut { written.whenComplete { _ in self.close() } }
  }

  /// One side is gone; the other hears of it behind what is on its way, unless the link has forgotten them.
  fileprivate func ended(isClient: Bool) {
    let now = client.eventLoop.now
    let arrived = isClient ? up.arrived : down.arrived
    client.eventLoop.scheduleTask(deadline: max(now, arrived ?? now)) {
      guard !self.isForgotten, !self.shared.state.withLock({ $0.isSilent }) else { return }
      self.close()
    }
  }

  private func close() {
    shared.state.withLock { $0.open[ObjectIdentifier(self)] = nil }
    client.close(promise: nil)
    server.close(promise: nil)
  }
}

/// One direction of a connection.
private struct LinkWay {
  /// How many bytes it still carries; nil: any number.
  var left: Int?
  /// When the last bytes that went have left, and have arrived.
  var free: NIODeadline?
  var arrived: NIODeadline?

  init(left: Int?) { self.left = left }

  mutating func times(
    _ bytes: ByteBuffer, _ now: NIODeadline, _ quality: BadLink.Quality
  ) -> (left: NIODeadline, arrived: NIODeadline) {
    let length = quality.bytesPerSecond.map { Int64(bytes.readableBytes) * 1_000_000_000 / Int64($0) } ?? 0
    let left = max(now, free ?? now) + .nanoseconds(length)
    let arrived = max(left + TimeAmount(quality.delay), self.arrived ?? left)
    (free, self.arrived) = (left, arrived)
    return (left, arrived)
  }

  /// What of `bytes` gets through, and whether that was the end.
  mutating func taken(_ bytes: ByteBuffer) -> (part: ByteBuffer, isCut: Bool) {
    guard let left else { return (bytes, false) }
    let length = min(left, bytes.readableBytes)
    self.left = left - length
    return (bytes.getSlice(at: bytes.readerIndex, length: length) ?? bytes, length == left)
  }
}

/// One of the two sockets.
private final class LinkEnd: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let pair: LinkedPair
  private let isClient: Bool

  init(_ pair: LinkedPair, isClient: Bool) {
    (self.pair, self.isClient) = (pair, isClient)
  }

  func channelActive(context: ChannelHandlerContext) {
    context.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    pair.carry(unwrapInboundIn(data), isUp: isClient)
  }

  func channelInactive(context: ChannelHandlerContext) {
    pair.ended(isClient: isClient)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
