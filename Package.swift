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
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

/// A target of our own, with the settings that all of them share.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
  name: "taizhang",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
  ],
  targets: [
    // Layer 0
    library("EditModel"),
    .target(name: "TerminalKit", exclude: ["Width/generate-width-table.py"], swiftSettings: strict),
    // Layer 1
    library("LedgerRules", ["EditModel"]),
    library("LineProtocol", ["EditModel", nioCore]),
    // Layer 2
    library("LedgerStore", ["EditModel", "LedgerRules", "LineProtocol", nioCore, grdb, grdbSQLite, crypto]),
    // Test support
    .target(name: "CFaultDisk", linkerSettings: [.linkedLibrary("sqlite3")]),
    library("LedgerTestKit", ["EditModel", "LedgerRules", "LineProtocol", nioCore]),
    // Tests
    tests("EditModelTests", ["EditModel", "LedgerTestKit"]),
    tests("TerminalKitTests", ["TerminalKit"]),
    tests("LedgerRulesTests", ["LedgerRules", "EditModel", "LedgerTestKit"]),
    tests("LineProtocolTests", ["LineProtocol", "EditModel", "LedgerTestKit", nioCore]),
    tests(
      "LedgerStoreTests",
      ["LedgerStore", "LineProtocol", "LedgerRules", "EditModel", "LedgerTestKit", "CFaultDisk", grdb]),
    tests("TidyTests", ["EditModel", "LineProtocol", "LedgerRules", "LedgerTestKit"]),
  ]
)
