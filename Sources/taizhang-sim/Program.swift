// The entry point of `taizhang-sim`: wiring only; see `SimCommand`.

import LedgerSimulator

@main
struct Program {
  static func main() {
    SimProgram.run()
  }
}
