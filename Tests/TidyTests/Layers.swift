/// Which module a target may import, layer by layer: the one-way order of the design, as code. SwiftPM refuses a
/// module that a target does not name among its dependencies; this table refuses that somebody names it.
/// A new import is a decision: change this table and ARCHITECTURE.md in the same commit and say why in it.
struct LayerRow: Sendable {
  let layer: Int
  let target: String
  /// Our own targets; each must lie in a lower layer.
  let ours: [String]
  /// Modules of other packages and of the system.
  let others: [String]
}

enum Layers {
  private static let nio = ["NIOCore", "NIOPosix"]
  private static let system = ["Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Synchronization"]

  static let table: [LayerRow] = [
    LayerRow(layer: 0, target: "EditModel", ours: [], others: []),
    LayerRow(layer: 0, target: "TerminalKit", ours: [], others: ["Glibc", "Synchronization"]),
    LayerRow(layer: 0, target: "CZlib", ours: [], others: []),
    LayerRow(layer: 0, target: "CLinuxFiles", ours: [], others: []),
    LayerRow(layer: 0, target: "CMemoryDisk", ours: [], others: []),
    LayerRow(layer: 1, target: "MachineClocks", ours: ["EditModel"], others: ["Glibc"]),
    LayerRow(layer: 1, target: "LedgerRules", ours: ["EditModel"], others: []),
    LayerRow(layer: 1, target: "LineProtocol", ours: ["EditModel", "CZlib"], others: ["NIOCore", "Crypto"]),
    LayerRow(layer: 1, target: "SealedFile", ours: ["EditModel"], others: ["Crypto"]),
    LayerRow(
      layer: 2, target: "SnapshotFile", ours: ["EditModel", "LineProtocol", "CZlib"], others: ["NIOCore", "Crypto"]),
    LayerRow(layer: 2, target: "LedgerReports", ours: ["EditModel", "LedgerRules"], others: []),
    LayerRow(
      layer: 2, target: "SessionRules", ours: ["EditModel", "LedgerRules", "LineProtocol"], others: ["NIOCore"]),
    LayerRow(layer: 2, target: "SyncRules", ours: ["EditModel", "LedgerRules", "LineProtocol"], others: ["NIOCore"]),
    LayerRow(
      layer: 2, target: "LedgerStore", ours: ["EditModel", "LedgerRules", "LineProtocol", "CZlib"],
      others: ["NIOCore", "GRDB", "GRDBSQLite", "Crypto", "Glibc"]),
    LayerRow(
      layer: 2, target: "LedgerIdentity", ours: ["EditModel"],
      others: ["Crypto", "CryptoExtras", "X509", "SwiftASN1", "FoundationEssentials"]),
    LayerRow(
      layer: 3, target: "LedgerAdmin",
      ours: [
        "EditModel", "LedgerRules", "LineProtocol", "LedgerStore", "LedgerIdentity", "SealedFile", "SnapshotFile",
        "CLinuxFiles",
      ],
      others: ["NIOCore", "Crypto"] + system),
    LayerRow(
      layer: 3, target: "LedgerKeeping",
      ours: ["EditModel", "LedgerRules", "LineProtocol", "SessionRules", "LedgerStore"],
      others: ["NIOCore", "Synchronization"]),
    LayerRow(
      layer: 3, target: "ReplicaKeeping",
      ours: ["EditModel", "LedgerRules", "LineProtocol", "SyncRules", "LedgerStore", "MachineClocks"],
      others: ["Glibc"]),
    LayerRow(
      layer: 4, target: "LedgerClient",
      ours: [
        "EditModel", "LedgerRules", "LineProtocol", "SyncRules", "LedgerStore", "LedgerIdentity", "ReplicaKeeping",
      ],
      others: nio + ["NIOSSL", "NIOTLS"] + system),
    LayerRow(
      layer: 4, target: "LedgerServer",
      ours: [
        "EditModel", "LedgerRules", "LineProtocol", "SessionRules", "LedgerStore", "LedgerIdentity", "LedgerAdmin",
        "SnapshotFile", "LedgerKeeping", "MachineClocks",
      ],
      others: nio + ["NIOSSL", "NIOTLS"] + system + [
        "ServiceLifecycle", "UnixSignals", "Logging", "CoreMetrics", "TOMLKit",
      ]),
    LayerRow(
      layer: 5, target: "ClientScreens",
      ours: [
        "EditModel", "LedgerRules", "LedgerReports", "SyncRules", "LedgerClient", "LedgerStore", "ReplicaKeeping",
        "TerminalKit",
      ],
      others: system),
    LayerRow(
      layer: 6, target: "ClientCommands",
      ours: [
        "EditModel", "LedgerRules", "LedgerReports", "LedgerIdentity", "LedgerClient", "LedgerStore", "ClientScreens",
        "ReplicaKeeping", "TerminalKit",
      ],
      others: system + ["ArgumentParser"]),
    LayerRow(
      layer: 6, target: "ServerCommands",
      ours: [
        "EditModel", "LedgerRules", "LineProtocol", "LedgerStore", "LedgerIdentity", "LedgerAdmin", "LedgerServer",
        "SealedFile", "MachineClocks",
      ],
      others: system + ["ArgumentParser"]),
    LayerRow(
      layer: 6, target: "LedgerBench", ours: ["EditModel", "LineProtocol", "LedgerIdentity"],
      others: nio + ["NIOSSL"] + system + ["ArgumentParser"]),
    LayerRow(
      layer: 6, target: "LedgerSimulator",
      ours: [
        "EditModel", "LedgerRules", "LineProtocol", "SessionRules", "SyncRules", "LedgerStore", "LedgerKeeping",
        "ReplicaKeeping", "CMemoryDisk",
      ],
      others: ["NIOCore"] + system + ["ArgumentParser"]),
    LayerRow(layer: 7, target: "taizhangd", ours: ["ServerCommands"], others: []),
    LayerRow(layer: 7, target: "taizhang", ours: ["ClientCommands"], others: []),
    LayerRow(layer: 7, target: "taizhang-bench", ours: ["LedgerBench"], others: []),
    LayerRow(layer: 7, target: "taizhang-sim", ours: ["LedgerSimulator"], others: []),
    // Test support: on top of layers 0-2, and nothing that ships may import it.
    LayerRow(layer: 8, target: "CFaultDisk", ours: [], others: []),
    LayerRow(
      layer: 8, target: "LedgerTestKit", ours: ["EditModel", "LedgerRules", "LineProtocol"],
      others: nio + system + ["Testing"]),
  ]

  /// The C library has another name on a Mac.
  static func mayImport(_ row: LayerRow, _ module: String) -> Bool {
    let module = module == "Darwin" ? "Glibc" : module
    return row.ours.contains(module) || row.others.contains(module)
  }

  private static let byTarget = Dictionary(uniqueKeysWithValues: table.map { ($0.target, $0) })

  static func row(of target: String) -> LayerRow? { byTarget[target] }

  /// Whether the target owns its clock, its random numbers and its standard output: the commands and the programs.
  static func isEdge(_ target: String) -> Bool {
    guard let row = row(of: target) else { return false }
    return row.layer == 6 || row.layer == 7
  }
}
