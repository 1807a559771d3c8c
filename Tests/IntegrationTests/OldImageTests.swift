import EditModel
import Foundation
import LedgerClient
import LedgerIdentity
import LedgerStore
import LedgerTestKit
import Testing

/// A device whose folder is put back to an old image, as a restored backup or a rolled back machine does it: with the
/// programs as people run them.
@Suite(.onOwnThreads, .timeLimit(.minutes(3))) struct OldImageTests {
  private let town: ProgramTown
  private let clerk: String
  private let office: String

  init() throws {
    town = try ProgramTown()
    (clerk, office) = (town.home("clerk"), town.home("office"))
  }

  /// The image holds acts that had not been sent; they were accepted since, and others under the numbers that come next.
  @Test func whatWasSentSinceTheImageIsThereOnce() throws {
    let port = try begin()
    try run(clerk, "set", "自1", "progress", "甲一", status: 0)
    try run(clerk, "note", "自1", "甲二")
    try keepImage()
    try town.serving(tlsPort: port) { _ in
      try run(clerk, "sync")
      try run(clerk, "note", "自1", "乙一")
      try run(clerk, "set", "自1", "effect", "乙二")
    }
    try putBackImage()
    try run(clerk, "note", "自1", "丙一")
    try run(clerk, "note", "自1", "丙二")
    try run(clerk, "note", "自1", "丙三")
    try town.serving(tlsPort: port) { _ in
      let told = try run(clerk, "sync")
      #expect(told.contains("This folder was copied, put back or repaired"), "\(told)")
      try expectOnce(["一件事", "甲一", "甲二", "乙一", "乙二", "丙一", "丙二", "丙三"])
    }
  }

  /// Nothing was made since the image was put back: what it holds unsent arrived before, and is taken for nobody else's.
  @Test func anImageThatIsOnlyOldIsToldToo() throws {
    let port = try begin()
    try run(clerk, "note", "自1", "甲一")
    try keepImage()
    try town.serving(tlsPort: port) { _ in
      try run(clerk, "sync")
      try run(clerk, "note", "自1", "乙一")
    }
    try putBackImage()
    try town.serving(tlsPort: port) { _ in
      let told = try run(clerk, "sync")
      #expect(told.contains("This folder was copied, put back or repaired"), "\(told)")
      try run(clerk, "note", "自1", "丙一")
      try expectOnce(["一件事", "甲一", "乙一", "丙一"])
    }
  }

  /// The image holds an act that was refused since: it comes to the shelf again, once, and what was made later arrives.
  @Test func whatWasRefusedSinceTheImageIsOnTheShelfAgain() throws {
    let port = try begin()
    try run(clerk, "stage", "自1", "withdrawn", "--reason", "重复")
    try keepImage()
    try town.serving(tlsPort: port) { _ in
      try run(office, "stage", "自1", "withdrawn", "--reason", "并入")
      #expect(try run(clerk, "sync", status: 4).contains("1 act refused"))
      try run(clerk, "note", "自1", "乙一")
    }
    try putBackImage()
    try run(clerk, "note", "自1", "丙一")
    try town.serving(tlsPort: port) { _ in
      let told = try run(clerk, "sync", status: 4)
      #expect(told.contains("This folder was copied, put back or repaired"), "\(told)")
      try expectOnce(["一件事", "并入", "乙一", "丙一"])
      let shelf = try run(clerk, "shelf")
      #expect(shelf.contains("Shelf: 1 refused act") && shelf.contains("重复"), "\(shelf)")
    }
  }

  /// Both devices are let in and level, with a problem of the clerk's; where the server listens.
  private func begin() throws -> Int {
    var port = 0
    try town.serving { address in
      port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
      for home in [clerk, office] { try run(home, "enrol", town.line().text) }
      try run(clerk, "add", "problem", "一件事")
      try run(office, "sync")
    }
    return port
  }

  private func keepImage() throws {
    #expect(try ProgramTown.run(URL(filePath: "/bin/cp"), ["-a", clerk, clerk + "-image"]).status == 0)
  }

  private func putBackImage() throws {
    try FileManager.default.removeItem(atPath: clerk)
    #expect(try ProgramTown.run(URL(filePath: "/bin/cp"), ["-a", clerk + "-image", clerk]).status == 0)
  }

  @discardableResult
  private func run(_ home: String, _ arguments: String..., status: Int32 = 0) throws -> String {
    let ended = try ProgramTown.run("taizhang", arguments + ["--home", home, "--lang", "en"])
    #expect(ended.status == status, "\(arguments): \(ended.text)")
    return ended.text
  }

  /// Both devices are level with the town, and each of `values` is in both exactly once.
  private func expectOnce(_ values: [String]) throws {
    try run(office, "sync")
    try run(clerk, "sync")
    for home in [office, clerk] {
      let store = try ReplicaStore.open(path: home + "/replica.sqlite")
      defer { try? store.close() }
      let texts = try store.arrived(after: 0).lines.compactMap { $0.edit.value.text?.description }
      for value in values { #expect(texts.count { $0 == value } == 1, "\(value) in \(home)") }
      #expect(try store.counts().unsent == 0)
    }
    #expect(try Replica(home: office).status().stateHash == Replica(home: clerk).status().stateHash)
  }
}
