import LedgerStore
import Testing

/// `adopt` with several numbers.
@Suite struct AdoptTests {
  @Test func aNumberThatIsGivenTwiceIsOne() throws {
    let folder = try ClientFolder()
    let store = try folder.replica()
    try folder.arrive(["p15 problem 15", "p16 problem 16"], in: store)
    #expect(try folder.taizhang("adopt", "15", "15", "16", "done", "--source", "2023年整改通报").status == 0)
    #expect(try store.snapshot().overlay.count == 2)
  }

  @Test func theOneThatHasMovedIsNamed() throws {
    let folder = try ClientFolder()
    let store = try folder.replica()
    try folder.arrive(["p15 problem 15", "p16 problem 16"], in: store)
    try folder.arrive(["p16 stage unclaimed"], in: store)
    let said = try folder.taizhang("adopt", "15", "16", "done", "--source", "2023年整改通报")
    #expect(said.status == 4)
    #expect(said.errors.contains("16：") && !said.errors.contains("15"), "\(said.errors)")
    #expect(try store.snapshot().overlay.isEmpty)
  }
}
