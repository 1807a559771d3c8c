import EditModel
import NIOCore
import Testing

@testable import LineProtocol

/// Bytes are looked at eight at a time: every byte that matters is found wherever it stands.
struct ScanTests {
  @Test(arguments: [[0x00], [0x09], [0x1F], [0x7F], [0xC2, 0x80], [0xC2, 0x9F]] as [[UInt8]])
  func refusesControlAtEveryPlace(control: [UInt8]) {
    for length in 0...20 {
      for place in 0...length {
        var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: length)
        bytes.insert(contentsOf: control, at: place)
        #expect(bytes.withUnsafeBytes { ValueText.value($0) } == nil, "\(bytes)")
      }
    }
  }

  @Test(arguments: [" ", "~", "\u{A0}", "\u{FF}", "é", "责任", "😀"])
  func takesTextAtEveryPlace(text: String) {
    for length in 0...20 {
      for place in 0...length {
        let value = String(repeating: "a", count: place) + text + String(repeating: "b", count: length - place)
        #expect(Array(value.utf8).withUnsafeBytes { ValueText.value($0) } == .text(ExactString(value)))
      }
    }
  }

  @Test func unescapesAtEveryPlace() {
    for place in 0...20 {
      let (head, tail) = (String(repeating: "a", count: place), String(repeating: "b", count: 20 - place))
      let value = Array((head + "\\n" + tail).utf8).withUnsafeBytes { ValueText.value($0) }
      #expect(value == .text(ExactString(head + "\n" + tail)))
    }
  }

  @Test func findsTheLineFeedAtEveryPlace() throws {
    for place in 0...20 {
      for first in 0...place {
        var framer = LineFramer()
        let line = String(repeating: "\u{B}", count: place)
        framer.receive(ByteBuffer(string: String(line.prefix(first))))
        #expect(try framer.nextLine() == nil)
        framer.receive(ByteBuffer(string: line.dropFirst(first) + "\nrest"))
        #expect(try framer.nextLine() == ByteBuffer(string: line))
        #expect(try framer.nextLine() == nil)
      }
    }
  }
}
