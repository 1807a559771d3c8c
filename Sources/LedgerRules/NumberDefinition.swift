/// What each number of board, list and report means, in words: the board's `?`, and the documents.
package enum NumberDefinition: String, CaseIterable, Sendable {
  /// Totals against what the document declared.
  case totals
  /// Self-found problems.
  case selfFound = "self_found"
  /// Problems by stage.
  case stage
  /// Done.
  case done
  /// Under way.
  case underWay = "under_way"
  /// Long-term.
  case longTerm = "long_term"
  /// Adopted.
  case adopted
  /// Overdue.
  case overdue
  /// The lights.
  case light
  /// Per aspect.
  case aspect
  /// Per office.
  case office
  /// Per village.
  case village
  /// Finished measures.
  case measuresFinished = "measures_finished"
  /// Clashes.
  case clashes
  /// Moved since a day.
  case moved

  /// What the number is called.
  package var label: Label {
    switch self {
    case .totals: Label("总数", "totals")
    case .selfFound: Label("自查问题", "self-found")
    case .stage: Label("各阶段", "by stage")
    case .done: Label("已完成", "done")
    case .underWay: Label("正在推进", "under way")
    case .longTerm: Label("长期坚持", "long-term")
    case .adopted: Label("建账前结果", "adopted")
    case .overdue: Label("超期", "overdue")
    case .light: Label("亮灯", "lights")
    case .aspect: Label("按方面", "per aspect")
    case .office: Label("按科室", "per office")
    case .village: Label("按村", "per village")
    case .measuresFinished: Label("措施完成", "measures finished")
    case .clashes: Label("冲突", "clashes")
    case .moved: Label("有变动", "moved")
    }
  }

  /// How the number is made.
  package var definition: Label {
    switch self {
    case .totals:
      Label(
        "方面、类别、反馈问题（含合并撤回的）、计划内措施（不含撤回的）的条数，反馈问题中已完成、正在推进、长期坚持的个数，与原文通报数对照；自查问题不在其内。"
          + "不一致只提示，不改动。",
        "Aspects, categories, problems of the feedback (withdrawn ones included) and measures of the plan (withdrawn ones "
          + "not), and how many problems of the feedback are done, under way and long-term, beside what the document "
          + "declares; self-found problems are in none of these. A difference is shown, never corrected.")
    case .selfFound:
      Label(
        "自查新增、未撤回的问题，不计入反馈问题总数，也不与通报数对照；完成情况、阶段、超期等其他各数都含自查问题。",
        "Problems found by the town itself and not withdrawn; not part of the feedback's total nor compared with what was "
          + "declared. Every other number, done, stages, overdue, has them in it.")
    case .stage:
      Label(
        "按服务器已确认的阶段计数；本机未送出的流转不算，建账前结果另计。",
        "Counted by the stage that the server has confirmed; a transition that was not sent yet does not count, adopted "
          + "outcomes are apart.")
    case .done:
      Label("已销号（含县级确认）且整改结果为已完成的问题。", "Closed problems (confirmed ones too) with the outcome done.")
    case .underWay:
      Label(
        "既未销号、也无建账前结果、也未合并撤回的问题，不论在哪个阶段。",
        "Problems neither closed nor adopted nor withdrawn, at whatever stage.")
    case .longTerm:
      Label(
        "已销号（含县级确认）且整改结果为长期坚持的问题，不计入已完成。",
        "Closed problems (confirmed ones too) with the outcome long-term; not counted as done.")
    case .adopted:
      Label(
        "建账前已有结果、注明依据、尚无任何流转的问题；单列，不算通过审核。",
        "Problems whose outcome was reached before the ledger existed, with its source, while they have no transition; "
          + "counted apart, never as a passed review.")
    case .overdue:
      Label(
        "按中国时间，今天已过整改时限的正在推进的问题；时限当天不算超期，建账前结果在首次流转前不算超期。",
        "Problems under way whose deadline is before today in China; not yet on the day itself, and never an adopted one "
          + "before its first transition.")
    case .light:
      Label(
        "正在推进的问题：剩 20 天内绿，10 天内黄，超期红；长期坚持蓝；其余不亮。",
        "Of problems under way: green with at most 20 days left, yellow with at most 10, red when overdue; blue for "
          + "long-term; otherwise none.")
    case .aspect:
      Label(
        "按问题所属类别的方面归组，未归类的排在最后。",
        "Problems by the aspect of their category; those without one come last.")
    case .office:
      Label("按牵头单位归组，未定牵头单位的排在最后。", "Problems by lead unit; those without one come last.")
    case .village:
      Label(
        "涉及该村（原文列明或已建分件）且未撤回的问题数；分件状态完结、或问题本身已销号或建账前已办结的，算该村已完成。科室的分件不在此列。",
        "Problems that concern the village (named, or with a part of its own) and are not withdrawn; its share is finished "
          + "when the part's state says so, or when the whole problem is closed or was adopted as done or long-term. "
          + "An office's part is not among them.")
    case .measuresFinished:
      Label(
        "状态为已完成、长期坚持或不再适用的措施，对未撤回的全部措施。",
        "Measures done, long-term or no longer applicable, of all that are not withdrawn.")
    case .clashes:
      Label(
        "同一字段有两个互不相接、填得不同的值，还没有人处理的，一处算一个；本机已处理而未送出的不算。与我有关：本岗位填过其中一方，或本科室牵头。"
          + "处理：taizhang clashes。",
        "Where a field has two values of which neither was built on the other, and nobody has decided: "
          + "each branch counts once; what this device has settled and not sent yet does not. Mine: this seat wrote a side, or "
          + "its office leads the problem. To decide: taizhang clashes.")
    case .moved:
      Label(
        "自所选日期（中国时间）零时起，服务器收到过仍在显示的内容的问题：字段、进展、流转，含其措施和分件。",
        "Problems of which the server has received, since the first moment of the day in China, something that is still "
          + "shown: a field, a note, a transition, on them, their measures or their parts.")
    }
  }
}
