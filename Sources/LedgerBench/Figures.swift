/// Every figure of one run, for the tables and for `--json`.
struct Figures: Sendable {
  /// One measured thing: a name such as `durable.50x16.acts_per_s`, a number and what a peer has in the same run.
  struct Row: Sendable {
    let name: String
    let value: Double
    let unit: String
    let peer: Double?
    /// What the ratio should be: at least this for more-is-better rows, at most this for the others.
    let target: Target?

    /// Ours by the peer's; nil without a peer.
    var ratio: Double? {
      guard let peer, peer > 0 else { return nil }
      return value / peer
    }

    /// Whether the target is met; nil without a target or a peer.
    var isMet: Bool? {
      guard let target, let ratio else { return nil }
      switch target {
      case .atLeast(let limit): return ratio >= limit
      case .atMost(let limit): return ratio <= limit
      }
    }
  }

  enum Target: Sendable {
    case atLeast(Double)
    case atMost(Double)
  }

  private(set) var rows: [Row] = []

  mutating func add(
    _ name: String, _ value: Double, _ unit: String, peer: Double? = nil, target: Target? = nil
  ) {
    rows.append(Row(name: name, value: value, unit: unit, peer: peer, target: target))
  }

  /// The rows as one JSON object, each name with value, unit, peer, ratio and whether the target is met.
  var json: String {
    let entries = rows.map { row -> String in
      var parts = ["\"value\":\(Figures.number(row.value))", "\"unit\":\"\(row.unit)\""]
      if let peer = row.peer { parts.append("\"peer\":\(Figures.number(peer))") }
      if let ratio = row.ratio { parts.append("\"ratio\":\(Figures.number(ratio))") }
      if let isMet = row.isMet { parts.append("\"met\":\(isMet)") }
      return "\"\(row.name)\":{\(parts.joined(separator: ","))}"
    }
    return "{" + entries.joined(separator: ",\n ") + "}"
  }

  /// The rows as a table for people.
  var table: String {
    var lines = [Figures.line("figure", "taizhang", "unit", "peer", "ratio", "target")]
    for row in rows {
      let target =
        switch row.target {
        case .atLeast(let limit): ">= \(limit)"
        case .atMost(let limit): "<= \(limit)"
        case nil: ""
        }
      let verdict = row.isMet.map { $0 ? " met" : " MISSED" } ?? ""
      lines.append(
        Figures.line(
          row.name, Figures.number(row.value), row.unit, row.peer.map(Figures.number) ?? "",
          row.ratio.map { Figures.rounded($0, places: 2) } ?? "", target + verdict))
    }
    return lines.joined(separator: "\n")
  }

  private static func line(_ columns: String...) -> String {
    let widths = [34, 12, 8, 12, 7]
    let head = zip(columns, widths).enumerated().map { index, pair -> String in
      let fill = String(repeating: " ", count: max(1, pair.1 - pair.0.count))
      return index == 0 || index == 2 ? pair.0 + fill : fill + pair.0 + " "
    }
    return head.joined() + (columns.last ?? "")
  }

  /// Three significant places at most behind the point, none for large numbers.
  static func number(_ value: Double) -> String {
    rounded(value, places: value >= 1_000 ? 0 : value >= 10 ? 1 : 3)
  }

  private static func rounded(_ value: Double, places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = (value * scale).rounded()
    guard scaled.isFinite, abs(scaled) < 1e15 else { return "0" }
    guard places > 0 else { return String(Int(scaled)) }
    let whole = Int(scaled) / Int(scale)
    let part = abs(Int(scaled) % Int(scale))
    let digits = String(part)
    let sign = scaled < 0 && whole == 0 ? "-" : ""
    return "\(sign)\(whole)." + String(repeating: "0", count: places - digits.count) + digits
  }
}
