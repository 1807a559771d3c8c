package import EditModel
package import LedgerRules

/// What the board's figures are made from: one moment of a replica, and what the server last said of its devices.
package struct BoardSources: Sendable {
  /// The ledger's name at its server.
  package var ledger: ExactString
  /// The ledger as it is shown: confirmed cells with the own pending edits over them.
  package var state: LedgerState
  /// Own edits among them that are not confirmed.
  package var pendingEdits: Int
  /// How many clashes nobody has decided.
  package var clashes = 0
  /// How many of them the looker's seat is told of.
  package var ownClashes = 0
  /// Edits accepted lately, in the server's order.
  package var recent: [AcceptedEdit]
  /// The devices of the ledger's seats; nil while the server could not be asked.
  package var devices: DeviceReport?
  /// The moment that the figures are of, on the server's clock where it is known.
  package var now: Stamp
  /// From which day on things count as moved; nil when nobody asks.
  package var since: CivilDate?
  /// When a village counts as silent.
  package var silence = SilenceRule()
  /// Who looks; somebody who is shown nothing restricted until that is said.
  package var reader = Reader(role: nil)
  /// Whether the looker's seat sees the whole ledger; if not, its numbers say nothing of the whole.
  package var seesEverything = true
  /// Whether the server tells the looker's seat of all devices, or of its own only.
  package var isToldOfDevices = true

  /// Sources without devices and since; both can be set.
  package init(
    ledger: ExactString, state: LedgerState, pendingEdits: Int = 0, recent: [AcceptedEdit],
    now: Stamp
  ) {
    self.ledger = ledger
    self.state = state
    self.pendingEdits = pendingEdits
    self.recent = recent
    self.now = now
  }
}

/// What a server said of its devices at one moment.
package struct DeviceReport: Hashable, Sendable {
  /// The server's time when it said so.
  package let asOf: Stamp
  /// The devices of the ledger's seats.
  package let devices: [Device]

  /// One device.
  package struct Device: Hashable, Sendable {
    /// The seat it acts for.
    package let seat: SeatID
    /// The seat's role; nil when this version does not know it.
    package let role: Role?
    /// The seat's village or office, when it has one.
    package let place: ExactString?
    /// When it was last heard from, on the server's clock; nil: never.
    package let contact: Stamp?
    /// How many acts waited in its outbox, as it said last.
    package let unsent: Int
    /// Whether it is connected.
    package let isLive: Bool

    /// A device from its facts.
    package init(facts: SeatFacts, contact: Stamp?, unsent: Int, isLive: Bool) {
      self.init(
        seat: facts.seat, role: facts.role, place: facts.place, contact: contact, unsent: unsent,
        isLive: isLive)
    }

    init(seat: SeatID, role: Role?, place: ExactString?, contact: Stamp?, unsent: Int, isLive: Bool) {
      self.seat = seat
      self.role = role
      self.place = place
      self.contact = contact
      self.unsent = unsent
      self.isLive = isLive
    }
  }

  /// The same when nobody can be asked any more: when each was last heard from stays true.
  var withNobodyLive: DeviceReport {
    DeviceReport(
      asOf: asOf,
      devices: devices.map { device in
        Device(
          seat: device.seat, role: device.role, place: device.place, contact: device.contact,
          unsent: device.unsent,
          isLive: false)
      })
  }

  /// What was said at `asOf`.
  package init(asOf: Stamp, devices: [Device]) {
    self.asOf = asOf
    self.devices = devices
  }
}

/// When a village counts as silent. Data, because a line that is cut off for days is usual in some towns.
package struct SilenceRule: Hashable, Sendable {
  /// More days than this without being heard from.
  package let days: Int

  /// A rule from its bound; the default is three days.
  package init(days: Int = 3) {
    self.days = days
  }

  /// Whether somebody last heard from at `contact` (nil: never) is silent at `now`.
  package func isSilent(contact: Stamp?, now: Stamp) -> Bool {
    guard let contact else { return true }
    return now.milliseconds > contact.milliseconds + UInt64(max(0, days)) * 86_400_000
  }

  /// How it is defined, for the board's help.
  package var definition: Label {
    Label(
      "各村设备最后一次连上服务器的时间，和那时自报的未送出条数；超过\(days)天没有联系的变暗。只说明联系情况，不作任何排名。",
      "When a village's device last reached the server, and how many acts it said were unsent then; dimmed after more "
        + "than \(days) days without contact. It tells of connections only and ranks nobody.")
  }
}
