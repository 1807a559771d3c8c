/// Something that a seat may or may not do (domain.md section 6). The raw value is the word of `protocol/rights.tsv`.
package enum Right: String, CaseIterable, Sendable {
  /// See problems and what stands under them.
  case see
  /// See what is classed as restricted.
  case seeRestricted = "see_restricted"
  /// Write progress, evidence, notes and how far something is.
  case work
  /// Change what a problem says: wording, printed number, category, origin.
  case text
  /// Enter what is fed back: things with derived ids, and the `source_…` fields.
  case feed
  /// Register a problem that the town found itself.
  case find
  /// Say who answers for a problem, by when, and what is to be reached; take things back.
  case assign
  /// Break a problem down: its measures and parts, whose they are and by when, the villages that it concerns.
  case split
  /// Move a problem by the table of transitions, which says more of it.
  case move
  /// Adopt an outcome that was reached before the ledger existed.
  case adopt
  /// Write what the whole ledger has in common: the round, its aspects and categories.
  case frame
  /// See how all devices stand.
  case devices

  /// Whether it is about single problems; the others are about the ledger as a whole.
  package var isOfProblems: Bool {
    switch self {
    case .see, .seeRestricted, .work, .text, .assign, .split, .move, .adopt: true
    case .feed, .find, .frame, .devices: false
    }
  }

  /// What it is called.
  package var label: Label {
    switch self {
    case .see: Label("查看", "see")
    case .seeRestricted: Label("查看限制内容", "see what is restricted")
    case .work: Label("填报进展", "report progress")
    case .text: Label("修改问题表述", "edit a problem's text")
    case .feed: Label("录入反馈问题", "enter the feedback")
    case .find: Label("登记自查问题", "register self-found problems")
    case .assign: Label("分派和定时限", "assign and set deadlines")
    case .split: Label("分解任务", "break down into measures and parts")
    case .move: Label("流转", "move to another stage")
    case .adopt: Label("认定建账前结果", "adopt earlier outcomes")
    case .frame: Label("维护台账框架", "keep the ledger's frame")
    case .devices: Label("查看全部设备", "see all devices")
    }
  }
}

/// How far a right goes. The raw value is the word of `protocol/rights.tsv`.
package enum Reach: String, CaseIterable, Sendable {
  /// Nowhere.
  case none
  /// The seat's place's own part of a problem that it sees.
  case ownPart = "own_part"
  /// Problems that name the seat's place or that it registered; of their parts the own one.
  case ownPlace = "own_place"
  /// Problems that the seat's place leads, with all their parts.
  case led
  /// The same, and problems that name the place otherwise; of their parts the own one.
  case ledOrJoined = "led_or_joined"
  /// Problems whose leader in charge the seat is, with all their parts.
  case ownLine = "own_line"
  /// Everything.
  case all

  /// What it is called.
  package var label: Label {
    switch self {
    case .none: Label("无", "none")
    case .ownPart: Label("本村分件", "own part")
    case .ownPlace: Label("涉及本村或本科室的", "what names the own place")
    case .led: Label("本科室牵头的", "what the own office leads")
    case .ledOrJoined: Label("本科室牵头或配合的", "what the own office leads or joins")
    case .ownLine: Label("本人分管的", "own line of work")
    case .all: Label("全部", "everything")
    }
  }

  /// Whether a seat with this reach may do it to what belongs to `scope`, whose problem names `audience`.
  ///
  /// That the seat sees it is another question, which comes first.
  package func covers(_ scope: EntityScope, _ audience: Audience, for seat: SeatFacts) -> Bool {
    switch (self, scope) {
    case (.all, _): true
    case (.none, _), (_, .frame), (.ownPart, .problem): false
    case (.ownPart, .part(_, _, let place)): place == seat.place
    case (.ownPlace, .problem): audience.names(seat)
    case (.ownPlace, .part(_, _, let place)): place == seat.place || audience.isLed(by: seat)
    case (.led, _): audience.isLed(by: seat)
    case (.ledOrJoined, .problem): audience.isLed(by: seat) || audience.joins(seat)
    case (.ledOrJoined, .part(_, _, let place)): audience.isLed(by: seat) || place == seat.place
    case (.ownLine, _): audience.isInLine(of: seat)
    }
  }
}

/// Rights as one word of bits, so that asking whether a role has one everywhere is one instruction.
struct RightSet: Hashable, Sendable {
  private var bits: UInt32 = 0

  func contains(_ right: Right) -> Bool { bits & right.bit != 0 }

  mutating func insert(_ right: Right) { bits |= right.bit }
}

extension Right {
  /// Written out, because the raw value is a text and finding its place among all cases is a search.
  fileprivate var bit: UInt32 {
    switch self {
    case .see: 1
    case .seeRestricted: 1 << 1
    case .work: 1 << 2
    case .text: 1 << 3
    case .feed: 1 << 4
    case .find: 1 << 5
    case .assign: 1 << 6
    case .split: 1 << 7
    case .move: 1 << 8
    case .adopt: 1 << 9
    case .frame: 1 << 10
    case .devices: 1 << 11
    }
  }
}
