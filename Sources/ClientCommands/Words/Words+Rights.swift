import EditModel
import LedgerRules

/// Whose a thing is to do, in words made from the table of rights, so that they never say anything else than it does.
extension Words {
  /// The seats that have `right`, the ones with the longest reach first: `办公室、书记/镇长或分管领导（本人分管的）`.
  func holders(of right: Right) -> String {
    let holders = Rights.holders(of: right).reversed()
    let names = (holders.filter { $0.reach == .all } + holders.filter { $0.reach != .all }).map { role, reach in
      let name = either(role.label.chinese, "the " + role.label.english)
      return reach == .all ? name : name + either("（\(reach.label.chinese)）", " (\(reach.label.english))")
    }
    guard let last = names.last, names.count > 1 else { return names.first ?? either("任何岗位都不能", "no seat") }
    return list(Array(names.dropLast())) + either("或", ", or ") + last
  }

  /// What of `fields` takes the right that `ban` says is lacking; nil when that is not known.
  func subject(of ban: Refusal.Ban, in fields: [FieldName]) -> String? {
    let rules = (Vocabulary.fields + Vocabulary.creations).filter { $0.right == ban.right }
    for field in fields {
      if let rule = rules.first(where: { $0.name == field || $0.name.text == field.head }) { return text(rule.label) }
    }
    return nil
  }

  /// That this seat may not do something here, who may, and what to do instead.
  func notTheSeats(_ ban: Refusal.Ban, subject: String?) -> String {
    guard let right = ban.right else { return "" }
    let what = subject.map { either("“\($0)”", "\"\($0)\"") } ?? text(right.label)
    return either(
      "\(what)由\(holders(of: right))\(verb(right))，您的岗位在这里不能写。\(advice(right))",
      "\(what) is for \(holders(of: right)) to \(verb(right)); this seat may not do it here. \(advice(right))")
  }

  /// Whose rights are listed, and on what.
  func rightsTitle(_ facts: SeatFacts, _ reference: String?) -> String {
    let seat = [text(facts.role.label), facts.place?.string].compactMap(\.self).joined(separator: " ")
    guard let reference else { return either("本机岗位（\(seat)）能做什么", "What this seat (\(seat)) may do") }
    return either("本机岗位（\(seat)）对 \(reference) 能做什么", "What this seat (\(seat)) may do with \(reference)")
  }

  /// How far a right goes, or whose it is instead.
  func sentence(_ answer: RightAnswer) -> String {
    if let steps = answer.steps, answer.reach != .none { return sentence(steps) }
    guard answer.isAllowed else {
      return either("不可以，由\(holders(of: answer.right))办", "no; this is for \(holders(of: answer.right))")
    }
    guard answer.isHere != nil else { return text(answer.reach.label) }
    return answer.reach == .ownPart ? either("可以（本村分件）", "yes (own part)") : either("可以", "yes")
  }

  /// Which steps are this seat's from where the problem stands, or whose the next one is.
  private func sentence(_ steps: RightAnswer.Steps) -> String {
    let stage = text(steps.stage.label)
    guard steps.own.isEmpty else {
      let targets = steps.own.map { text($0.label) }.joined(separator: either("、", ", "))
      return either("现在（\(stage)）可以转到 \(targets)", "yes, from here (\(stage)) to \(targets)")
    }
    return either("现在（\(stage)）不可以。", "not from here (\(stage)). ") + nextSteps(from: steps.stage)
  }

  private func verb(_ right: Right) -> String {
    switch right {
    case .assign: either("确定", "set")
    case .split: either("分解确定", "break down")
    case .text: either("修改", "edit")
    case .find: either("登记", "register")
    case .frame: either("维护", "keep")
    case .work: either("填写", "fill in")
    case .adopt: either("认定", "adopt")
    case .feed: either("录入", "enter")
    case .see, .seeRestricted, .devices: either("查看", "see")
    case .move: either("流转", "move")
    }
  }

  private func advice(_ right: Right) -> String {
    switch right {
    case .work:
      either(
        "请在本村或本科室的分件上填（taizhang set 15/村名 字段 值），taizhang rights 编号 可看能做什么。",
        "Write to your own part (taizhang set 15/PLACE FIELD VALUE); taizhang rights NO says what you may do.")
    case .find, .frame:
      either("请告诉他们。", "Tell them.")
    default:
      either(
        "请告诉他们，或写成一条进展（taizhang note）；taizhang rights 编号 可看能做什么。",
        "Tell them, or write it as a note (taizhang note); taizhang rights NO says what you may do.")
    }
  }
}
