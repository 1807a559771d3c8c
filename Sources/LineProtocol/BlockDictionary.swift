package import EditModel

/// What blocks are made over: text that both sides have before the first of them (protocol/11-deflate.md).
package enum BlockDictionary {
  /// The words of protocol/dictionary.txt.
  package static let words = Array(BlockWords.text.utf8)

  /// What stands behind the words for a client's blocks: the beginning of an edit by `replica` at the time of the greeting,
  /// so that an edit need not bring its author's id and most of its stamp.
  package static func ending(of replica: ReplicaID, greeted now: Stamp) -> [UInt8] {
    Array(" put \(replica).1/1 1 \(now) 0 - p1".utf8)
  }
}

/// Why something is not a block; the argument of `block`.
enum BlockFault: String {
  /// The length is zero, over the limit, or not in its one spelling.
  case length
  /// It is not a deflate stream that ends where the block ends, or it holds nothing.
  case damaged
  /// It holds more than `Limits.blockBytes`.
  case expanded

  var error: WireError { WireError(.block, [ExactString(rawValue)]) }
}
