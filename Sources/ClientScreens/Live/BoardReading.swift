import EditModel
package import LedgerClient
package import LedgerRules
import ReplicaKeeping

extension BoardFigures {
  /// The figures of a replica as it is now, for paper and programs: one try to hear the latest, then what is here.
  ///
  /// - Returns: the figures, and whether they are what the town has.
  package static func read(
    _ replica: Replica, since: CivilDate?, upTo limit: Duration,
    wallMilliseconds: @escaping @Sendable () -> UInt64 = Device.system.wallMilliseconds
  ) async throws(ClientError) -> (figures: BoardFigures, connection: BoardConnection) {
    let feed = BoardFeed(replica, since: since, wallMilliseconds: wallMilliseconds)
    async let outcome = replica.sync(upTo: limit)
    do throws(ClientError) {
      await feed.receive(.success(try await replica.devices(upTo: limit)))
    } catch {
      await feed.receive(.failure(error))
    }
    // Another program of this device that syncs keeps the replica as fresh as we could.
    switch await outcome {
    case .atTown: await feed.connected(.online)
    case .savedHere(_, .otherProcess, _): break
    case .savedHere(_, let reason, _): await feed.connected(.offline(reason))
    }
    try await feed.load()
    guard let figures = await feed.figures() else {
      preconditionFailure("a feed that was loaded has figures")
    }
    return (figures, await feed.connection)
  }
}
