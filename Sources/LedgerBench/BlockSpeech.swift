import LineProtocol
import NIOCore
import Synchronization

/// What a device needs to speak in blocks; shared by all of its connections.
// SAFETY: used on the bench's event loop only, of which there is one.
final class BlockSpeech: @unchecked Sendable {
  let encoder = BlockEncoder()
  let decoder = BlockDecoder()
}

/// How many bytes connections carried, both directions without TCP.
final class WireCount: Sendable {
  private let count = Atomic<Int>(0)

  var bytes: Int { count.load(ordering: .relaxed) }

  func add(_ bytes: Int) { count.add(bytes, ordering: .relaxed) }
}

/// One connection's way into blocks: what the receiver writes first, `auth` and what may follow, waits for the greeting, whose
/// time blocks are made over.
struct BlockEntrance {
  private let device: DeviceFile
  private let speech: BlockSpeech
  private var first = ByteBuffer()
  private var ending: [UInt8]?
  /// The answer behind which blocks come.
  private static let answer = ByteBuffer(string: "d ok")

  /// A connection of `device`; nil when it speaks in plain lines.
  init?(_ device: DeviceFile?) {
    guard let device, let speech = device.blocks else { return nil }
    self.device = device
    self.speech = speech
  }

  /// What to send for what the receiver wrote; nil: nothing yet.
  mutating func bytes(for written: ByteBuffer) -> ByteBuffer? {
    guard let ending else {
      first.writeImmutableBuffer(written)
      return nil
    }
    var blocks = ByteBuffer()
    speech.encoder.write(written, ending: ending, to: &blocks)
    return blocks
  }

  /// Takes a line; what to send at last, when it is the greeting.
  mutating func greeted(_ line: ByteBuffer) -> ByteBuffer? {
    guard ending == nil, case .greeting(let greeting) = ServerMessage(line) else { return nil }
    let ending = BlockDictionary.ending(of: device.replica, greeted: greeting.now)
    self.ending = ending
    let length = (first.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    guard var bytes = first.readSlice(length: length) else { return nil }
    bytes.writeString("d deflate\n")
    speech.encoder.write(first, ending: ending, to: &bytes)
    return bytes
  }

  /// Whether blocks come behind `line`.
  func switches(behind line: ByteBuffer) -> Bool { line == BlockEntrance.answer }

  /// What expands them.
  var decoder: BlockDecoder { speech.decoder }
}
