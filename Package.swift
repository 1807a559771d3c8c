// swift-tools-version: 6.2
import PackageDescription

// Every target builds with the same strictness; see CONTRIBUTING.md.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

// Products of other packages, named once.
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let lifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let toml = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")

/// A target of our own, with the settings that all of them share.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []
)
  -> Target
{
  .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
  name: "taizhang",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "taizhangd", targets: ["taizhangd"]),
    .executable(name: "taizhang", targets: ["taizhang"]),
    .executable(name: "taizhang-bench", targets: ["taizhang-bench"]),
    .executable(name: "taizhang-sim", targets: ["taizhang-sim"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-certificates.git", exact: "1.21.1"),
    .package(url: "https://github.com/apple/swift-asn1.git", exact: "1.7.4"),
    .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
    .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics.git", exact: "2.13.0"),
    .package(url: "https://github.com/LebJe/TOMLKit.git", exact: "0.6.0"),
  ],
  targets: [
    // Layer 0
    library("EditModel"),
    library("MachineClocks", ["EditModel"]),
    .target(name: "TerminalKit", exclude: ["Width/generate-width-table.py"], swiftSettings: strict),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLinuxFiles"),
    .target(name: "CMemoryDisk", linkerSettings: [.linkedLibrary("sqlite3")]),
    // Layer 1
    library("LedgerRules", ["EditModel"]),
    library("LineProtocol", ["EditModel", "CZlib", nioCore, crypto]),
    library("SealedFile", ["EditModel", crypto]),
    // Layer 2
    library("SnapshotFile", ["EditModel", "LineProtocol", "CZlib", nioCore, crypto]),
    library("LedgerReports", ["EditModel", "LedgerRules"]),
    library("SessionRules", ["EditModel", "LedgerRules", "LineProtocol", nioCore]),
    library("SyncRules", ["EditModel", "LedgerRules", "LineProtocol", nioCore]),
    library(
      "LedgerStore",
      ["EditModel", "LedgerRules", "LineProtocol", "CZlib", nioCore, grdb, grdbSQLite, crypto]),
    library(
      "LedgerIdentity", ["EditModel", crypto, cryptoExtras, x509, asn1]),
    // Layer 3
    library(
      "LedgerAdmin",
      [
        "EditModel", "LedgerRules", "LineProtocol", "LedgerStore", "LedgerIdentity", "SealedFile", "SnapshotFile",
        "CLinuxFiles", nioCore, crypto,
      ]),
    library(
      "LedgerKeeping", ["EditModel", "LedgerRules", "LineProtocol", "SessionRules", "LedgerStore", nioCore]),
    library(
      "ReplicaKeeping",
      ["EditModel", "LedgerRules", "LineProtocol", "SyncRules", "LedgerStore", "MachineClocks"]),
    // Layer 4
    library(
      "LedgerClient",
      [
        "EditModel", "LedgerRules", "LineProtocol", "SyncRules", "LedgerStore", "LedgerIdentity", "ReplicaKeeping",
        nioCore, nioPosix, nioTLS, nioSSL,
      ]),
    library(
      "LedgerServer",
      [
        "EditModel", "LedgerRules", "LineProtocol", "SessionRules", "LedgerStore", "LedgerAdmin",
        "LedgerIdentity", "LedgerKeeping", "SnapshotFile", "MachineClocks",
        nioCore, nioPosix, nioTLS, nioSSL, lifecycle, signals, logging, metrics, toml,
      ]),
    // Layer 5
    library(
      "ClientScreens",
      [
        "EditModel", "LedgerRules", "LedgerReports", "SyncRules", "LedgerClient", "LedgerStore", "ReplicaKeeping",
        "TerminalKit",
      ]),
    // Layer 6
    library(
      "ClientCommands",
      [
        "EditModel", "LedgerRules", "LedgerReports", "LedgerClient", "LedgerIdentity", "LedgerStore", "ClientScreens",
        "ReplicaKeeping", "TerminalKit",
        arguments,
      ]),
    library(
      "ServerCommands",
      [
        "LedgerAdmin", "LedgerServer", "LedgerIdentity", "LedgerStore", "LedgerRules", "LineProtocol", "SealedFile",
        "EditModel", "MachineClocks",
        arguments,
      ]),
    library(
      "LedgerBench",
      ["EditModel", "LineProtocol", "LedgerIdentity", nioCore, nioPosix, nioSSL, arguments]),
    library(
      "LedgerSimulator",
      [
        "EditModel", "LedgerRules", "LineProtocol", "SessionRules", "SyncRules", "LedgerStore", "LedgerKeeping",
        "ReplicaKeeping", "CMemoryDisk", nioCore, arguments,
      ]),
    // Layer 7
    program("taizhangd", ["ServerCommands"]),
    program("taizhang", ["ClientCommands"]),
    program("taizhang-bench", ["LedgerBench"]),
    program("taizhang-sim", ["LedgerSimulator"]),
    // Test support
    .target(name: "CFaultDisk", linkerSettings: [.linkedLibrary("sqlite3")]),
    library("LedgerTestKit", ["EditModel", "LedgerRules", "LineProtocol", nioCore, nioPosix]),
    // Tests
    tests("EditModelTests", ["EditModel", "LedgerTestKit"]),
    tests("TerminalKitTests", ["TerminalKit"]),
    tests("LedgerRulesTests", ["LedgerRules", "EditModel", "LedgerTestKit"]),
    tests("LineProtocolTests", ["LineProtocol", "EditModel", "LedgerTestKit", nioCore]),
    tests("LedgerIdentityTests", ["LedgerIdentity", "EditModel", "LedgerTestKit", crypto, x509]),
    tests("SealedFileTests", ["SealedFile", "LedgerTestKit", crypto]),
    tests("SnapshotFileTests", ["SnapshotFile", "LineProtocol", "EditModel", "LedgerTestKit", crypto]),
    tests(
      "LedgerReportsTests", ["LedgerReports", "LedgerRules", "EditModel", "LedgerTestKit"],
      resources: [.copy("Data")]),
    tests(
      "SessionRulesTests",
      ["SessionRules", "LineProtocol", "LedgerRules", "EditModel", "LedgerTestKit", nioCore]),
    tests(
      "SyncRulesTests",
      ["SyncRules", "LineProtocol", "LedgerRules", "EditModel", "LedgerTestKit", nioCore]),
    tests(
      "LedgerStoreTests",
      [
        "LedgerStore", "LineProtocol", "LedgerRules", "EditModel", "LedgerTestKit", "CFaultDisk",
        grdb,
      ]),
    tests(
      "ReplicaKeepingTests",
      ["ReplicaKeeping", "SyncRules", "LedgerStore", "LineProtocol", "EditModel"]),
    tests(
      "LedgerAdminTests",
      [
        "LedgerAdmin", "LedgerIdentity", "SealedFile", "SnapshotFile", nioCore, grdb, "LedgerStore", "LineProtocol",
        "LedgerRules", "EditModel", "LedgerTestKit",
      ]),
    tests(
      "ClientScreensTests",
      [
        "ClientScreens", "LedgerClient", "LedgerReports", "LedgerRules", "LedgerTestKit", "TerminalKit", "EditModel",
      ], resources: [.copy("Golden")]),
    tests(
      "IntegrationTests",
      [
        "taizhang", "LedgerAdmin", "LedgerClient", "LedgerIdentity", "LedgerServer", "LedgerStore", "LedgerRules",
        "LineProtocol", "SessionRules", "SyncRules", "EditModel", "ReplicaKeeping", "TerminalKit", "LedgerTestKit",
        nioCore, nioPosix, nioSSL, logging, grdb,
      ]),
    tests(
      "ClientCommandsTests",
      [
        "taizhang", "ClientCommands", "LedgerClient", "LedgerIdentity", "LedgerReports", "LedgerRules", "LedgerStore",
        "LineProtocol", "EditModel", "TerminalKit", arguments,
      ]),
    tests(
      "FaultTests",
      [
        "taizhangd", "LedgerAdmin", "LedgerClient", "LedgerServer", "LedgerStore", "LedgerRules", "LineProtocol",
        "SyncRules", "EditModel",
        "LedgerTestKit", "CFaultDisk", grdb, logging, nioCore,
      ]),
    tests(
      "ConformanceTests",
      ["LedgerIdentity", "EditModel", "LineProtocol", "LedgerTestKit", nioCore, nioEmbedded, nioSSL]),
    tests("LedgerSimulatorTests", ["taizhang-sim", "LedgerTestKit"]),
    tests("TidyTests", ["EditModel", "LineProtocol", "LedgerRules", "LedgerTestKit"]),
  ]
)

// With TAIZHANG_TESTS, a list of test targets, nothing is built that these do not need: a build of its own for a few units
// (the thread sanitizer's in scripts/gates.sh) need not make all of TLS once more.
if let names = Context.environment["TAIZHANG_TESTS"] {
  var needed: Set<String> = []
  var waiting = names.split(separator: " ").map(String.init)
  let known = Set(package.targets.map(\.name))
  precondition(waiting.allSatisfy(known.contains), "TAIZHANG_TESTS names what is no target: \(names)")
  while let name = waiting.popLast() {
    guard needed.insert(name).inserted, let target = package.targets.first(where: { $0.name == name }) else { continue }
    for case .byNameItem(let name, _) in target.dependencies { waiting.append(name) }
  }
  package.targets.removeAll { !needed.contains($0.name) }
  package.products.removeAll()
}
