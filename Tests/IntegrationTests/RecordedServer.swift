import NIOCore
import NIOPosix
import Synchronization

/// A server that is a recording: on each connection it says what was said then, behind what it was said to then.
final class RecordedServer: Sendable {
  private let listener: any Channel
  private let told: Told

  /// What was heard otherwise than it was recorded, and how many connections came.
  fileprivate final class Told: Sendable {
    let differences = Mutex<[String]>([])
    let connections = Mutex(0)
  }

  private init(_ listener: any Channel, _ told: Told) {
    (self.listener, self.told) = (listener, told)
  }

  static func started(_ recording: Recording) async throws -> RecordedServer {
    let told = Told()
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let number = told.connections.withLock { count in
            defer { count += 1 }
            return count
          }
          let lines = recording.connections.indices.contains(number) ? recording.connections[number] : []
          let player = RecordedConnection(lines, told: told)
          try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(RecordedLines()))
          try channel.pipeline.syncOperations.addHandler(player)
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return RecordedServer(listener, told)
  }

  var port: Int { listener.localAddress?.port ?? 0 }
  /// What clients said otherwise than was recorded.
  var differences: [String] { told.differences.withLock { $0 } }

  func stop() async throws { try await listener.close() }
}

/// Cuts what comes at LF.
private struct RecordedLines: ByteToMessageDecoder {
  typealias InboundOut = String

  mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) -> DecodingState {
    guard let end = buffer.readableBytesView.firstIndex(of: UInt8(ascii: "\n")),
      let line = buffer.readString(length: end - buffer.readerIndex)
    else { return .needMoreData }
    buffer.moveReaderIndex(forwardBy: 1)
    context.fireChannelRead(wrapInboundOut(line))
    return .continue
  }
}

private final class RecordedConnection: ChannelInboundHandler {
  typealias InboundIn = String
  typealias OutboundOut = ByteBuffer

  private var lines: ArraySlice<Recording.Line>
  private let told: RecordedServer.Told

  init(_ lines: [Recording.Line], told: RecordedServer.Told) {
    (self.lines, self.told) = (lines[...], told)
  }

  func channelActive(context: ChannelHandlerContext) { speak(context) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let heard = unwrapInboundIn(data)
    // Whether one asks if the other is there depends on how long things take.
    if heard.contains(" ping "), lines.first.map({ !$0.text.contains(" ping ") }) ?? true { return }
    guard let expected = lines.popFirst(), Recording.Line.essence(expected.text) == Recording.Line.essence(heard) else {
      return told.differences.withLock { $0.append("heard \(heard)") }
    }
    speak(context)
  }

  /// Says what was said before the client's next line.
  private func speak(_ context: ChannelHandlerContext) {
    while let line = lines.first, !line.isClients {
      lines.removeFirst()
      context.write(wrapOutboundOut(ByteBuffer(string: line.text + "\n")), promise: nil)
    }
    context.flush()
  }
}
