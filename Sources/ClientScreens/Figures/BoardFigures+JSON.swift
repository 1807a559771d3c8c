import EditModel
package import LedgerReports
import LedgerRules

extension BoardFigures {
  /// The figures for programs. Keys are fixed; times are `2023-10-12 08:30` in China; what is not known is null.
  package var json: JSONValue {
    .object([
      JSONMember("ledger", .string(ledger.string)),
      JSONMember("title", .optional(title)),
      JSONMember("town", .optional(town)),
      JSONMember("as_of", .string(ChinaClock.full(now))),
      JSONMember("since", .optional(since?.description)),
      JSONMember("totals", totals.json),
      JSONMember("declared", totals.declared.json),
      JSONMember("whole", .bool(isWhole)),
      JSONMember(
        "by_stage",
        .object(Stage.allCases.map { JSONMember($0.rawValue, .count(totals.byStage[$0] ?? 0)) })),
      JSONMember("standings", totals.standings.json),
      JSONMember("feedback_standings", totals.feedbackStandings.json),
      JSONMember(
        "lights", .object(Light.allCases.map { JSONMember($0.rawValue, .count(lights[$0] ?? 0)) })),
      JSONMember("by_aspect", .array(totals.byAspect.map(\.json))),
      JSONMember("by_office", .array(totals.byOffice.map(\.json))),
      JSONMember("by_village", .array(villages.map(\.json))),
      JSONMember("attention_count", .count(attentionCount)),
      JSONMember("attention", .array(attention.map(\.json))),
      JSONMember("latest", .array(latest.map(\.json))),
      JSONMember("devices_as_of", .optional(devicesAsOf.map(ChinaClock.full))),
      JSONMember("silent_after_days", .count(silence.days)),
      JSONMember("clashes", .count(clashes)),
      JSONMember("own_clashes", .count(ownClashes)),
      JSONMember("pending_edits", .count(pendingEdits)),
    ])
  }
}

extension LedgerTotals {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("aspects", .count(aspects)),
      JSONMember("categories", .count(categories)),
      JSONMember("problems", .count(problems)),
      JSONMember("self_found", .count(selfFound)),
      JSONMember("measures", .count(measures)),
      JSONMember("added_measures", .count(addedMeasures)),
      JSONMember("measures_finished", .count(measuresFinished)),
      JSONMember("overdue", .count(overdue)),
      JSONMember("moved", .count(moved)),
    ])
  }
}

extension LedgerRules.DeclaredTotals {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("aspects", .optional(aspects)),
      JSONMember("categories", .optional(categories)),
      JSONMember("problems", .optional(problems)),
      JSONMember("measures", .optional(measures)),
      JSONMember("done", .optional(done)),
      JSONMember("under_way", .optional(underWay)),
      JSONMember("long_term", .optional(longTerm)),
    ])
  }
}

extension StandingCounts {
  fileprivate var json: JSONValue {
    .object(Standing.allCases.map { JSONMember($0.rawValue, .count(self[$0])) })
  }
}

extension GroupTotals {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("name", .optional(name?.string)),
      JSONMember("id", .optional(entity?.description)),
      JSONMember("problems", .count(standings.live)),
      JSONMember("standings", standings.json),
      JSONMember("overdue", .count(overdue)),
      JSONMember("moved", .count(moved)),
    ])
  }
}

extension VillageFigures {
  fileprivate var json: JSONValue {
    let numbers: [JSONMember] = [
      JSONMember("name", .string(place.string)),
      JSONMember("shares", .count(totals?.shares ?? 0)),
      JSONMember("reported", .count(totals?.reported ?? 0)),
      JSONMember("finished", .count(totals?.finished ?? 0)),
      JSONMember("overdue", .count(totals?.overdue ?? 0)),
      JSONMember("moved", .count(totals?.moved ?? 0)),
    ]
    return .object(numbers + (link?.json ?? VillageFigures.Link.unknownJSON))
  }
}

extension VillageFigures.Link {
  static let unknownJSON = members(
    device: .null, isLive: .null, contact: nil, unsent: nil, isSilent: .null)

  fileprivate var json: [JSONMember] {
    switch self {
    case .noDevice:
      Self.members(device: .bool(false), isLive: .null, contact: nil, unsent: nil, isSilent: .null)
    case .live(let contact, let unsent):
      Self.members(
        device: .bool(true), isLive: .bool(true), contact: contact.map(ChinaClock.full),
        unsent: unsent,
        isSilent: .bool(false))
    case .heard(let contact, let unsent, let isSilent):
      Self.members(
        device: .bool(true), isLive: .bool(false), contact: contact.map(ChinaClock.full),
        unsent: unsent,
        isSilent: .bool(isSilent))
    }
  }

  private static func members(
    device: JSONValue, isLive: JSONValue, contact: String?, unsent: Int?, isSilent: JSONValue
  ) -> [JSONMember] {
    [
      JSONMember("has_device", device),
      JSONMember("live", isLive),
      JSONMember("last_contact", .optional(contact)),
      JSONMember("unsent", .optional(unsent)),
      JSONMember("silent", isSilent),
    ]
  }
}

extension AttentionFigures {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("reference", .string(reference)),
      JSONMember("wording", .string(wording)),
      JSONMember("stage", .string(progress.countedStage.rawValue)),
      JSONMember("standing", .string(progress.standing.rawValue)),
      JSONMember("light", .optional(progress.light?.rawValue)),
      JSONMember("deadline", .optional(progress.deadline?.description)),
      JSONMember("days_left", .optional(progress.daysLeft)),
      JSONMember("lead_unit", .optional(progress.leadUnit?.string)),
      JSONMember("moved", .bool(progress.hasMoved)),
    ])
  }
}

extension LatestAct {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("seq", .number(Int64(clamping: seq))),
      JSONMember("at", .string(ChinaClock.full(receipt))),
      JSONMember("seat", .string(seat.description)),
      JSONMember("reference", .string(subject)),
      JSONMember("entity", .string(edit.entity.description)),
      JSONMember("field", .string(edit.field.description)),
      JSONMember("value", .optional(edit.value.text)),
      JSONMember("more_edits", .count(moreEdits)),
    ])
  }
}
