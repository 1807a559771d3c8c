import ArgumentParser

/// What `taizhang-bench`'s entry point calls.
package enum BenchProgram {
  /// Reads the arguments of the process and runs; exits with a sentence when something is wrong.
  package static func run() async {
    await BenchCommand.main()
  }
}
