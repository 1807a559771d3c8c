package import EditModel
package import LedgerRules

/// One village on the board: its numbers, and when its devices were last heard from.
package struct VillageFigures: Hashable, Sendable {
  /// Which village.
  package let place: ExactString
  /// Its numbers; nil when no problem concerns it.
  package let totals: VillageTotals?
  /// Its connections; nil while the server has not told of devices, or does not tell this seat of them.
  package let link: Link?

  /// When a village was last heard from, over all its devices.
  package enum Link: Hashable, Sendable {
    /// No device is enrolled for it.
    case noDevice
    /// A device of it is connected; when the server heard from it, and how many acts wait on its devices.
    case live(contact: Stamp?, unsent: Int)
    /// None is connected; when one last was (nil: never), how many acts waited then, and whether that is too long ago.
    case heard(contact: Stamp?, unsent: Int, isSilent: Bool)
  }

  /// Whether it is shown dimmed.
  package var isSilent: Bool {
    guard case .heard(_, _, true) = link else { return false }
    return true
  }

  /// The villages that problems concern and those that a clerk reports for, in the order of the names' bytes.
  static func all(_ totals: [VillageTotals], _ sources: BoardSources) -> [VillageFigures] {
    let byPlace = Dictionary(uniqueKeysWithValues: totals.map { ($0.place, $0) })
    let clerks = sources.devices?.devices.filter { $0.role == .villageClerk } ?? []
    let devices = Dictionary(grouping: clerks, by: \.place)
    let reporting = Set(devices.keys.compactMap(\.self))
    // An office that the ledger names nowhere as one is known by its seat.
    let offices = Set(sources.devices?.devices.filter { $0.role == .townOffice }.compactMap(\.place) ?? [])
    let places = Set(byPlace.keys).subtracting(offices).union(reporting)
    return places.sorted().map { place in
      VillageFigures(
        place: place, totals: byPlace[place],
        link: link(devices[place] ?? [], sources))
    }
  }

  /// A village whose devices the server does not tell of is not one without devices.
  private static func link(_ devices: [DeviceReport.Device], _ sources: BoardSources) -> Link? {
    guard sources.devices != nil, sources.isToldOfDevices || !devices.isEmpty else { return nil }
    return Link(devices, sources)
  }
}

extension VillageFigures.Link {
  fileprivate init(_ devices: [DeviceReport.Device], _ sources: BoardSources) {
    let unsent = devices.reduce(0) { $0 + $1.unsent }
    let contact = devices.compactMap(\.contact).max()
    if devices.isEmpty {
      self = .noDevice
    } else if devices.contains(where: \.isLive) {
      self = .live(contact: contact, unsent: unsent)
    } else {
      self = .heard(
        contact: contact, unsent: unsent,
        isSilent: sources.silence.isSilent(contact: contact, now: sources.now))
    }
  }
}
