import Testing

@testable import SealedFile

@Suite struct RecoveryKeyTests {
  @Test func itIsPrintedAsItIsRead() throws {
    let key = try #require(RecoveryKey(SealSample.keyText))
    #expect("\(key)" == SealSample.keyText)
    #expect(try key == SealSample.secret().key)
    #expect(try key != SealSample.otherSecret().key)
  }

  @Test(arguments: [
    "", "age1", SealSample.keyText.uppercased(), SealSample.secretText, " \(SealSample.keyText)",
    "\(SealSample.keyText)\n", "age1pq1\(SealSample.keyText.dropFirst(4))",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ9fIUNtHBFVVtuEMkhmi0pZTGoGPGFhXBtMCiw1BVZX",
  ])
  func whatIsNoKeyIsRefused(text: String) {
    #expect(RecoveryKey(text) == nil)
  }

  /// The points of order 1, 2, 4 and 8 of the curve and its twist: what is sealed to one of them, everybody could open.
  @Test(arguments: [
    "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z",
    "age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqj7vrya",
    "age1anlllllllllllllllllllllllllllllllllllllllllllllllals4n2t7m",
    "age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhqqqzyt4v9",
    "age1t7wft09r2zxzfvwsk92eeql0tvzyghxytqwgapkcyf8dm5ylz9ts6wm9s8",
  ])
  func aPointOfSmallOrderIsRefused(text: String) throws {
    let point = try #require(Bech32.bytes(text, prefix: "age", count: 32), "the text is well formed")
    #expect(RecoveryKey(text) == nil)
    #expect(X25519.agreement(of: try SealSample.secret().number, with: point) == nil)
  }

  /// Of the 19 numbers behind the field's last and those with the top bit, curve arithmetic takes the remainder: a file sealed
  /// to them would have a salt that its owner never computes.
  @Test func aPointThatIsNotReducedIsRefused() throws {
    let top = [UInt8](repeating: 0xFF, count: 30) + [0x7F]
    #expect(RecoveryKey(point: [0xEB] + top) != nil)
    for low in UInt8(0xED)...0xFF { #expect(RecoveryKey(point: [low] + top) == nil) }
    #expect(RecoveryKey(point: [0xFF] + [0xFE] + top.dropFirst()) != nil)
    #expect(RecoveryKey(point: [0xFF] + top.dropLast() + [0x7E]) != nil)
    var point = try SealSample.secret().key.point
    point[31] |= 0x80
    #expect(RecoveryKey(point: point) == nil)
  }
}
