import EditModel
import LedgerAdmin
import LedgerStore
import LineProtocol
import Logging
import SessionRules
import Synchronization

/// The open ledgers of a server, by name.
final class LedgerShelf: Sendable {
  private let hosts = Mutex<[ExactString: LedgerHost]>([:])
  private let folder: DataFolder
  private let surroundings: Surroundings

  init(folder: DataFolder, surroundings: Surroundings) {
    self.folder = folder
    self.surroundings = surroundings
  }

  /// Opens every ledger that the list names. One that cannot be opened is logged and keeps no other from being served;
  /// throws when none can.
  func openAll(_ entries: [LedgerEntry], _ terms: [SeatTerm]) throws(ServerError) {
    var failure: ServerError?
    for entry in entries {
      do throws(ServerError) {
        _ = try open(entry, terms)
      } catch {
        failure = error
        surroundings.logger.critical(
          "a ledger cannot be opened; the others are served, its devices are answered `wait storage` (有台账打不开，其余照常服务)",
          metadata: [LogKey.ledger: "\(entry.name)", LogKey.error: "\(error)"])
      }
    }
    if let failure, hosts.withLock({ $0.isEmpty }) { throw failure }
  }

  /// The ledger `name`; opens it when it was added while the server ran. Called on the desk's thread only.
  func host(of name: ExactString, store: SeatStore) -> LedgerHost? {
    if let host = hosts.withLock({ $0[name] }) { return host }
    do {
      guard let entry = try store.ledgers().first(where: { $0.name == name }) else { return nil }
      return try open(entry, try store.terms(of: name))
    } catch {
      surroundings.logger.error(
        "a ledger could not be opened; its devices are answered `wait storage`",
        metadata: [LogKey.ledger: "\(name)", LogKey.error: "\(error)"])
      return nil
    }
  }

  /// Reads which ledgers are archived. Called on the desk's thread only.
  func refresh(store: SeatStore) {
    do throws(StoreError) {
      for entry in try store.ledgers() {
        hosts.withLock { $0[entry.name] }?.shared.isArchived.store(entry.isArchived, ordering: .relaxed)
      }
    } catch {
      surroundings.logger.warning("the list of ledgers cannot be read", metadata: [LogKey.error: "\(error)"])
    }
  }

  /// Tells every ledger who holds its seats. Called on the desk's thread only.
  func tell(_ terms: [SeatTerm]) {
    for host in hosts.withLock({ Array($0.values) }) { host.tell(terms) }
  }

  /// Ends all writers, everything handed over being committed. Waits for that.
  func stop() {
    let all = hosts.withLock { hosts in
      defer { hosts = [:] }
      return Array(hosts.values)
    }
    for host in all {
      if let error = host.stop() {
        surroundings.logger.error(
          "closing a ledger failed", metadata: [LogKey.ledger: "\(host.history.ledger)", LogKey.error: "\(error)"])
      }
    }
  }

  private func open(_ entry: LedgerEntry, _ terms: [SeatTerm]) throws(ServerError) -> LedgerHost {
    let host = try LedgerHost(
      path: folder.ledger(entry.name), name: entry.name, isArchived: entry.isArchived, surroundings: surroundings)
    // Before any act can be handed over.
    host.tell(terms)
    hosts.withLock { $0[entry.name] = host }
    return host
  }
}
