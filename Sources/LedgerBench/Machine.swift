import Glibc

/// What the figures depend on: cores, and what one fdatasync costs on the disk that is written to.
struct Machine: Sendable {
  let cores: Int
  /// The median and 99th percentile of 300 appends of 4 KiB with fdatasync, in microseconds.
  let syncMedianMicroseconds: Double
  let syncP99Microseconds: Double

  /// Measures the disk of `folder`.
  init(folder: String) throws(BenchError) {
    cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    let path = "\(folder)/sync-probe"
    let file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
    guard file >= 0 else { throw BenchError("\(path) cannot be written") }
    defer {
      close(file)
      unlink(path)
    }
    var histogram = LatencyHistogram()
    let page = [UInt8](repeating: 7, count: 4_096)
    for _ in 0..<300 {
      let start = MonotonicTime.nanoseconds
      guard write(file, page, page.count) == page.count, fdatasync(file) == 0 else {
        throw BenchError("\(path) cannot be synced")
      }
      histogram.record(nanoseconds: MonotonicTime.nanoseconds - start)
    }
    syncMedianMicroseconds = histogram.microseconds(at: 0.5)
    syncP99Microseconds = histogram.microseconds(at: 0.99)
  }

  /// The resident memory of process `pid` in bytes.
  static func residentBytes(of pid: Int) throws(BenchError) -> Int {
    for line in try TextFile.lines("/proc/\(pid)/status") where line.hasPrefix("VmRSS:") {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      if words.count >= 2, let kilobytes = Int(words[1]) { return kilobytes * 1_024 }
    }
    throw BenchError("/proc/\(pid)/status has no VmRSS: is the process still there?")
  }
}
