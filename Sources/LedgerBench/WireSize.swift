import EditModel
import LineProtocol
import NIOCore

/// What a client sends for an edit, in blocks and plain: bytes, and the processor's time on both sides.
///
/// Every connection is another device at another time, so that nothing is known of it but what the protocol says.
struct WireSize {
  /// Which edits are measured.
  enum Shape: String, CaseIterable {
    /// The first of its field, on a problem.
    case first
    /// Behind an own edit.
    case own
    /// Behind an edit of another device.
    case other
    /// The first of its field, on a village's part.
    case part
  }

  struct Result {
    let plainBytes: Double
    let blockBytes: Double
    let deflateMicroseconds: Double
    let inflateMicroseconds: Double
  }

  let shape: Shape
  /// How many edits leave in one block.
  let batch: Int
  /// How many characters a value has.
  let characters: ClosedRange<Int>

  /// Per edit, over at least `edits` of them.
  func run(edits: Int = 2_000) throws -> Result {
    var generator = WireGenerator(seed: 2_026)
    let (encoder, decoder) = (BlockEncoder(), BlockDecoder())
    var (plainBytes, blockBytes, count) = (0, 0, 0)
    var (deflating, inflating): (UInt64, UInt64) = (0, 0)
    while count < max(edits, 20 * batch) {
      var device = try WireDevice(&generator)
      var plain = ByteBuffer()
      for _ in 0..<batch { plain.writeString(device.line(shape, characters, &generator)) }
      var blocks = ByteBuffer()
      let start = MonotonicTime.nanoseconds
      encoder.write(plain, ending: device.ending, to: &blocks)
      let middle = MonotonicTime.nanoseconds
      var source = LineSource()
      source.expand(with: decoder, ending: device.ending)
      source.receive(blocks)
      while try source.expandNext() {}
      inflating += MonotonicTime.nanoseconds - middle
      deflating += middle - start
      plainBytes += plain.readableBytes
      blockBytes += blocks.readableBytes
      count += batch
    }
    let each = Double(count)
    return Result(
      plainBytes: Double(plainBytes) / each, blockBytes: Double(blockBytes) / each,
      deflateMicroseconds: Double(deflating) / each / 1_000, inflateMicroseconds: Double(inflating) / each / 1_000)
  }
}

/// A device that writes notes of progress.
private struct WireDevice {
  private static let places = ["柳林村", "黑山嘴村", "白庙子村", "石柱村", "胡家湾村", "头沟门村"]
  let ending: [UInt8]
  private let replica: String
  private let others: [String]
  private let place: String
  private var n: Int
  private var tag = 2
  private var milliseconds: UInt64

  init(_ generator: inout WireGenerator) throws {
    replica = generator.digits(8)
    n = 1 + generator.number(below: 400)
    milliseconds = 1_795_000_000_000 + UInt64(generator.number(below: 1_000_000_000))
    place = WireDevice.places[generator.number(below: WireDevice.places.count)]
    var ids: [String] = []
    for _ in 0..<6 { ids.append(generator.digits(8)) }
    others = ids
    guard let id = ReplicaID(replica) else { throw BenchError("\(replica) is no replica id") }
    ending = BlockDictionary.ending(of: id, greeted: Stamp(milliseconds: milliseconds))
  }

  mutating func line(
    _ shape: WireSize.Shape, _ characters: ClosedRange<Int>, _ generator: inout WireGenerator
  ) -> String {
    n += 1
    tag += 1
    // A few seconds to a minute and a half between two edits.
    milliseconds += UInt64(2_000 + generator.number(below: 88_000))
    let base =
      switch shape {
      case .first, .part: "-"
      case .own: "\(replica).\(max(1, n - 1 - generator.number(below: 40)))/1"
      case .other:
        "\(others[generator.number(below: 6)]).\(1 + generator.number(below: 300))/\(1 + generator.number(below: 3))"
      }
    let entity = "p\(1 + generator.number(below: 60))" + (shape == .part ? ".\(place)" : "")
    let note = WireNotes.note(characters, &generator)
    let stamp = Stamp(milliseconds: milliseconds)
    return "\(tag) put \(replica).\(n)/1 1 \(stamp) 0 \(base) \(entity) progress \(note)\n"
  }
}

extension BenchRun {
  /// Bytes of an edit in blocks; the peer's column is the plain line.
  mutating func wire() throws {
    say("bytes of an edit in blocks")
    for (name, characters) in [("wire", 10...20), ("wire.long", 21...60)] {
      for shape in WireSize.Shape.allCases {
        for batch in [1, 10, 100] {
          let result = try WireSize(shape: shape, batch: batch, characters: characters).run()
          let row = "\(name).\(shape.rawValue).\(batch)"
          figures.add("\(row).bytes", result.blockBytes, "B", peer: result.plainBytes)
          guard shape == .first, characters.lowerBound == 10 else { continue }
          figures.add("\(row).deflate", result.deflateMicroseconds, "us")
          figures.add("\(row).inflate", result.inflateMicroseconds, "us")
        }
      }
    }
  }
}
