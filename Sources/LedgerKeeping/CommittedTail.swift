package import NIOCore
package import SessionRules
import Synchronization

/// The last commits of a ledger as they are sent, encoded once, shared by all who follow it.
///
/// Written by the ledger's writer thread, read by every event loop. Bounded in bytes: whoever is further behind reads
/// the history from the store.
package final class CommittedTail: Sendable {
  private struct Chunks: Sendable {
    var all: [CommittedChunk] = []
    /// Where in `all` the first chunk that still counts is.
    var start = 0
    var sizeBytes = 0

    mutating func append(_ chunk: CommittedChunk, limitBytes: Int) {
      all.append(chunk)
      sizeBytes += chunk.bytes.readableBytes
      while sizeBytes > limitBytes, start < all.count - 1 {
        sizeBytes -= all[start].bytes.readableBytes
        all[start] = CommittedTail.nothing
        start += 1
      }
      if start > 1_024, start * 2 > all.count {
        all.removeFirst(start)
        start = 0
      }
    }

    /// The chunk whose first line is `seq`; chunks follow each other without a gap.
    func chunk(from seq: UInt64) -> CommittedChunk? {
      var low = start
      var high = all.count
      while low < high {
        let middle = (low + high) / 2
        if all[middle].firstSeq < seq { low = middle + 1 } else { high = middle }
      }
      return low < all.count && all[low].firstSeq == seq ? all[low] : nil
    }
  }

  /// Chunks in blocks, for those who follow at the same pace; who is further behind has them made again.
  private struct Blocks: Sendable {
    static let limit = 16
    var all: [UInt64: ByteBuffer] = [:]
    var order: [UInt64] = []

    mutating func keep(_ blocks: ByteBuffer, from seq: UInt64) {
      if order.count == Blocks.limit { all[order.removeFirst()] = nil }
      all[seq] = blocks
      order.append(seq)
    }
  }

  private static let nothing = CommittedChunk(firstSeq: 0, lastSeq: 0, bytes: ByteBuffer(), lineBytes: 0)

  private let chunks = Mutex(Chunks())
  private let deflated = Mutex(Blocks())
  private let committed: Atomic<UInt64>
  private let limitBytes: Int

  /// The tail of a ledger whose last committed line is `lastSeq`.
  package init(lastSeq: UInt64, limitBytes: Int) {
    self.committed = Atomic(lastSeq)
    self.limitBytes = limitBytes
  }

  /// The last committed line.
  package var lastSeq: UInt64 { committed.load(ordering: .acquiring) }

  /// What was committed behind `seq`, when a commit begins there and is still held.
  package func chunk(after seq: UInt64) -> CommittedChunk? {
    chunks.withLock { $0.chunk(from: seq + 1) }
  }

  /// What a view of everything is sent of `chunk`, in blocks: made once, by the first who needs them, while the others wait.
  package func blocks(of chunk: CommittedChunk, _ make: () -> ByteBuffer) -> ByteBuffer {
    deflated.withLock { blocks in
      if let made = blocks.all[chunk.firstSeq] { return made }
      let made = make()
      blocks.keep(made, from: chunk.firstSeq)
      return made
    }
  }

  /// Adds what was committed just now.
  package func append(_ chunk: CommittedChunk) {
    chunks.withLock { $0.append(chunk, limitBytes: limitBytes) }
    committed.store(chunk.lastSeq, ordering: .releasing)
  }

  /// Begins anew behind `lastSeq`: the store was opened again, and may have kept a commit that was not known to be.
  package func restart(lastSeq: UInt64) {
    chunks.withLock { $0 = Chunks() }
    deflated.withLock { $0 = Blocks() }
    committed.store(lastSeq, ordering: .releasing)
  }
}
