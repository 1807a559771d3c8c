import Testing

@testable import SealedFile

@Suite struct SealDamageTests {
  /// A file of two chunks and a little.
  static let long = SealSample.text(2 * 65_536 + 100)
  /// Where the chunks of a file for one key stand.
  static let chunkStarts = (0..<3).map { 168 + 16 + $0 * 65_552 }

  @Test func everyFlippedBitIsFound() throws {
    let secret = try SealSample.secret()
    let file = try SealSample.bytes(base64: SealSample.fileOfAge)
    for place in 0..<(file.count * 8) {
      var damaged = file
      damaged[place / 8] ^= 1 << UInt8(place % 8)
      #expect(SealSample.refusal(of: damaged, with: [secret]) != nil, "bit \(place % 8) of byte \(place / 8)")
    }
  }

  /// In every stanza, that of another too.
  @Test func everyFlippedByteOfAFileForManyIsFound() throws {
    let secret = try SealSample.secret()
    for file in [
      try SealSample.bytes(base64: SealSample.fileOfAgeForThree),
      try SealSample.bytes(base64: SealSample.emptyFileOfAge),
      try SealSample.sealed(SealSample.plain, to: [SealSample.otherSecret().key, secret.key]),
    ] {
      for place in file.indices {
        var damaged = file
        damaged[place] ^= 1 << UInt8(place % 8)
        #expect(SealSample.refusal(of: damaged, with: [secret]) != nil, "byte \(place)")
      }
    }
  }

  @Test func everyCutOfASmallFileIsFound() throws {
    let secret = try SealSample.secret()
    for plain in [[], SealSample.plain] {
      let file = try SealSample.sealed(plain, to: [secret.key])
      for length in 0..<file.count {
        let refusal = SealSample.refusal(of: [UInt8](file[..<length]), with: [secret])
        // In the last chunk a cut looks like damage, once there are as many bytes as a tag has.
        let expected = SealError.Kind.truncated
        #expect(refusal?.kind == (length < 168 + 16 + 16 ? expected : .damaged), "cut to \(length) bytes")
      }
    }
  }

  @Test func everyCutAtAChunkIsFoundAndNamed() throws {
    let secret = try SealSample.secret()
    let file = try SealSample.sealed(SealDamageTests.long, to: [secret.key])
    for (index, start) in SealDamageTests.chunkStarts.enumerated() {
      let number = index + 1
      // A whole number of chunks: the last of them is not sealed as the last.
      let cut = SealSample.refusal(of: [UInt8](file[..<start]), with: [secret])
      #expect(cut == SealError(.truncated, at: start, chunk: index == 0 ? nil : index))
      for length in 1..<16 {
        let cut = SealSample.refusal(of: [UInt8](file[..<(start + length)]), with: [secret])
        #expect(cut == SealError(.truncated, at: start + length))
      }
      for length in [16, 17, 99, 115] {
        let cut = SealSample.refusal(of: [UInt8](file[..<(start + length)]), with: [secret])
        #expect(cut == SealError(.damaged, at: start, chunk: number))
      }
    }
  }

  @Test(arguments: [[0], [0x0A], Array("age-encryption.org/v1\n".utf8)] as [[UInt8]])
  func bytesBehindTheEndAreFound(extra: [UInt8]) throws {
    let secret = try SealSample.secret()
    for size in [0, 1, 65_535, 65_537] {
      let file = try SealSample.sealed(SealSample.text(size), to: [secret.key])
      // The last chunk is as long as the file has it, so what follows is part of it.
      #expect(SealSample.refusal(of: file + extra, with: [secret])?.kind == .damaged)
    }
    for chunks in 1...2 {
      let file = try SealSample.sealed(SealSample.text(chunks * 65_536), to: [secret.key])
      #expect(
        SealSample.refusal(of: file + extra, with: [secret]) == SealError(.trailing, at: file.count, chunk: chunks))
      #expect(
        SealSample.refusal(of: file + file, with: [secret]) == SealError(.trailing, at: file.count, chunk: chunks))
    }
  }

  @Test func theDamagedChunkIsNamedAndThoseBeforeItAreGiven() throws {
    let secret = try SealSample.secret()
    let file = try SealSample.sealed(SealDamageTests.long, to: [secret.key])
    for (index, start) in SealDamageTests.chunkStarts.enumerated() {
      for offset in [0, 50, 115] {
        var damaged = file
        damaged[start + offset] ^= 0x10
        let expected = SealError(.damaged, at: start, chunk: index + 1)
        #expect(SealSample.refusal(of: damaged, with: [secret]) == expected)
        var opener = SealOpener([secret])
        opener.receive(damaged)
        for _ in 0..<min(index, 2) { #expect(try opener.next()?.count == 65_536) }
        guard index < 2 else { continue }
        // Asked again it says the same.
        for _ in 0..<2 { #expect(nextRefusal(&opener) == expected) }
      }
    }
  }

  @Test func chunksThatWereMovedAreFound() throws {
    let secret = try SealSample.secret()
    let file = try SealSample.sealed(SealDamageTests.long, to: [secret.key])
    let other = try SealSample.sealed(SealDamageTests.long, to: [secret.key], seed: 2)
    let starts = SealDamageTests.chunkStarts
    let (head, first, second) = (file[..<starts[0]], file[starts[0]..<starts[1]], file[starts[1]..<starts[2]])
    let last = file[starts[2]...]
    let (otherHead, otherFirst) = (other[..<starts[0]], other[starts[0]..<starts[1]])
    let forms: [[ArraySlice<UInt8>]] = [
      [head, second, first, last], [head, second, last], [head, first, last], [head, last],
      [head, first, first, last], [head, otherFirst, second, last], [otherHead, first, second, last],
      [head, first, second, last, last],
    ]
    for form in forms {
      #expect(SealSample.refusal(of: [UInt8](form.joined()), with: [secret])?.kind == .damaged)
    }
    #expect(SealSample.refusal(of: file, with: [secret]) == nil)
  }

  private func nextRefusal(_ opener: inout SealOpener) -> SealError? {
    do throws(SealError) {
      _ = try opener.next()
      return nil
    } catch {
      return error
    }
  }
}
