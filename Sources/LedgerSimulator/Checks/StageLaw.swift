/// The table of transitions of `protocol/05-merge.md` as the checks know it: written down again, on purpose.
enum StageLaw {
  struct Step {
    let from: [String]
    let to: String
    let roles: [String]
    /// What its own act must say.
    var saying: String?
  }

  private static let working = ["working", "returned", "reopened"]
  private static let all = [
    "unassigned", "unclaimed", "working", "first_review", "second_review", "final_review", "closed", "returned",
    "reopened", "confirmed",
  ]

  static let steps: [Step] = [
    Step(from: ["unassigned"], to: "unclaimed", roles: ["round_owner"]),
    Step(from: ["unclaimed"], to: "working", roles: ["town_office", "village_clerk"]),
    Step(from: ["unclaimed"], to: "unassigned", roles: ["town_office", "village_clerk"], saying: "reason"),
    Step(from: working, to: "first_review", roles: ["town_office"]),
    Step(from: ["first_review"], to: "second_review", roles: ["line_leader", "town_office"], saying: "opinion"),
    Step(from: ["second_review"], to: "final_review", roles: ["discipline"], saying: "opinion"),
    Step(from: ["final_review"], to: "closed", roles: ["secretary"], saying: "outcome"),
    Step(from: ["first_review"], to: "returned", roles: ["line_leader", "town_office"], saying: "reason"),
    Step(from: ["second_review"], to: "returned", roles: ["discipline"], saying: "reason"),
    Step(from: ["final_review"], to: "returned", roles: ["secretary"], saying: "reason"),
    Step(from: ["closed"], to: "confirmed", roles: ["county"], saying: "opinion"),
    Step(
      from: ["closed", "confirmed"], to: "reopened", roles: ["discipline", "secretary", "county"], saying: "reason"),
    Step(from: all, to: "withdrawn", roles: ["round_owner", "county"], saying: "reason"),
  ]

  /// Why the transitions of one problem, in the server's order, are not a legal history; nil when they are.
  static func flaw(in transitions: [HistoryLine], said: (String) -> Set<String>, role: (String) -> String?) -> String? {
    var (stage, edit) = ("unassigned", "-")
    for line in transitions {
      guard line.base == edit else { return "\(line.whole): its base is not \(edit)" }
      guard let step = steps.first(where: { $0.from.contains(stage) && $0.to == line.value }) else {
        return "\(line.whole): nothing leads from \(stage)"
      }
      guard let who = role(line.seat), step.roles.contains(who) else { return "\(line.whole): not this seat's to make" }
      if let saying = step.saying, !said(line.act).contains(saying) { return "\(line.whole): no \(saying) with it" }
      (stage, edit) = (line.value, line.id)
    }
    return nil
  }
}
