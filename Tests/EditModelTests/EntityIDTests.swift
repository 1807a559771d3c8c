import EditModel
import LedgerTestKit
import Testing

@Suite struct EntityIDTests {
  @Test func vectorsAreReadAndWritten() throws {
    let table = try VectorTable("entities", columns: 2)
    #expect(table.rows.count > 25)
    for row in table.rows {
      let id = row[0].withUnsafeBytes { EntityID(bytes: $0) }
      #expect(id.map(form) == (row.isRefused(1) ? nil : row.text(1)), "\(row)")
      if let id { #expect(ExactString(id.description) == ExactString(row.text(0)), "\(row)") }
    }
  }

  @Test func orderIsThatOfTheBytes() throws {
    let ids = try [".", "-", "p15", "p15.2", "p15.张百万村", "q2w8rt5n.9/1"].map { try #require(EntityID($0)) }
    let sorted = ids.sorted().map(\.description)
    #expect(sorted == ["-", ".", "p15", "p15.2", "p15.张百万村", "q2w8rt5n.9/1"])
  }

  private func form(_ id: EntityID) -> String {
    switch id {
    case .root: "root"
    case .created: "created"
    case .derived: "derived"
    }
  }
}
