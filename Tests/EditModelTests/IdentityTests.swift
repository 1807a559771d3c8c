import EditModel
import LedgerTestKit
import Testing

@Suite struct IdentityTests {
  @Test func replicaVectorsAreReadAndWritten() throws {
    let table = try VectorTable("replicas", columns: 2)
    #expect(table.rows.count > 15)
    for row in table.rows {
      let id = row[0].withUnsafeBytes { ReplicaID(bytes: $0) }
      #expect(id?.description == (row.isRefused(1) ? nil : row.text(1)), "\(row)")
    }
  }

  @Test func editVectorsAreReadAndWritten() throws {
    let table = try VectorTable("edits", columns: 4)
    #expect(table.rows.count > 20)
    for row in table.rows {
      let id = row[0].withUnsafeBytes { EditID(bytes: $0) }
      guard !row.isRefused(1) else {
        #expect(id == nil, "\(row)")
        continue
      }
      #expect(id?.replica.description == row.text(1), "\(row)")
      #expect(id.map { "\($0.n)" } == row.text(2), "\(row)")
      #expect(id.map { "\($0.i)" } == row.text(3), "\(row)")
      #expect(id?.description == row.text(0), "\(row)")
    }
  }

  @Test func randomBitsMakeAnId() throws {
    #expect(ReplicaID(random: 0).description == "00000000")
    #expect(ReplicaID(random: .max).description == "zzzzzzzz")
    let id = ReplicaID(random: 0x12_3456_789A)
    #expect(ReplicaID(id.description) == id)
  }

  @Test func editKnowsItsAct() throws {
    let replica = try #require(ReplicaID("q2w8rt5n"))
    #expect(ActID(replica: replica, n: 7).edit(3).act == ActID(replica: replica, n: 7))
  }
}
