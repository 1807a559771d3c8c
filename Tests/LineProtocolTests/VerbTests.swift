import EditModel
import LineProtocol
import Testing

@Suite struct VerbTests {
  @Test func everyNameIsAWordOfTheProtocol() {
    let names = Verb.allCases.map(\.rawValue) + ErrorCode.allCases.map(\.rawValue)
    for name in names {
      #expect(name.utf8.allSatisfy { (97...122).contains($0) || $0 == UInt8(ascii: "-") }, "\(name)")
    }
    #expect(Set(names).count >= Verb.allCases.count)
  }

  @Test func errorsAreWrittenWithTheirClass() {
    #expect(WireError(.denied).text == "stop denied")
    #expect(WireError(.earlier, ["n=7"]).text == "wait earlier n=7")
    #expect(WireError(.stageMoved, ["working", "-"]).text == "shelve stage-moved working -")
  }

  @Test func onlyActsAreShelved() {
    for code in ErrorCode.allCases where code.errorClass == .shelve {
      #expect(!code.closes, "\(code)")
    }
  }
}
