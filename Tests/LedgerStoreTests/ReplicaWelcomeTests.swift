import LedgerStore
import Testing

struct ReplicaWelcomeTests {
  @Test func aWelcomeIsKeptOverTheEndOfTheProgramAndWrittenOnlyWhenItIsAnother() throws {
    let folder = ReplicaFolder()
    let welcome = ReplicaWelcome(mark: "k7m29qwe", software: "taizhang/0.1.0", offsetMilliseconds: -12)
    do {
      let store = try folder.created()
      #expect(try store.welcome() == nil)
      try store.keep(welcome: welcome)
      let revision = try store.revision()
      try store.keep(welcome: welcome)
      #expect(try store.revision() == revision)
      try store.close()
    }
    let store = try folder.opened()
    #expect(try store.welcome() == welcome)
    let other = ReplicaWelcome(mark: "00000000", software: "taizhang/0.1.0", offsetMilliseconds: nil)
    try store.keep(welcome: other)
    #expect(try store.welcome() == other)
    try store.keep(welcome: nil)
    #expect(try store.welcome() == nil)
    try store.close()
  }
}
