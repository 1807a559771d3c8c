import EditModel
import SyncRules
import Testing

@Suite struct ReissueTests {
  @Test func rewritesWhatTheActsSayOfEachOther() throws {
    let problem = try Fixture.act(7, [try Fixture.change("文字", entity: ".", field: "problem")])
    let made = problem.id.edit(1)
    let note = try Fixture.act(
      9,
      [
        try Fixture.change("看 \(made)", entity: made.description, field: "note"),
        try Fixture.change(made.description),
      ],
      base: made)
    let renewed = Reissue.acts([problem, note], to: try Fixture.replica("h4m7xk2v"))
    #expect(renewed.map(\.id.n) == [1, 2])
    let new = renewed[0].id.edit(1)
    #expect(new.replica.description == "h4m7xk2v")
    #expect(renewed[1].edits[0].entity == .created(new))
    #expect(renewed[1].edits[0].base == new)
    #expect(renewed[1].edits[1].value.text == new.description)
    // A text that only speaks of an identity is somebody's words.
    #expect(renewed[1].edits[0].value.text == "看 \(made)")
    #expect(renewed[1].edits[0].stamp == note.edits[0].stamp)
  }

  @Test func leavesWhatWasAcceptedAlone() throws {
    let accepted = try Fixture.act(3).id.edit(1)
    let act = try Fixture.act(
      7, [try Fixture.change("x", entity: accepted.description, field: "withdrawn")], base: accepted
    )
    let renewed = Reissue.acts([act], to: try Fixture.replica("h4m7xk2v"))
    #expect(renewed[0].edits[0].entity == .created(accepted))
    #expect(renewed[0].edits[0].base == accepted)
  }
}
