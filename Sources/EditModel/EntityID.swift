/// The id of anything that has one: the ledger itself, a thing created by an edit, or a thing with a derived id.
package enum EntityID: Hashable, Sendable {
  /// The ledger, written `.`: the parent of what has no other.
  case root
  /// What the edit with this identity created (a note, a self-found problem, a transition …).
  case created(EditID)
  /// What is named by what it is (`p15`, `p15.2`, `p15.张百万村`), so that two creations of it are one entity.
  case derived(ExactString)

  /// Reads an entity's text; nil when it is not one. A derived id has at most eight names.
  package init?(bytes: UnsafeRawBufferPointer) {
    if bytes.count == 1, bytes[0] == UInt8(ascii: ".") {
      self = .root
    } else if bytes.contains(UInt8(ascii: "/")) {
      guard let id = EditID(bytes: bytes) else { return nil }
      self = .created(id)
    } else {
      guard Name.isPath(bytes, separator: UInt8(ascii: ".")), let text = ExactString(bytes: bytes) else { return nil }
      self = .derived(text)
    }
  }

  /// Reads an entity's text; nil when it is not one.
  package init?(_ text: String) {
    var copy = text
    guard let id = copy.withUTF8({ EntityID(bytes: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = id
  }
}

extension EntityID: CustomStringConvertible {
  /// The text of the wire.
  package var description: String {
    switch self {
    case .root: "."
    case .created(let id): id.description
    case .derived(let text): text.string
    }
  }
}

extension EntityID: Comparable {
  /// The order of the texts' bytes.
  package static func < (left: EntityID, right: EntityID) -> Bool {
    ExactString(left.description) < ExactString(right.description)
  }
}
