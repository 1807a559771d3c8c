import EditModel
import LedgerTestKit
import Testing

@Suite struct ShiftTests {
  @Test func vectorsAreReadAndWritten() throws {
    let table = try VectorTable("shifts", columns: 3)
    #expect(table.rows.count > 20)
    for row in table.rows {
      let shift = row[0].withUnsafeBytes { Shift(bytes: $0) }
      guard !row.isRefused(1) else {
        #expect(shift == nil, "\(row)")
        continue
      }
      #expect(shift.map { "\($0.seconds)" } == row.text(1), "\(row)")
      #expect(shift?.isUncertain == (row.text(2) == "yes"), "\(row)")
      #expect(shift?.description == row.text(0), "\(row)")
    }
  }

  @Test func clampsToTheLimit() {
    #expect(Shift(seconds: .max).seconds == Shift.limit)
    #expect(Shift(seconds: .min).seconds == -Shift.limit)
  }
}
