import EditModel
import LedgerTestKit
import Testing

@Suite struct NamesTests {
  @Test func fieldVectorsAreReadAndWritten() throws {
    let table = try VectorTable("fields", columns: 3)
    #expect(table.rows.count > 40)
    for row in table.rows {
      let field = row[0].withUnsafeBytes { FieldName(bytes: $0) }
      guard !row.isRefused(1) else {
        #expect(field == nil, "\(row)")
        continue
      }
      #expect(field?.text == ExactString(row.text(0)), "\(row)")
      #expect(field?.head == ExactString(row.text(1)), "\(row)")
      #expect(field?.member == (row.text(2) == "-" ? nil : ExactString(row.text(2))), "\(row)")
    }
  }

  @Test(arguments: [(127, true), (128, true), (129, false)])
  func lengthLimitCountsBytes(_ length: Int, _ isName: Bool) {
    #expect(Name.isValid(String(repeating: "a", count: length)) == isName)
    let chinese = String(repeating: "村", count: length / 3) + String(repeating: "a", count: length % 3)
    #expect(Name.isValid(chinese) == isName)
    #expect((SeatID(chinese) != nil) == isName)
  }

  @Test(arguments: [(7, true), (8, true), (9, false)])
  func pathLimitCountsNames(_ count: Int, _ isPath: Bool) {
    let names = Array(repeating: "村", count: count)
    #expect((FieldName(names.joined(separator: "/")) != nil) == isPath)
    #expect((EntityID(names.joined(separator: ".")) != nil) == isPath)
  }

  @Test func everyControlIsRefused() throws {
    for value in Array(0..<0x21) + Array(0x7F...0x9F) {
      let scalar = try #require(Unicode.Scalar(UInt32(value)))
      #expect(!Name.isValid("a\(Character(scalar))"))
    }
  }

  @Test func composedAndDecomposedAreTwoNames() throws {
    let composed = try #require(FieldName("é"))
    let decomposed = try #require(FieldName("e\u{301}"))
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
  }

  @Test func drawnNamesAreNames() {
    var generator = Generator(seed: 2)
    for _ in 0..<300 {
      #expect(Name.isValid(generator.name()))
      #expect(FieldName(generator.field()) != nil)
    }
  }
}
