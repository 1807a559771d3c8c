/// A colour of a cell's text or ground: the terminal's own, or one of its palette.
package enum Color: Hashable, Sendable {
  /// Whatever the person has set their terminal to.
  case standard
  /// Palette entry 0-255: 0-7 plain, 8-15 bright, then the 6x6x6 cube and 24 greys.
  case palette(UInt8)

  /// Palette entry 0.
  package static let black = Color.palette(0)
  /// Palette entry 1.
  package static let red = Color.palette(1)
  /// Palette entry 2.
  package static let green = Color.palette(2)
  /// Palette entry 3.
  package static let yellow = Color.palette(3)
  /// Palette entry 4.
  package static let blue = Color.palette(4)
  /// Palette entry 5.
  package static let magenta = Color.palette(5)
  /// Palette entry 6.
  package static let cyan = Color.palette(6)
  /// Palette entry 7.
  package static let white = Color.palette(7)
  /// Palette entry 8: grey.
  package static let brightBlack = Color.palette(8)

  /// The colour as a terminal of `depth` can show it: `.standard` where it shows none, the nearest of 16 for 16.
  package func reduced(to depth: ColorDepth) -> Color {
    guard case .palette(let index) = self else { return self }
    switch depth {
    case .none: return .standard
    case .ansi256: return self
    case .ansi16: return index < 16 ? self : .palette(Self.nearestOf16(index))
    }
  }

  /// Each channel of a cube or grey colour is on or off against its strongest; bright when the strongest is.
  private static func nearestOf16(_ index: UInt8) -> UInt8 {
    guard index < 232 else {
      // The greys go from nearly black to nearly white in 24 steps.
      return [0, 8, 7, 15][Int(index - 232) / 6]
    }
    let cube = Int(index - 16)
    let channels = [cube / 36, cube / 6 % 6, cube % 6]
    guard let strongest = channels.max(), strongest > 0 else { return 0 }
    if strongest < 2 { return 8 }
    var nearest: UInt8 = strongest > 4 ? 8 : 0
    for (bit, channel) in channels.enumerated() where channel * 2 > strongest {
      nearest |= 1 << UInt8(bit)
    }
    return nearest
  }
}
