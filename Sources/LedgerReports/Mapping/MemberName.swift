import EditModel

/// Names from a text as names of the protocol: what cannot stand in a name becomes `-`, and what goes past the limit of
/// 128 bytes is cut off; the source text holds the whole name.
enum MemberName {
  static func text(_ text: String) -> String {
    var name = ""
    for scalar in text.lowercased().unicodeScalars {
      let isAllowed = Name.isValid(String(scalar))
      let next = isAllowed ? String(scalar) : "-"
      guard name.utf8.count + next.utf8.count <= Name.byteLimit else { break }
      name += next
    }
    return name.isEmpty ? "-" : name
  }
}
