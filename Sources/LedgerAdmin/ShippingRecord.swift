package import EditModel

/// Which set lies at each destination, as `DATA/snapshots/.shipped` says: `STAMP SET FOLDER`, a line for each.
package struct ShippingRecord: Hashable, Sendable {
  /// What arrived last at a destination.
  package struct Arrival: Hashable, Sendable {
    /// The set's name.
    package let set: String
    /// When it was seen to lie there whole, on the server's time line.
    package let at: Stamp
  }

  /// The last arrival at each destination's folder, as it was named.
  package private(set) var arrivals: [String: Arrival] = [:]

  private static let limitBytes = 65_536

  /// What is written down in `folder`; nothing where it cannot be read: then a set is shipped once more, which finds it there.
  package init(of folder: DataFolder) {
    guard Disk.exists(folder.shipped),
      // Told of by whoever ships.
      let text = try? Disk.text(of: folder.shipped, limitBytes: ShippingRecord.limitBytes)
    else { return }
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 2).map(String.init)
      guard words.count == 3, let at = Stamp(words[0]) else { continue }
      arrivals[words[2]] = Arrival(set: words[1], at: at)
    }
  }

  /// Writes down which of `shipments` of `set` lie at their destinations.
  package static func note(
    _ shipments: [Shipment], of set: SnapshotSet, in folder: DataFolder, at now: Stamp
  ) throws(AdminError) {
    var record = ShippingRecord(of: folder)
    for shipment in shipments where !shipment.isFailed {
      record.arrivals[shipment.destination] = Arrival(set: set.name, at: now)
    }
    let lines = record.arrivals.sorted { $0.key < $1.key }.map { "\($0.value.at) \($0.value.set) \($0.key)\n" }
    try Disk.makeFolder(folder.snapshots)
    try Disk.replace(folder.shipped, with: lines.joined(), beside: "\(folder.shipped).new", in: folder.snapshots)
  }
}

extension Shipment {
  /// Whether the set does not lie there.
  package var isFailed: Bool {
    if case .failed = outcome { true } else { false }
  }
}
