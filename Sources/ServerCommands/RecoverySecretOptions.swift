import ArgumentParser
import LedgerServer
import SealedFile

/// Where the secrets come from that open a sealed set: files, never an argument or the environment, which others on the machine
/// can read.
struct RecoverySecretOptions: ParsableArguments {
  @Option(help: "A file with the recovery secret that opens a sealed set; may be given several times.")
  var key: [String] = []

  /// The secrets of all files that are named; none where none is.
  func secrets() throws -> [RecoverySecret] {
    try key.flatMap { path in
      guard let text = PlainFile.text(of: path) else {
        throw CommandProblem(
          "\(path) cannot be read. Nothing was changed. Name the file with the recovery secret: --key FILE.",
          chinese: "读不到私钥文件，什么也没有改动。请用 --key 指明恢复私钥文件。")
      }
      do throws(SealError) {
        return try RecoverySecret.secrets(inIdentityFile: text)
      } catch {
        throw RecoverySecretOptions.problem(path, error)
      }
    }
  }

  private static func problem(_ path: String, _ error: SealError) -> CommandProblem {
    let place = error.kind == .malformedSecret ? "line \(error.position) of \(path) is none" : "\(path) has none"
    return CommandProblem(
      "No recovery secret: \(place). Nothing was changed. Name the file that taizhangd recovery make wrote, or age-keygen; a "
        + "key, age1…, opens nothing.",
      chinese: "文件里没有恢复私钥，或有一行不合格式，什么也没有改动。请指明 taizhangd recovery make 写出的文件；公钥 age1… 打不开快照。")
  }
}
