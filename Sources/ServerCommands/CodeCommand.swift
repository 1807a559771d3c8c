import ArgumentParser
import EditModel
import LedgerRules
import LedgerStore

/// `taizhangd code`.
struct CodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "code", abstract: "List the codes that let devices in, or take one back (登记码).",
    discussion: "A code is made with `taizhangd enrol SEAT`, which shows it once.",
    subcommands: [List.self, Withdraw.self])

  /// `taizhangd code list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the codes that were made in the last weeks.",
      discussion:
        "Columns: the first four digits, seat, ledger, made, expires (China time), state. The rest of a code is shown when "
        + "it is made and kept nowhere.")

    @OptionGroup var options: DataOptions
    @Flag(help: "Print a JSON array.")
    var json = false

    func run() throws {
      let (_, seats) = try options.seats()
      let codes = try seats.enrolments()
      try seats.close()
      let now = DataOptions.now()
      if json { return Output.line("[" + codes.map { List.json($0, now: now) }.joined(separator: ",") + "]") }
      for code in codes { Output.line(List.text(code, now: now)) }
    }

    private static func text(_ code: EnrolmentListing, now: Stamp) -> String {
      let again = code.again.map { ", for replica \($0) (供 \($0) 重新登记)" } ?? ""
      let state =
        code.replica.map { "used by \($0) (已用)" } ?? (code.isOpen(at: now) ? "open (可用)" : "expired (已过期)")
      let words: [String] = [
        code.lookup, code.seat.description, code.ledger.string, ChinaClock.full(code.made),
        ChinaClock.full(code.expires),
        state + again,
      ]
      return words.joined(separator: "\t")
    }

    private static func json(_ code: EnrolmentListing, now: Stamp) -> String {
      let members: [(String, String?)] = [
        ("lookup", code.lookup), ("seat", code.seat.description), ("ledger", code.ledger.string),
        ("made", ChinaClock.full(code.made)), ("expires", ChinaClock.full(code.expires)),
        ("used_by", code.replica?.description), ("again", code.again?.description),
      ]
      let texts = members.map { "\"\($0.0)\":" + ($0.1.map(SetText.quoted) ?? "null") }
      return "{" + (texts + ["\"open\":\(code.isOpen(at: now))"]).joined(separator: ",") + "}"
    }
  }

  /// `taizhangd code withdraw LOOKUP`.
  struct Withdraw: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take a code back: it lets nobody in any more.",
      discussion: "A device that it has let in stays in; `taizhangd device revoke` shuts that out.")

    @OptionGroup var options: DataOptions
    @Argument(help: "The first four digits of the code.")
    var lookup: String

    func run() throws {
      let (_, seats) = try options.seats()
      // What was read out or copied has the whole code, in either case.
      let digits = String(lookup.lowercased().prefix(4))
      try seats.withdrawEnrolment(digits, at: DataOptions.now())
      try seats.close()
      Output.line("Code \(digits)-… lets nobody in any more (登记码已收回).")
    }
  }
}
