import ArgumentParser

/// The help texts, in the language of the run.
enum Help {
  private static func either(_ chinese: String, _ english: String) -> String {
    Words(.ofProcess).either(chinese, english)
  }

  static var program: String {
    either("台账：全镇共同维护的巡察整改台账", "Taizhang: the rectification ledger that a town keeps together")
  }
  static var programDiscussion: String {
    let words = Words(.ofProcess)
    let statuses = ExitStatus.allCases.map { "\($0.rawValue) \(words.meaning(of: $0))" }.joined(
      separator: words.either("；", "; "))
    return words.either(
      """
      编号：15 是问题，15.2 是措施，15/张百万村 是分件，自1 是自查问题。村级岗位写 15 时，分件有的字段写进本村分件。
      离线也能用：修改先存在本机，再用两秒送往镇里，并说明到了哪里。
      退出码：\(statuses)。随时可按 Ctrl-C，已存下的不会丢；这时外壳看到 130；全屏里同 q，退出码 0。
      环境变量：TAIZHANG_HOME、NO_COLOR、VISUAL、EDITOR；语言按 LC_ALL、LC_MESSAGES、LANG。
      """,
      """
      NO: 15 is a problem, 15.2 a measure, 15/VILLAGE a part, s1 a self-found problem (shown as 自1). For a village's seat 15 means its
      own part where parts have the field.
      Works without a network: edits are saved here first, then two seconds are tried to send them, and it says which.
      Exit status: \(statuses). Ctrl-C is safe at any moment and loses nothing that was saved; a shell sees 130 then; in the full screen it leaves as q does.
      Environment: TAIZHANG_HOME, NO_COLOR, VISUAL, EDITOR; the language follows LC_ALL, LC_MESSAGES, LANG.
      """)
  }
  static var home: ArgumentHelp {
    ArgumentHelp(
      either(
        "台账所在文件夹（默认 TAIZHANG_HOME，再默认 ~/.local/share/taizhang）",
        "Folder of the replica (default: TAIZHANG_HOME, then ~/.local/share/taizhang)."),
      valueName: "dir")
  }
  static var json: ArgumentHelp {
    ArgumentHelp(either("输出 JSON，供程序使用", "Print JSON for programs."))
  }
  static var language: ArgumentHelp {
    ArgumentHelp(either("语言：zh 或 en", "Language: zh or en."), valueName: "zh|en")
  }
  static var initialise: String {
    either("用管理员给的设备文件在本机建立台账", "Make this device's copy of a ledger from a device file")
  }
  static var deviceFile: ArgumentHelp { ArgumentHelp(either("设备文件", "The device file.")) }
  static var list: String { either("列出问题", "List the problems") }
  static var listStage: ArgumentHelp {
    ArgumentHelp(
      either(
        "只列在这一阶段、或本机正要流转到这一阶段的；也可写 建账前已完成 等",
        "Only those at this stage, or on their way to it from here; adopted_done and the like too."))
  }
  static var listVillage: ArgumentHelp {
    ArgumentHelp(either("只列涉及这个村的", "Only those that concern this village."))
  }
  static var listOffice: ArgumentHelp {
    ArgumentHelp(
      either(
        "只列这个单位牵头、配合、负责措施或有分件的，简称也可",
        "Only those that this office leads or joins, or has a measure or part of."))
  }
  static var listOverdue: ArgumentHelp { ArgumentHelp(either("只列超期的", "Only the overdue.")) }
  static var listMine: ArgumentHelp {
    ArgumentHelp(either("只列轮到我岗位办的", "Only those that wait for my seat."))
  }
  static var listSearch: ArgumentHelp {
    ArgumentHelp(either("只列文字里有这些字的", "Only those whose texts hold this."), valueName: "text")
  }
  static var show: String { either("查看一个问题、措施或分件", "Show a problem, a measure or a part") }
  static var number: ArgumentHelp {
    ArgumentHelp(either("编号，如 15、15.2、15/张百万村", "15, 15.2, 15/VILLAGE …"), valueName: "no")
  }
  static var numbers: ArgumentHelp {
    ArgumentHelp(either("一个或多个编号", "One or more problems."), valueName: "no")
  }
  static var add: String { either("新增自查问题、措施或分件", "Add a self-found problem, a measure or a part") }
  static var addProblem: String { either("新增自查问题", "Add a self-found problem") }
  static var addMeasure: String { either("给问题新增措施", "Add a measure to a problem") }
  static var addPart: String {
    either("给问题新增一个村（或科室）的分件", "Add a village's or an office's part of a problem")
  }
  static var text: ArgumentHelp {
    ArgumentHelp(
      either("文字；- 表示从标准输入读", "The text; - reads the standard input."), valueName: "text")
  }
  static var village: ArgumentHelp {
    ArgumentHelp(either("村或科室的正式名称", "The official name."), valueName: "place")
  }
  static var set: String { either("填写一个字段", "Set a field") }
  static var field: ArgumentHelp {
    ArgumentHelp(
      either(
        "字段名或中英文标签，如 整改时限；有成员的写 涉及村/张百万村", "Identifier or label; MEMBER fields as village/NAME."),
      valueName: "field")
  }
  static var value: ArgumentHelp {
    ArgumentHelp(
      either("值；- 表示从标准输入读", "The value; - reads the standard input."), valueName: "value")
  }
  static var clear: ArgumentHelp { ArgumentHelp(either("清空这个字段", "Empty the field.")) }
  static var note: String { either("写一条进展", "Write a note") }
  static var noteText: ArgumentHelp {
    ArgumentHelp(
      either(
        "文字；- 从标准输入读；不写则打开 VISUAL/EDITOR",
        "The text; - reads the standard input; none opens VISUAL or EDITOR."), valueName: "text")
  }
  static var stage: String { either("流转一个问题", "Move a problem to another stage") }
  static var stageName: ArgumentHelp {
    ArgumentHelp(
      either("阶段，如 待初审、已退回", "Stage key or label: first_review, returned …"), valueName: "stage")
  }
  static var reason: ArgumentHelp {
    ArgumentHelp(either("审核意见或理由", "Opinion or reason."), valueName: "text")
  }
  static var outcome: ArgumentHelp {
    ArgumentHelp(
      either("整改结果：已完成（done）或 长期坚持（long_term）", "done or long-term, when closing."), valueName: "outcome")
  }
  static var adopt: String {
    either("认定建账前已有的结果（办公室）", "Adopt outcomes reached before the ledger existed (round owner)")
  }
  static var adoptWords: ArgumentHelp {
    ArgumentHelp(
      either(
        "编号…，最后是 done、under-way 或 long-term", "Numbers, and last: done, under-way or long-term."),
      valueName: "no… outcome")
  }
  static var source: ArgumentHelp {
    ArgumentHelp(either("依据", "What it rests on."), valueName: "text")
  }
  static var undo: String { either("撤销本机最近一次修改", "Take back the last act of this device") }
  static var history: String { either("查看修改经过", "Show who changed what and when") }
  static var historyField: ArgumentHelp {
    ArgumentHelp(either("只看这个字段", "Only this field."), valueName: "field")
  }
  static var news: String { either("上次查看以后和我有关的事", "What concerns this seat since the last look") }
  static var newsPeek: ArgumentHelp {
    ArgumentHelp(either("只看一眼，下次照样列出", "A glance: the next time all of it is listed again."))
  }
  static var clashes: String {
    either("两人同时填写而冲突的值：查看、改用、保留", "Values that clash: list them, take one or keep one")
  }
  static var clashArguments: ArgumentHelp {
    ArgumentHelp(
      either(
        "不写：全部列出；编号：只列这一项的；take 标识：改用未采用的值；keep 标识：就用现值",
        "Nothing: list all; NO: list those of one thing; take ID: use the beaten value; keep ID: leave the present one."
      ),
      valueName: "take|keep id")
  }
  static var shelf: String {
    either("被镇里退回的修改：查看、重新提交、放弃", "Refused edits: list them, make them anew, or discard them")
  }
  static var shelfArguments: ArgumentHelp {
    ArgumentHelp(
      either(
        "不写：全部列出；retry 标识…：按现值重新提交；discard 标识…：放弃，只在本机留底",
        "Nothing: list all; retry ID…: make the same changes anew; discard ID…: give them up, kept on this device only."
      ),
      valueName: "retry|discard id")
  }
  static var shelfAll: ArgumentHelp {
    ArgumentHelp(either("连同已放弃和已重新提交的", "Those that have left the shelf, too."))
  }
  static var repair: String {
    either("台账文件损坏时：把还能读出的存进新文件", "Save what can be read of a damaged replica in a new file")
  }
  static var sync: String { either("与镇里同步", "Send and fetch") }
  static var seconds: ArgumentHelp {
    ArgumentHelp(
      either(
        "最多等多少秒；连不上，或连续五次连接都没有取到什么，就不再等",
        "Seconds to try at most; less when nobody is reached, or five connections in a row bring nothing."),
      valueName: "seconds")
  }
  static var status: String {
    either("本机状态：未送出、退件架、时钟等", "How this device stands: unsent, shelf, clock …")
  }
  static var watch: String {
    either("实时显示各处的修改，Ctrl-C 结束", "Show edits as they arrive, until Ctrl-C")
  }
  static var importing: String {
    either("导入整改情况报告（办公室）", "Import a published report (round owner)")
  }
  static var reportFile: ArgumentHelp {
    ArgumentHelp(
      either("报告文本（UTF-8 或 GB 18030）", "The report's text, UTF-8 or GB 18030."), valueName: "file")
  }
  static var dryRun: ArgumentHelp {
    ArgumentHelp(either("只看读到什么、与台账有何不同，不改台账", "Say what was read, and what differs from the ledger; change nothing."))
  }
  static var anyway: ArgumentHelp {
    ArgumentHelp(
      either(
        "报告的单位、巡察组、反馈日期或问题的位置与台账不同也导入",
        "Import even if the report names another unit, inspector or day of feedback, or its problems stand elsewhere."))
  }
  static var exporting: String { either("导出台账，用 --json 或 --csv", "Export the ledger with --json or --csv") }
  static var publicOnly: ArgumentHelp {
    ArgumentHelp(either("只导出可以公开的内容", "Only what may be published."))
  }
  static var rights: String { either("本机岗位能做什么，其余由谁办", "What this seat may do, and whose the rest is") }
  static var rightsNumber: ArgumentHelp {
    ArgumentHelp(
      either("编号；不写则列出整本台账的权限", "A problem, measure or part; none lists the rights as such."), valueName: "no")
  }
  static var csv: ArgumentHelp {
    ArgumentHelp(
      either("CSV 表格，一行一个问题，可用 WPS/Excel 打开", "A CSV table, one row per problem, for spreadsheets.")
    )
  }
}
