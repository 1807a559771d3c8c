/// A whole `ESC [` sequence: parameters and a final byte, and what it means. Unknown ones mean nothing.
struct ControlSequence {
  /// `<`, `=`, `>` or `?` before the parameters.
  private let prefix: UInt8?
  private let parameters: [Int]
  private let final: UInt8

  /// Larger numbers count as this one; no sequence that we know has them.
  private static let parameterLimit = 99_999

  init(body: [UInt8], final: UInt8) {
    self.final = final
    let prefix = body.first.flatMap { (0x3C...0x3F).contains($0) ? $0 : nil }
    self.prefix = prefix
    parameters = body.dropFirst(prefix == nil ? 0 : 1).split(separator: 0x3B, omittingEmptySubsequences: false).map {
      $0.prefix { (0x30...0x39).contains($0) }.reduce(0) { min($0 * 10 + Int($1) - 0x30, Self.parameterLimit) }
    }
  }

  /// Whether a pasted text follows.
  var beginsPaste: Bool { prefix == nil && final == UInt8(ascii: "~") && parameter(0) == 200 }

  /// What the person did; nil when it is no input.
  var event: InputEvent? {
    if prefix == UInt8(ascii: "<") { return mouse.map { .mouse($0) } }
    guard prefix == nil else { return nil }
    switch final {
    case UInt8(ascii: "I"): return .focusGained
    case UInt8(ascii: "O"): return .focusLost
    case UInt8(ascii: "Z"): return .key(.backTab)
    case UInt8(ascii: "u"): return typed(scalar: parameter(0)).map { .key($0) }
    case UInt8(ascii: "~"):
      if parameter(0) == 27 { return typed(scalar: parameter(2)).map { .key($0) } }
      return Self.tildeCode(parameter(0)).map { .key(Key($0, modifiers)) }
    default: return Self.letterCode(final).map { .key(Key($0, modifiers)) }
    }
  }

  private func parameter(_ index: Int) -> Int {
    parameters.indices.contains(index) ? parameters[index] : 0
  }

  /// The second parameter is one more than the bits; bit 8 is Meta, which counts as Alt.
  private var modifiers: Key.Modifiers {
    let bits = max(0, parameter(1) - 1)
    return Key.Modifiers(rawValue: UInt8(bits & 7)).union(bits & 8 != 0 ? .alt : [])
  }

  /// The key of a letter after `ESC [` or `ESC O`.
  static func letterCode(_ letter: UInt8) -> Key.Code? {
    switch letter {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "F"): .end
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "P"): .function(1)
    case UInt8(ascii: "Q"): .function(2)
    case UInt8(ascii: "R"): .function(3)
    case UInt8(ascii: "S"): .function(4)
    default: nil
    }
  }

  private static func tildeCode(_ number: Int) -> Key.Code? {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23...26: .function(number - 12)
    case 28...29: .function(number - 13)
    case 31...34: .function(number - 14)
    default: nil
    }
  }

  /// A character key of `modifyOtherKeys` or the kitty protocol.
  private func typed(scalar value: Int) -> Key? {
    switch value {
    case 9: return Key(.tab, modifiers)
    case 13: return Key(.enter, modifiers)
    case 27: return Key(.escape, modifiers)
    case 8, 127: return Key(.backspace, modifiers)
    default: break
    }
    guard let scalar = UInt32(exactly: value).flatMap({ Unicode.Scalar($0) }),
      KeyDecoder.isTypable(scalar)
    else { return nil }
    return Key(.character(Character(scalar)), modifiers)
  }

  /// SGR report: bits and button, column and row from 1; `m` for a release.
  private var mouse: Mouse? {
    guard parameters.count == 3, parameter(1) > 0, parameter(2) > 0 else { return nil }
    let bits = parameter(0)
    var modifiers: Key.Modifiers = []
    if bits & 4 != 0 { modifiers.insert(.shift) }
    if bits & 8 != 0 { modifiers.insert(.alt) }
    if bits & 16 != 0 { modifiers.insert(.control) }
    let isRelease = final == UInt8(ascii: "m")
    guard isRelease || final == UInt8(ascii: "M"), let action = mouseAction(bits, isRelease) else { return nil }
    return Mouse(action, at: GridPosition(row: parameter(2) - 1, column: parameter(1) - 1), modifiers)
  }

  private func mouseAction(_ bits: Int, _ isRelease: Bool) -> Mouse.Action? {
    let button: Mouse.Button? = [0: .left, 1: .middle, 2: .right][bits & 3]
    switch bits & ~31 {
    case 64 where bits & 3 == 0: return .scrollUp
    case 64 where bits & 3 == 1: return .scrollDown
    case 32: return button.map { .drag($0) } ?? .move
    case 0: return button.map { isRelease ? .release($0) : .press($0) }
    default: return nil
    }
  }
}
