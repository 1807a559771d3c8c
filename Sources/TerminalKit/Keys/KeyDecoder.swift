/// A terminal's bytes to what the person did, however the bytes are cut: byte by byte gives the same as all at once.
///
/// Escape by itself is the start of every sequence, so only time tells them apart: while `awaitsTimeout`, the owner
/// calls `timeoutReached` when nothing has come for a while (50 ms is usual). The decoder has no clock.
/// Memory is bounded whatever comes: sequences longer than `sequenceLimitBytes` are skipped, pastes are cut.
package struct KeyDecoder: Hashable, Sendable {
  /// The longest `ESC [` sequence that is read; known ones have under 20 bytes.
  package static let sequenceLimitBytes = 64
  /// The most that is kept of one paste.
  package static let pasteLimitBytes = 1 << 18

  private enum State: Hashable {
    case ground
    case escape
    /// After `ESC [`.
    case control
    /// Inside an `ESC [` sequence that is too long.
    case skippedControl
    /// After `ESC O`.
    case letter
    /// After `ESC [ [`: a function key of the Linux console.
    case console
    /// After `ESC ]`, `P`, `X`, `^` or `_`: a string for programs, skipped to its end.
    case string(introducer: UInt8, isEmpty: Bool)
    /// After an ESC in such a string: its end, if `\` follows.
    case stringEnd
    case paste
  }

  private var state = State.ground
  private var scalars = ScalarDecoder()
  private var isAlt = false
  private var sequence: [UInt8] = []
  private var pasted: [UInt8] = []
  private var isPasteCut = false
  /// How much of the end mark of a paste has just come.
  private var pasteEndMatched = 0
  private var events: [InputEvent] = []

  /// A decoder with nothing begun.
  package init() {}

  /// Whether what came last may be a key or the start of a sequence.
  package var awaitsTimeout: Bool {
    switch state {
    case .ground, .paste: false
    case .escape, .control, .skippedControl, .letter, .console, .string, .stringEnd: true
    }
  }

  /// Reads the next bytes.
  /// - Returns: what they complete, in order; often nothing.
  package mutating func decode(_ bytes: some Sequence<UInt8>) -> [InputEvent] {
    for byte in bytes { read(byte) }
    return takeEvents()
  }

  /// Nothing more came: what has begun is a key press by itself, or is dropped.
  package mutating func timeoutReached() -> [InputEvent] {
    switch state {
    case .ground, .paste: return []
    case .escape, .stringEnd: emit(.escape)
    case .control where sequence.isEmpty: emit(.alt("["))
    case .letter: emit(.alt("O"))
    case .string(let introducer, isEmpty: true): emit(.alt(Character(Unicode.Scalar(introducer))))
    case .control, .skippedControl, .console, .string: break
    }
    state = .ground
    return takeEvents()
  }

  /// Whether a scalar is text: no control, none that stands for nothing.
  static func isTypable(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value)
  }

  private mutating func read(_ byte: UInt8) {
    switch state {
    case .ground: readText(byte)
    case .escape: readEscape(byte)
    case .control, .skippedControl: readControl(byte)
    case .letter: readLetter(byte)
    case .console: readConsole(byte)
    case .string(let introducer, _): readString(byte, introducer: introducer)
    case .stringEnd: readStringEnd(byte)
    case .paste: readPaste(byte)
    }
  }

  private mutating func readText(_ byte: UInt8) {
    if byte >= 0x80 || scalars.isWithinScalar {
      switch scalars.decode(byte) {
      case .needsMore: return
      case .scalar(let scalar): emitTyped(scalar)
      case .illFormed: emitTyped("\u{FFFD}")
      case .illFormedBefore:
        emitTyped("\u{FFFD}")
        readText(byte)
      }
      return
    }
    switch byte {
    case 0x1B: state = .escape
    case 0x0D: emit(Key(.enter))
    case 0x09: emit(Key(.tab))
    case 0x08, 0x7F: emit(Key(.backspace))
    case 0x00: emit(.control(" "))
    case 0x01...0x1A: emit(.control(Character(Unicode.Scalar(byte + 0x60))))
    case 0x1C...0x1F: emit(.control(Character(Unicode.Scalar(byte + 0x40))))
    default: emitTyped(Unicode.Scalar(byte))
    }
  }

  private mutating func readEscape(_ byte: UInt8) {
    switch byte {
    case 0x1B:
      emit(.escape)
    case UInt8(ascii: "["):
      sequence.removeAll(keepingCapacity: true)
      state = .control
    case UInt8(ascii: "O"):
      state = .letter
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
      state = .string(introducer: byte, isEmpty: true)
    default:
      state = .ground
      isAlt = true
      readText(byte)
    }
  }

  private mutating func readControl(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "[") where state == .control && sequence.isEmpty:
      state = .console
    case 0x20...0x3F:
      if sequence.count < Self.sequenceLimitBytes { sequence.append(byte) } else { state = .skippedControl }
    case 0x40...0x7E:
      finishControl(byte)
    default:
      // No sequence holds such a byte: what began is broken off, the byte counts by itself.
      state = .ground
      readText(byte)
    }
  }

  private mutating func finishControl(_ final: UInt8) {
    let isWhole = state == .control
    state = .ground
    guard isWhole else { return }
    let read = ControlSequence(body: sequence, final: final)
    if read.beginsPaste {
      pasted = []
      isPasteCut = false
      state = .paste
    } else if let event = read.event {
      events.append(event)
    }
  }

  private mutating func readLetter(_ byte: UInt8) {
    state = .ground
    if let code = ControlSequence.letterCode(byte) {
      emit(Key(code))
    } else if byte == UInt8(ascii: "M") {
      emit(Key(.enter))
    } else if byte < 0x20 || byte >= 0x7F {
      emit(.alt("O"))
      readText(byte)
    }
  }

  private mutating func readConsole(_ byte: UInt8) {
    state = .ground
    if (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(byte) {
      emit(Key(.function(Int(byte - UInt8(ascii: "A")) + 1)))
    } else if byte < 0x20 || byte >= 0x7F {
      readText(byte)
    }
  }

  /// Ends at BEL, or at ESC with `\` behind it.
  private mutating func readString(_ byte: UInt8, introducer: UInt8) {
    switch byte {
    case 0x07: state = .ground
    case 0x1B: state = .stringEnd
    default: state = .string(introducer: introducer, isEmpty: false)
    }
  }

  private mutating func readStringEnd(_ byte: UInt8) {
    if byte == UInt8(ascii: "\\") {
      state = .ground
    } else {
      state = .escape
      readEscape(byte)
    }
  }

  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  private mutating func readPaste(_ byte: UInt8) {
    if byte == Self.pasteEnd[pasteEndMatched] {
      pasteEndMatched += 1
      if pasteEndMatched == Self.pasteEnd.count { finishPaste() }
      return
    }
    // The mark has its only ESC in front, so what matched so far is text.
    for known in Self.pasteEnd.prefix(pasteEndMatched) { keepPasted(known) }
    pasteEndMatched = 0
    if byte == Self.pasteEnd[0] {
      pasteEndMatched = 1
    } else {
      keepPasted(byte)
    }
  }

  private mutating func keepPasted(_ byte: UInt8) {
    if pasted.count < Self.pasteLimitBytes { pasted.append(byte) } else { isPasteCut = true }
  }

  private mutating func finishPaste() {
    var text = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in String(decoding: pasted, as: UTF8.self).unicodeScalars {
      if !(scalar == "\n" && previous == "\r") { text.append(scalar == "\r" ? "\n" : scalar) }
      previous = scalar
    }
    events.append(.paste(Paste(text: String(text), isCut: isPasteCut)))
    pasted = []
    pasteEndMatched = 0
    state = .ground
  }

  private mutating func emitTyped(_ scalar: Unicode.Scalar) {
    if Self.isTypable(scalar) {
      emit(.character(Character(scalar)))
    } else {
      isAlt = false
    }
  }

  private mutating func emit(_ key: Key) {
    var key = key
    if isAlt { key.modifiers.insert(.alt) }
    isAlt = false
    events.append(.key(key))
  }

  private mutating func takeEvents() -> [InputEvent] {
    defer { events.removeAll(keepingCapacity: true) }
    return events
  }
}
