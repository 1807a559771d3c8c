/// `taizhang`: the program of the ledger's users. It calls ClientCommands and holds nothing of its own.
import ClientCommands

@main struct Program {
  static func main() async {
    await TaizhangCommand.runProcess()
  }
}
