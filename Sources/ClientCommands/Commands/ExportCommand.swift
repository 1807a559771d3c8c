import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules

/// `taizhang export --json|--csv [--public]`
struct ExportCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "export", abstract: Help.exporting)
  }

  @Flag(help: Help.csv) var csv = false
  @Flag(name: .customLong("public"), help: Help.publicOnly) var publicOnly = false
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard csv != global.json else { throw ValidationError(Words(.ofProcess).exportUsage) }
  }

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    let view = try replica.view()
    context.tellIfPart(view)
    let question = NumbersQuestion(today: try context.today(of: replica))
    let reader = publicOnly ? Reader.everybody : view.info.reader
    guard csv else {
      context.print(
        LedgerDocument(of: view.shown, for: reader, asked: question).ledger(named: view.info.ledger.string))
      return
    }
    Output.write(
      ProblemTable.table(of: view.shown, for: reader, asked: question, word: context.words.text).text)
  }
}
