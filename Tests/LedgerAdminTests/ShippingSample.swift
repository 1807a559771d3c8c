import EditModel
import Glibc
import LedgerTestKit
import SealedFile
import Testing

@testable import LedgerAdmin

/// A data folder with a set, recovery keys, and destinations beside it.
final class ShippingSample {
  let sample: DataFolderSample
  let set: SnapshotSet
  let secret: RecoverySecret
  let otherSecret: RecoverySecret
  var keys: [RecoveryKey] { [secret.key, otherSecret.key] }
  private var generator = SplitMix64(seed: 7)

  init(acts: Int = 100) throws {
    sample = try DataFolderSample()
    try sample.ledger("tucheng-2023", acts: acts)
    try sample.ledger("土城镇", acts: 0, seed: 2)
    set = try sample.take()
    secret = RecoverySecret(using: &generator)
    otherSecret = RecoverySecret(using: &generator)
  }

  /// A folder that is shipped to.
  func destination(_ name: String) throws -> String {
    let path = try plainFolder(name)
    try #require(try SetShipping.prepare(path, for: sample.folder, isSameDiskMeant: true))
    return path
  }

  /// A folder without a marker.
  func plainFolder(_ name: String) throws -> String {
    let path = "\(sample.path)/\(name)"
    try Disk.makeFolder(path)
    return path
  }

  func ship(to destinations: String..., sealed: Bool = true) -> [Shipment] {
    SetShipping.ship(set, to: destinations, keys: sealed ? keys : [], using: &generator)
  }

  /// Where the set lies at `destination`.
  func place(_ destination: String) -> String { "\(destination)/\(set.name)" }

  /// The set as it lies at `destination`.
  func arrived(_ destination: String) throws -> SnapshotSet { try SnapshotSet(reading: place(destination)) }
}

extension Shipment {
  /// Why it does not lie there; nil where it does.
  var failure: AdminError? {
    if case .failed(let error) = outcome { error } else { nil }
  }

  var isNew: Bool {
    if case .shipped = outcome { true } else { false }
  }

  var wasThere: Bool {
    if case .there = outcome { true } else { false }
  }
}
