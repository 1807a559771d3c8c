/// Everything a screen's loop decides: what bytes mean, when Escape is a key, when to draw, when to leave.
/// Each method is one event; time is an argument (since any fixed moment) and never goes back.
struct ScreenMachine<Content: Screen> {
  /// What the driver is to do, in order.
  enum Action {
    case write([UInt8])
    case perform(Content.Effect)
    case performAside(Content.Effect)
    case suspend
    case leave
  }

  /// How long after an ESC byte its sequence may still come.
  static var escapeTimeout: Duration { .milliseconds(50) }

  private(set) var screen: Content
  private let diff: GridDiff
  private var size: GridSize
  private var shown: CellGrid?
  private var decoder = KeyDecoder()
  private var escapeTime: Duration?
  private var pacer = FramePacer()
  private var isLeft = false

  init(screen: Content, size: GridSize, diff: GridDiff) {
    self.screen = screen
    self.size = size
    self.diff = diff
    pacer.changed()
  }

  /// When `timeReached` wants to be called; nil: not before another event.
  var nextTime: Duration? {
    if isLeft { return nil }
    return [escapeTime, pacer.frameTime].compactMap(\.self).min()
  }

  /// The person's bytes.
  mutating func bytesReceived(_ bytes: [UInt8], at now: Duration) -> [Action] {
    var actions: [Action] = []
    for event in decoder.decode(bytes) { actions += update(.input(event)) }
    escapeTime = decoder.awaitsTimeout ? now + Self.escapeTimeout : nil
    return actions + drawn(at: now)
  }

  /// The program's news, in order.
  mutating func newsReceived(_ news: [Content.News], at now: Duration) -> [Action] {
    var actions: [Action] = []
    for one in news { actions += update(.news(one)) }
    return actions + drawn(at: now)
  }

  /// Time has come to where `nextTime` was, or anywhere else.
  mutating func timeReached(_ now: Duration) -> [Action] {
    var actions: [Action] = []
    if let escapeTime, escapeTime <= now {
      self.escapeTime = nil
      for event in decoder.timeoutReached() { actions += update(.input(event)) }
    }
    return actions + drawn(at: now)
  }

  /// The terminal has another size.
  mutating func resized(to size: GridSize, at now: Duration) -> [Action] {
    self.size = size
    return update(.input(.resized(size))) + drawn(at: now)
  }

  /// Something else has been in the terminal: nothing of the picture is left.
  mutating func pictureLost(size: GridSize, at now: Duration) -> [Action] {
    shown = nil
    pacer.changed()
    return resized(to: size, at: now)
  }

  /// The process is to end or the terminal is gone.
  mutating func stopRequested() -> [Action] {
    let actions = update(.stopRequested)
    if isLeft { return actions }
    isLeft = true
    return actions + [.leave]
  }

  /// After leaving, events come to nothing.
  private mutating func update(_ event: ScreenEvent<Content.News>) -> [Action] {
    if isLeft { return [] }
    pacer.changed()
    var actions: [Action] = []
    for effect in screen.update(event) {
      switch effect {
      case .perform(let effect): actions.append(.perform(effect))
      case .performAside(let effect): actions.append(.performAside(effect))
      case .suspend: actions.append(.suspend)
      case .leave:
        isLeft = true
        return actions + [.leave]
      }
    }
    return actions
  }

  private mutating func drawn(at now: Duration) -> [Action] {
    guard !isLeft, pacer.takeFrame(at: now) else { return [] }
    let next = screen.draw(size: size)
    let bytes = diff.bytes(from: shown, to: next)
    shown = next
    return bytes.isEmpty ? [] : [.write(bytes)]
  }
}
