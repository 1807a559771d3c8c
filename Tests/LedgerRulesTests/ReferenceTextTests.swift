import EditModel
import LedgerRules
import Testing

/// How people refer to things, and what they mean by it.
struct ReferenceTextTests {
  static let office = LedgerWriter.office
  static let clerk = LedgerWriter.facts("zhangbaiwan", .villageClerk, "张百万村")

  /// p15 with two measures of the plan, one added (4/1), a part; two self-found (5/1 withdrawn, 6/1 with a measure 7/1).
  private var ledger: LedgerWriter {
    var ledger = LedgerWriter()
    ledger.write("p15 problem 15", "p15.2 measure 2", "p15.10 measure 10", "p15 village/柳条沟村 yes")
    ledger.write("p15.张百万村 part 张百万村")
    ledger.write("p16 problem 16", "p16 village/张百万村 yes")
    ledger.write("p15 measure 新措施")
    ledger.write(". problem 第一个", "@1 withdrawn yes")
    ledger.write(". problem 第二个")
    ledger.write("aaaaaaaa.6/1 measure 措施", "aaaaaaaa.6/1 part 张百万村")
    return ledger
  }

  @Test(arguments: [
    ("15", "p15"), ("15.2", "p15.2"), ("15.10", "p15.10"), ("15/张百万村", "p15.张百万村"), ("15.增1", "aaaaaaaa.4/1"),
    ("自1", "aaaaaaaa.5/1"), ("自2", "aaaaaaaa.6/1"), ("自2.1", "aaaaaaaa.7/1"), ("自2/张百万村", "aaaaaaaa.7/2"),
  ])
  func textAndEntityMeanEachOther(_ text: String, _ id: String) throws {
    let reference = try #require(ReferenceText(text))
    let entity = LedgerWriter.entity(id)
    #expect(reference.entity(in: ledger.state) == entity)
    #expect(ReferenceText.text(for: entity, in: ledger.state) == text)
  }

  /// Two devices made the part of one place each: the place means the first, the other goes by its id.
  @Test func aSecondPartOfAPlaceIsReachedByItsID() throws {
    var ledger = ledger
    ledger.write("aaaaaaaa.6/1 part 张百万村")
    let (first, second) = (LedgerWriter.entity("aaaaaaaa.7/2"), LedgerWriter.entity("aaaaaaaa.8/1"))
    #expect(ReferenceText.text(for: first, in: ledger.state) == "自2/张百万村")
    let text = ReferenceText.text(for: second, in: ledger.state)
    #expect(text == "aaaaaaaa.8/1" && ReferenceText(text)?.entity(in: ledger.state) == second)
    ledger.write("aaaaaaaa.7/2 withdrawn yes")
    #expect(ReferenceText.text(for: second, in: ledger.state) == "自2/张百万村")
    #expect(ReferenceText.text(for: first, in: ledger.state) == "aaaaaaaa.7/2")
  }

  /// What is no longer here goes by what its name says.
  @Test(arguments: [
    ("p8", "8"), ("p8.2", "8.2"), ("p8.张百万村", "8/张百万村"), ("bbbbbbbb.1/1", "bbbbbbbb.1/1"), ("a1", "a1"),
  ])
  func aNameSaysWhatItIsOf(_ id: String, _ text: String) {
    #expect(ReferenceText.text(for: LedgerWriter.entity(id), in: LedgerState()) == text)
  }

  @Test(arguments: [("s2", "自2"), ("s2.1", "自2.1"), ("15.+1", "15.增1"), ("p15.2", "15.2"), ("aaaaaaaa.6/1", "自2")])
  func otherSpellingMeansTheSame(_ text: String, _ shown: String) throws {
    let entity = try #require(ReferenceText(text)?.entity(in: ledger.state))
    #expect(ReferenceText.text(for: entity, in: ledger.state) == shown)
  }

  @Test(arguments: ["", "0", "015", "15.", "15/", "15.0", "15.2.3", "15.x", "自", "自0", "-1", ".", "张百万村", "15/a b"])
  func refusesWhatIsNoReference(_ text: String) {
    #expect(ReferenceText(text) == nil)
  }

  @Test(arguments: ["99", "15.3", "15/四间房村", "自3", "15.增2", "bbbbbbbb.1/1", "16/张百万村"])
  func absentThingsResolveToNothing(_ text: String) throws {
    let reference = try #require(ReferenceText(text))
    #expect(reference.resolve(in: ledger.state, for: Self.office) == .absent)
  }

  @Test(arguments: ["progress", "state", "reported", "note"])
  func villageMeansItsOwnPart(_ field: String) throws {
    let name = try #require(FieldName(field))
    let own = LedgerWriter.entity("p15.张百万村")
    let problem = LedgerWriter.entity("p15")
    let reference = ReferenceText.problem(.feedback(15))
    #expect(reference.resolve(in: ledger.state, for: Self.clerk, field: name) == .found(own))
    #expect(reference.resolve(in: ledger.state, for: Self.office, field: name) == .found(problem))
    #expect(reference.resolve(in: ledger.state, for: Self.clerk) == .found(problem))
    #expect(reference.resolve(in: ledger.state, for: Self.clerk, field: .leadUnit) == .found(problem))
  }

  @Test func villageWithoutAPartIsToldToMakeOne() {
    let named = ReferenceText.problem(.feedback(16)).resolve(in: ledger.state, for: Self.clerk, field: .progress)
    #expect(named == .missingPart(problem: LedgerWriter.entity("p16"), place: "张百万村"))
    let other = LedgerWriter.facts("sijianfang", .villageClerk, "四间房村")
    let unnamed = ReferenceText.problem(.feedback(16)).resolve(in: ledger.state, for: other, field: .progress)
    #expect(unnamed == .found(LedgerWriter.entity("p16")))
  }

  @Test func pendingSelfFoundProblemIsShownByItsIdentity() {
    var state = ledger.state
    state.show(LedgerWriter.edit(LedgerWriter.id("bbbbbbbb.1/1"), ".", "problem", "新"))
    let id = LedgerWriter.entity("bbbbbbbb.1/1")
    #expect(ReferenceText.text(for: id, in: state) == "bbbbbbbb.1/1")
    #expect(ReferenceText.entity(id).entity(in: state) == id)
    #expect(ReferenceText.problem(.selfFound(3)).entity(in: state) == nil)
  }
}
