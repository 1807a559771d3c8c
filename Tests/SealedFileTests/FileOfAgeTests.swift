import Testing

@testable import SealedFile

/// Files that the program `age` made.
@Suite struct FileOfAgeTests {
  @Test func aFileOfAgeIsOpened() throws {
    let file = try SealSample.bytes(base64: SealSample.fileOfAge)
    #expect(try SealSample.opened(file, with: [SealSample.secret()]) == SealSample.plain)
    #expect(throws: SealError(.forOtherKeys, at: 0)) { try SealSample.opened(file, with: [SealSample.otherSecret()]) }
  }

  @Test func anEmptyFileOfAgeIsOpened() throws {
    let file = try SealSample.bytes(base64: SealSample.emptyFileOfAge)
    #expect(try SealSample.opened(file, with: [SealSample.secret()]) == [])
  }

  @Test func aStanzaForAKeyOfAnotherKindIsPassedOver() throws {
    let file = try SealSample.bytes(base64: SealSample.fileOfAgeForThree)
    #expect(try SealSample.opened(file, with: [SealSample.secret()]) == SealSample.plain)
    #expect(try SealSample.opened(file, with: [SealSample.otherSecret()]) == SealSample.plain)
  }
}
