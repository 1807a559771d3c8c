import Glibc
import Synchronization

/// Gives the terminal back on every way out of the process, and passes signals on to the one who waits.
///
/// What it needs lies in memory of the process's own, written only while `isArmed` is false, so that a signal handler
/// reads it whole. Handlers call only what POSIX allows in them: `write`, `tcsetattr`, `sigaction`, `raise`.
enum TerminalRescue {
  /// In the pipe beside signal numbers, which are above 0: somebody only wants the wait to end.
  static let wakeMark: UInt8 = 0

  private struct Record {
    var input: Int32 = -1
    var output: Int32 = -1
    var saved = termios()
    var leave: UnsafeMutableBufferPointer<UInt8> = .allocate(capacity: 256)
    var leaveCount = 0
    /// What was done on each signal before us, by its number.
    var previous: UnsafeMutablePointer<sigaction> = .allocate(capacity: 65)
    /// The signals that the owner's thread did not take before us.
    var blocked = sigset_t()
  }

  // SAFETY: allocated once and never freed; written in `arm` only, by the one who has claimed it, while no handler of
  // ours is installed; read by handlers and `restore` only while armed.
  nonisolated(unsafe) private static let record: UnsafeMutablePointer<Record> = {
    let record = UnsafeMutablePointer<Record>.allocate(capacity: 1)
    record.initialize(to: Record())
    record.pointee.previous.initialize(repeating: sigaction(), count: 65)
    return record
  }()

  /// Read and write end; made at the first use and kept for good, so that a late signal meets no foreign descriptor.
  private static let pipe: (read: Int32, write: Int32) = {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { return (-1, -1) }
    for end in ends {
      _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    return (ends[0], ends[1])
  }()

  private static let isClaimed = Atomic<Bool>(false)
  /// Whether the terminal is changed and has to be given back.
  private static let isArmed = Atomic<Bool>(false)
  private static let isPipeMade = Atomic<Bool>(false)
  private static let stopRequests = Atomic<Int>(0)

  private static let crashSignals = [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS]
  private static let endSignals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
  private static let otherSignals = [SIGWINCH, SIGTSTP, SIGCONT]
  /// What a background job gets that touches the terminal; they must stop it, as they do by default.
  private static let backgroundSignals = [SIGTTIN, SIGTTOU]

  /// The descriptor that becomes readable after a signal or a wake-up; -1 if the system gave none.
  static var pipeInput: Int32 { pipe.read }

  /// Takes the right to hold a terminal; false when somebody has it.
  static func claim() -> Bool { !isClaimed.exchange(true, ordering: .acquiringAndReleasing) }

  /// Gives up that right.
  static func unclaim() { isClaimed.store(false, ordering: .releasing) }

  /// Writes down how to give the terminal back, and installs the handlers.
  static func prepare(_ settings: TerminalSettings, saved: termios) {
    record.pointee.input = settings.input
    record.pointee.output = settings.output
    record.pointee.saved = saved
    let leave = settings.leaveSequence
    precondition(leave.count <= record.pointee.leave.count, "the leave sequence outgrew its buffer")
    record.pointee.leaveCount = leave.count
    for (index, byte) in leave.enumerated() { record.pointee.leave[index] = byte }
    isPipeMade.store(pipe.write >= 0, ordering: .releasing)
    stopRequests.store(0, ordering: .releasing)
    giveSignalStack()
    install(crashSignals, terminalCrashed)
    install(endSignals, terminalStopRequested)
    install(otherSignals, terminalNotified)
    takeSignals()
    _ = onExit
  }

  /// Puts back what was done on signals before `prepare`.
  static func removeHandlers() {
    pthread_sigmask(SIG_SETMASK, &record.pointee.blocked, nil)
    for signal in crashSignals + endSignals + otherSignals {
      sigaction(signal, record.pointee.previous + Int(signal), nil)
    }
  }

  /// From here on, every way out gives the terminal back.
  static func arm() { isArmed.store(true, ordering: .releasing) }

  /// Whether the terminal is taken and not given back.
  static var isHeld: Bool { isArmed.load(ordering: .acquiring) }

  /// Gives the terminal back if it is changed: at most once for each `arm`, from any thread or handler.
  static func restore() {
    guard isArmed.exchange(false, ordering: .acquiringAndReleasing) else { return }
    var sent = 0
    while sent < record.pointee.leaveCount {
      let base = record.pointee.leave.baseAddress.map { $0 + sent }
      let count = write(record.pointee.output, base, record.pointee.leaveCount - sent)
      if count < 0, errno == EINTR { continue }
      // A terminal that takes nothing cannot be helped; its modes still can.
      if count <= 0 { break }
      sent += count
    }
    // From a background job this would stop the process instead.
    var blocked = sigset_t()
    var before = sigset_t()
    sigemptyset(&blocked)
    sigaddset(&blocked, SIGTTOU)
    pthread_sigmask(SIG_BLOCK, &blocked, &before)
    tcsetattr(record.pointee.input, TCSANOW, &record.pointee.saved)
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  /// Puts one mark into the pipe; a full pipe wakes its reader anyway.
  static func notify(_ mark: UInt8) {
    guard isPipeMade.load(ordering: .acquiring) else { return }
    let before = errno
    var mark = mark
    _ = write(pipe.write, &mark, 1)
    errno = before
  }

  /// Gives the terminal back and lets the signal do what it did before us.
  fileprivate static func fall(_ signal: Int32) {
    restore()
    sigaction(signal, record.pointee.previous + Int(signal), nil)
    raise(signal)
  }

  /// The first request is for the screen to leave in order; a second one means that it does not. A Ctrl-C that another
  /// program in the terminal gets, while ours is put aside, is not for us.
  fileprivate static func requestStop(_ signal: Int32) {
    let isFromKeys = signal == SIGINT || signal == SIGQUIT
    if isFromKeys, !isHeld { return }
    if stopRequests.add(1, ordering: .relaxed).oldValue > 0 { return fall(signal) }
    notify(UInt8(signal))
  }

  /// A stop while the terminal is put aside needs no restoring and nobody waits to do it: it happens at once.
  fileprivate static func pass(_ signal: Int32) {
    if signal == SIGTSTP, !isHeld {
      kill(getpid(), SIGSTOP)
    } else {
      notify(UInt8(signal))
    }
  }

  private static let onExit: Int32 = atexit { TerminalRescue.restore() }

  private static func install(_ signals: [Int32], _ handler: @escaping @convention(c) (Int32) -> Void) {
    for signal in signals {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = handler
      action.sa_flags = SA_ONSTACK | SA_RESTART
      sigaction(signal, &action, record.pointee.previous + Int(signal))
    }
  }

  /// Threads that libdispatch made block every signal, and so do their children; somebody has to take them.
  /// What was left in the pipe is about the terminal before.
  private static func takeSignals() {
    var left = [UInt8](repeating: 0, count: 256)
    while read(pipe.read, &left, left.count) > 0 {}
    var ours = sigset_t()
    sigemptyset(&ours)
    for signal in crashSignals + endSignals + otherSignals + backgroundSignals { sigaddset(&ours, signal) }
    pthread_sigmask(SIG_UNBLOCK, &ours, &record.pointee.blocked)
  }

  /// Without a stack of its own a handler cannot run when this thread's stack has overflowed.
  private static func giveSignalStack() {
    var present = stack_t()
    guard sigaltstack(nil, &present) == 0, present.ss_flags & Int32(SS_DISABLE) != 0 else { return }
    let size = 64 * 1024
    var stack = stack_t()
    stack.ss_sp = .allocate(byteCount: size, alignment: 16)
    stack.ss_size = size
    sigaltstack(&stack, nil)
  }
}

private func terminalCrashed(_ signal: Int32) { TerminalRescue.fall(signal) }

private func terminalStopRequested(_ signal: Int32) { TerminalRescue.requestStop(signal) }

private func terminalNotified(_ signal: Int32) { TerminalRescue.pass(signal) }
