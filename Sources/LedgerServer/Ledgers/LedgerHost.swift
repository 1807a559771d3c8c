import EditModel
import LedgerKeeping
import LedgerRules
import LedgerStore
import LineProtocol
import Logging
import NIOCore
import SessionRules
import Synchronization

/// One open ledger, as the connections see it: where acts are handed over, what was committed, who follows it.
///
/// Its store, its machine and everything that changes with an act belong to its writer thread (`LedgerWriter`).
final class LedgerHost: Sendable {
  /// Which histories it has had.
  let history: LedgerHistory
  /// What the writer thread and the connections share.
  let shared: LedgerShared
  private let reader: HistoryReader
  private let readers: JobThread
  private let thread: WorkerThread

  /// Opens the file at `path`, which must be the ledger `name`'s, and starts its writer. Waits for the disk.
  init(path: String, name: ExactString, isArchived: Bool, surroundings: Surroundings) throws(ServerError) {
    let shared = LedgerShared(isArchived: isArchived, tailBytes: surroundings.tailBytes)
    let opened = Mailbox<StoreError?>()
    let thread = WorkerThread("ledger-writer") {
      LedgerWriter.main(path: path, shared: shared, surroundings: surroundings, opened: opened)
    }
    guard let thread else { throw .noThread }
    if let error = opened.take(waitingMilliseconds: nil).first ?? nil {
      thread.join()
      throw .store(error)
    }
    do throws(StoreError) {
      self.reader = try HistoryReader(path: path)
      self.history = LedgerHistory(try reader.header())
      guard history.ledger == name else { throw .wrongKind(file: path, expected: "ledger file of \(name)") }
    } catch {
      shared.mailbox.post(.stop)
      thread.join()
      throw .store(error)
    }
    self.shared = shared
    self.readers = surroundings.readers
    self.thread = thread
  }

  /// Runs `read` on the reading thread; nothing else on the server waits for it.
  func read(_ read: @escaping @Sendable (HistoryReader) -> Void) {
    readers.run { [reader] in read(reader) }
  }

  /// Tells the ledger who holds its seats; `terms` may be of other ledgers too.
  func tell(_ terms: [SeatTerm]) {
    var holders = SeatHolders()
    for term in terms where term.ledger == history.ledger {
      holders.add(SeatHolders.Term(person: term.person, began: term.began, ended: term.ended), of: term.seat)
    }
    shared.mailbox.post(.holders(holders))
  }

  /// Commits what was handed over, writes behind what is derived, closes the file, ends the thread. Waits for all that.
  ///
  /// The reader goes first: only a writer that is the last to close takes the log away, and a log that stayed would be
  /// read into whatever file is put in this one's place.
  func stop() -> StoreError? {
    var failure: StoreError?
    do throws(StoreError) {
      try reader.close()
    } catch {
      failure = error
    }
    shared.mailbox.post(.stop)
    thread.join()
    return failure
  }
}

/// What all ledgers of a server share.
struct Surroundings: Sendable {
  /// The event loops' connections, by the loop's index.
  let rosters: [LoopRoster]
  /// Where the history is read for those who are behind.
  let readers: JobThread
  /// Where the logs of writers are copied back.
  let maintenance: JobThread
  /// Where what histories imply is put in order. Nothing here waits for a disk, so that a writer may wait for it.
  let deriving: JobThread
  /// Where a ledger's writer keeps what the ledger holds back.
  let quarantine: QuarantineFile
  /// The server's time.
  let time: ServerTime
  /// How much of a ledger's last commits is kept in memory, in bytes.
  let tailBytes: Int
  /// Where drivers log.
  let logger: Logger
}

/// What a ledger's writer thread shares with the connections.
final class LedgerShared: Sendable {
  /// The way to the writer thread.
  let mailbox = Mailbox<WriterMessage>()
  /// What was committed, for those who follow.
  let tail: CommittedTail
  /// What everything belongs to and whom each problem names, at the newest commit: brought up to date before the commit
  /// is shown to anybody.
  let scopes = Mutex(ScopeTable())
  /// Whether the ledger takes no more acts; set by whoever reads the list of ledgers.
  let isArchived: Atomic<Bool>
  /// How many connections follow on each event loop.
  private let followers = Mutex<[Int: Int]>([:])

  init(isArchived: Bool, tailBytes: Int) {
    self.tail = CommittedTail(lastSeq: 0, limitBytes: tailBytes)
    self.isArchived = Atomic(isArchived)
  }

  /// What a seat may see of the ledger, whenever it is asked.
  func filter(for seat: SeatFacts) -> ViewFilter {
    if seat.role.sight == .everything { return .everything }
    return .seat(seat) { [self] accepted in scopes.withLock { $0.shows(accepted.edit, to: seat) } }
  }

  /// A connection on the loop with this index begins to follow.
  func follow(onLoop index: Int) {
    followers.withLock { $0[index, default: 0] += 1 }
  }

  /// A connection on the loop with this index follows no more.
  func unfollow(onLoop index: Int) {
    followers.withLock { counts in
      let count = (counts[index] ?? 0) - 1
      counts[index] = count > 0 ? count : nil
    }
  }

  /// The indices of the loops on which somebody follows.
  var followedLoops: [Int] { followers.withLock { Array($0.keys) } }
}

extension LedgerShared: ScopeSource {
  func scope(ofLine edit: Edit) -> EntityScope? { scopes.withLock { $0.scope(ofLine: edit) } }

  func family(of problem: EntityID) -> [EntityID] { scopes.withLock { $0.family(of: problem) } }
}

/// What a ledger's writer thread is told.
enum WriterMessage: Sendable {
  /// A connection brought acts.
  case acts(ConnectionHandler, Submission)
  /// Somebody decided about held acts; answered with what came of it, nil where nothing could be stored.
  case ruled(Submission, @Sendable (ByteBuffer?) -> Void)
  /// Somebody asks for the greatest n that is decided for a replica; answered after everything handed over before.
  case lastDecided(ReplicaID, @Sendable (UInt64) -> Void)
  /// Who holds the seats from now on.
  case holders(SeatHolders)
  /// A connection is gone.
  case gone(ConnectionNumber)
  /// The log was copied back as far as that goes without the writer; the rest is for it to do.
  case logCopied
  /// A slice of what is derived is in order, to be written.
  case derived
  /// Lines are linked, to be written.
  case linked
  /// Nothing comes after this.
  case stop
}
