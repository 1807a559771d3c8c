package import EditModel

/// What came of proving a set, as it is kept beside the sets: a file of the set's name in `DATA/snapshots/.proofs`.
package struct ProofRecord: Hashable, Sendable {
  /// When it was proved, or tried, on the server's time line.
  package let at: Stamp
  /// How much room the disk of the sets had then, in bytes.
  package let freeBytes: UInt64
  /// What was wrong, in one line; nil when everything was right.
  package let failure: String?

  /// A record from its parts.
  package init(at: Stamp, freeBytes: UInt64, failure: String?) {
    self.at = at
    self.freeBytes = freeBytes
    self.failure = failure
  }

  /// `proved STAMP BYTES` or `failed STAMP BYTES REASON`.
  private var text: String {
    "\(failure == nil ? "proved" : "failed") \(at) \(freeBytes)\(failure.map { " \($0)" } ?? "")\n"
  }

  private init?(_ text: String) {
    let words = text.split(separator: "\n").first?.split(separator: " ", maxSplits: 3) ?? []
    guard words.count >= 3, let at = Stamp(String(words[1])), let free = UInt64(words[2]),
      words[0] == "proved" || words[0] == "failed"
    else { return nil }
    self.init(
      at: at, freeBytes: free, failure: words[0] == "proved" ? nil : words.count > 3 ? String(words[3]) : "unknown")
  }

  /// The record of the set `name`; nil where there is none, or it cannot be read: then the set is not proved.
  package static func read(_ name: String, in folder: DataFolder) -> ProofRecord? {
    let path = "\(folder.proofs)/\(name)"
    guard Disk.exists(path), let text = try? Disk.text(of: path, limitBytes: 65_536) else { return nil }
    return ProofRecord(text)
  }

  /// Keeps it for the set `name`.
  package func write(_ name: String, in folder: DataFolder) throws(AdminError) {
    try Disk.makeFolder(folder.proofs)
    try Disk.replace("\(folder.proofs)/\(name)", with: text, beside: "\(folder.proofs)/.\(name)", in: folder.proofs)
  }
}
