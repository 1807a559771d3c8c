/// Runs a screen in the terminal, on a thread of its own: waits, feeds a `ScreenMachine`, does what it says.
package struct ScreenLoop<Content: Screen>: Sendable {
  /// Which terminal, and what is asked of it.
  package var settings: TerminalSettings
  /// How pictures become bytes.
  package var diff: GridDiff
  /// Where the rest of the program leaves news.
  package let mailbox: ScreenMailbox<Content.News>

  /// A loop that is ready to run.
  package init(
    settings: TerminalSettings = TerminalSettings(), colors: ColorDepth,
    mailbox: ScreenMailbox<Content.News> = ScreenMailbox()
  ) {
    self.settings = settings
    self.mailbox = mailbox
    diff = GridDiff(colors: colors)
  }

  /// Runs until the screen leaves, the process is asked to end, the terminal goes, or the task is cancelled.
  /// `perform` is called on the loop's thread with what the screen asks for; it must not wait, except for what the
  /// screen wants done aside.
  /// - Returns: the screen as it was at its end.
  package func run(
    _ screen: Content, perform: @escaping @Sendable (Content.Effect) -> Void
  ) async throws(TerminalError) -> Content {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (ended: CheckedContinuation<Result<Content, TerminalError>, Never>) in
        LoopThread.start {
          ended.resume(returning: Result { () throws(TerminalError) in try drive(screen, perform: perform) })
        }
      }
    } onCancel: {
      mailbox.requestStop()
    }
    return try result.get()
  }

  /// The same on the calling thread, which waits; not for the cooperative pool.
  package func drive(
    _ screen: Content, perform: (Content.Effect) -> Void
  ) throws(TerminalError) -> Content {
    var terminal = try Terminal(settings)
    var machine = ScreenMachine(screen: screen, size: terminal.size, diff: diff)
    var actions = machine.timeReached(Terminal.uptime())
    while true {
      if !Self.carryOut(actions, &machine, &terminal, perform) { return machine.screen }
      let mail = mailbox.take()
      actions = mail.news.isEmpty ? [] : machine.newsReceived(mail.news, at: Terminal.uptime())
      if mail.isStopRequested { actions += machine.stopRequested() }
      if !actions.isEmpty { continue }
      let wait = machine.nextTime.map { max(.zero, $0 - Terminal.uptime()) }
      for input in terminal.waitForInput(atMost: wait) { actions += Self.pass(input, to: &machine) }
      actions += machine.timeReached(Terminal.uptime())
    }
  }

  private static func pass(
    _ input: TerminalInput, to machine: inout ScreenMachine<Content>
  ) -> [ScreenMachine<Content>.Action] {
    switch input {
    case .bytes(let bytes): machine.bytesReceived(bytes, at: Terminal.uptime())
    case .resized(let size): machine.resized(to: size, at: Terminal.uptime())
    case .resumed(let size): machine.pictureLost(size: size, at: Terminal.uptime())
    case .stopRequested, .closed: machine.stopRequested()
    case .woken: []
    }
  }

  /// False when the screen has been left.
  private static func carryOut(
    _ actions: [ScreenMachine<Content>.Action], _ machine: inout ScreenMachine<Content>,
    _ terminal: inout Terminal, _ perform: (Content.Effect) -> Void
  ) -> Bool {
    for action in actions {
      switch action {
      case .write(let bytes): terminal.write(bytes)
      case .perform(let effect): perform(effect)
      case .performAside(let effect):
        terminal.withTerminalAside { perform(effect) }
        let more = machine.pictureLost(size: terminal.size, at: Terminal.uptime())
        if !carryOut(more, &machine, &terminal, perform) { return false }
      case .suspend: terminal.suspend()
      case .leave: return false
      }
    }
    return true
  }
}
