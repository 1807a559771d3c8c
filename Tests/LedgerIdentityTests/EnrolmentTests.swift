import Crypto
import EditModel
import LedgerTestKit
import Testing

@testable import LedgerIdentity

@Suite struct EnrolmentTests {
  private static func vectors(_ kind: String) throws -> [VectorTable.Row] {
    try VectorTable("enrolment", columns: 7).rows.filter { $0.text(0) == kind }
  }

  @Test func readsAndWritesCodesAsTheVectorsDo() throws {
    for row in try EnrolmentTests.vectors("code") {
      guard !row.isRefused(2) else {
        #expect(throws: EnrolmentCodeProblem.self, "\(row)") { try EnrolmentCode(row.text(1)) }
        continue
      }
      let code = try EnrolmentCode(row.text(1))
      #expect(code.digits == row.text(2), "\(row)")
      #expect(code.spoken == row.text(3), "\(row)")
      #expect(code.lookup == row.text(4), "\(row)")
      #expect(code.secret == row.text(5), "\(row)")
      #expect(try hexadecimal(EnrolmentKey(of: code).bytes) == row.text(6), "\(row)")
    }
  }

  @Test func readsAndWritesLinesAsTheVectorsDo() throws {
    for row in try EnrolmentTests.vectors("line") {
      guard !row.isRefused(2) else {
        #expect(throws: EnrolmentLineProblem.self, "\(row)") { try EnrolmentLine(row.text(1)) }
        continue
      }
      let line = try EnrolmentLine(row.text(1))
      #expect(line.text == row.text(2), "\(row)")
      let addresses = [line.server, line.second].compactMap { $0?.description }.joined(separator: ",")
      #expect(addresses == row.text(3), "\(row)")
      #expect(line.ledger.string == row.text(4), "\(row)")
      #expect(line.fingerprint.digits == row.text(5), "\(row)")
      #expect(line.code.digits == row.text(6), "\(row)")
    }
  }

  @Test func provesAsTheVectorsDo() throws {
    for row in try EnrolmentTests.vectors("proof") {
      let bytes = try stride(from: 0, to: 64, by: 2).map { place in
        try #require(UInt8(String(row.text(1).dropFirst(place).prefix(2)), radix: 16))
      }
      let key = try #require(EnrolmentKey(bytes: bytes))
      let keys = try (2...4).map { place in
        try P256.Signing.PublicKey(x963Representation: #require(Base64URL.bytes(row.text(place))))
      }
      let parties = EnrolmentParties(device: keys[0], server: keys[1], organisation: keys[2])
      let certificate = try #require(Base64URL.bytes(row.text(5)))
      let client = EnrolmentProof.ofClient(key, parties)
      let server = EnrolmentProof.ofServer(key, parties, certificate: certificate)
      #expect("\(client.text) \(server.text)" == row.text(6), "\(row)")
      #expect(client.matches(client.bytes) && !client.matches(server.bytes) && !client.matches([]))
    }
  }

  @Test func seesEveryWrongDigitAndEveryExchange() throws {
    var generator = SplitMix64(seed: 3)
    for _ in 0..<50 {
      let digits = Array(EnrolmentCode(using: &generator).digits.utf8)
      for place in digits.indices {
        for wrong in Crockford.digits where wrong != digits[place] {
          var typed = digits
          typed[place] = wrong
          #expect(isRefused(typed))
        }
        for other in digits.indices where digits[other] != digits[place] {
          var typed = digits
          typed.swapAt(place, other)
          #expect(isRefused(typed))
        }
      }
    }
  }

  private func isRefused(_ digits: [UInt8]) -> Bool {
    do throws(EnrolmentCodeProblem) {
      _ = try EnrolmentCode(String(decoding: digits, as: UTF8.self))
      return false
    } catch {
      return error == .wrongCheck
    }
  }

  @Test func drawnCodesAreReadAsTheyAreSpoken() throws {
    var generator = SplitMix64(seed: 4)
    for _ in 0..<200 {
      let code = EnrolmentCode(using: &generator)
      #expect(try EnrolmentCode(code.spoken.uppercased()) == code)
    }
  }

  @Test func saysNothingOfTheSecretWhenPrinted() throws {
    var generator = SplitMix64(seed: 5)
    let code = EnrolmentCode(using: &generator)
    var printed = "\(code) \(String(reflecting: code))"
    dump(code, to: &printed)
    #expect(!printed.contains(code.secret))
    let key = try #require(EnrolmentKey(bytes: [UInt8](repeating: 77, count: 32)))
    printed = "\(key) \(String(reflecting: key))"
    dump(key, to: &printed)
    #expect(!printed.contains("77"))
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
