// The entry point of `taizhang-bench`: wiring only; see `BenchCommand`.

import LedgerBench

@main
struct Program {
  static func main() async {
    await BenchProgram.run()
  }
}
