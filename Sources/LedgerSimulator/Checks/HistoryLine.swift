/// A line of the history as the checks read it: words between single spaces, and a value.
///
/// Read by hand, and kept as texts: what the code under test makes of a line is not asked.
struct HistoryLine {
  let seq: UInt64
  let receipt: String
  let seat: String
  /// `REPLICA.N` and `I`.
  let act: String
  let index: Int
  let actSize: Int
  let stamp: String
  let base: String
  let entity: String
  let field: String
  let value: String
  let whole: String

  var id: String { "\(act)/\(index)" }

  init?(_ line: String) {
    let words = line.split(separator: " ", maxSplits: 10, omittingEmptySubsequences: false).map(String.init)
    guard words.count == 11, let seq = UInt64(words[0]), let size = Int(words[4]) else { return nil }
    let identity = words[3].split(separator: "/").map(String.init)
    guard identity.count == 2, let index = Int(identity[1]) else { return nil }
    self.seq = seq
    receipt = words[1]
    seat = words[2]
    act = identity[0]
    self.index = index
    actSize = size
    stamp = words[5]
    base = words[7]
    entity = words[8]
    field = words[9]
    value = words[10]
    whole = line
  }

  /// Whether it comes later than `other` in the order of descriptive fields.
  func outdoes(_ other: HistoryLine) -> Bool {
    if stamp != other.stamp { return stamp > other.stamp }
    let (own, theirs) = (identity, other.identity)
    if own.replica != theirs.replica { return own.replica > theirs.replica }
    return own.n == theirs.n ? index > other.index : own.n > theirs.n
  }

  private var identity: (replica: String, n: UInt64) {
    let parts = act.split(separator: ".").map(String.init)
    return (parts[0], UInt64(parts[1]) ?? 0)
  }

  /// What it makes: the kind, the new thing's id, and under what; nil when it sets a field.
  var creation: (kind: String, id: String, parent: String)? {
    let kinds = ["aspect", "category", "problem", "measure", "part", "note", "stage"]
    guard kinds.contains(field) else { return nil }
    let kind = field == "stage" ? "transition" : field
    if kind == "problem" { return entity == "." ? (kind, id, ".") : (kind, entity, ".") }
    if kind == "aspect" || kind == "category" { return (kind, entity, ".") }
    if HistoryLine.derivedKind(entity) == kind {
      return (kind, entity, String(entity.split(separator: ".")[0]))
    }
    return (kind, id, entity)
  }

  /// What a derived id says; nil for one that is an identity.
  static func derivedKind(_ id: String) -> String? {
    guard !id.contains("/"), id != ".", let first = id.first else { return nil }
    let parts = id.split(separator: ".").map(String.init)
    if parts.count == 2 { return parts[1].allSatisfy(\.isNumber) ? "measure" : "part" }
    return first == "p" ? "problem" : first == "a" ? "aspect" : "category"
  }
}
