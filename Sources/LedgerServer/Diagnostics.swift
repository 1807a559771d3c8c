import CoreMetrics

/// The keys of a log line's metadata. None ever holds a value, a secret or a person's name.
enum LogKey {
  static let ledger = "ledger"
  static let error = "error"
  static let seq = "seq"
  static let expected = "expected"
  static let connection = "connection"
  static let replica = "replica"
  static let lookup = "lookup"
  static let address = "address"
  static let path = "path"
  static let incident = "incident"
  static let count = "count"
  static let milliseconds = "milliseconds"
  static let reason = "reason"
}

/// What a server counts; a program that wants to show it installs a metrics factory.
enum ServerMetrics {
  static let accepted = Counter(label: "taizhangd_edits_accepted_total")
  static let shelved = Counter(label: "taizhangd_acts_shelved_total")
  static let storageFailures = Counter(label: "taizhangd_storage_failures_total")
  static let connections = Counter(label: "taizhangd_connections_total")
  static let denied = Counter(label: "taizhangd_auth_denied_total")
  static let codesRefused = Counter(label: "taizhangd_codes_refused_total")
  static let turnedAway = Counter(label: "taizhangd_connections_turned_away_total")
  static let replaced = Counter(label: "taizhangd_connections_replaced_total")
  static let heldBack = Counter(label: "taizhangd_connections_held_back_total")
  static let stalled = Counter(label: "taizhangd_connections_stalled_total")
}
