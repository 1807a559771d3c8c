// The server's program: wiring only; everything is in `ServerCommands`.

import ServerCommands

@main
struct Program {
  static func main() async {
    await TaizhangdCommand.start()
  }
}
