import EditModel
import Glibc
import LineProtocol

/// What `taizhangd device add` wrote for one device, or what its enrolment gave it.
struct DeviceFile: Sendable {
  let host: String
  let port: Int
  let ledger: ExactString
  let replica: ReplicaID
  let secret: Secret
  /// Its side of TLS; nil for plain TCP.
  let tls: BenchTLS?
  /// What it speaks in blocks with; nil for plain lines.
  let blocks: BlockSpeech?

  init(host: String, port: Int, ledger: ExactString, replica: ReplicaID, secret: Secret, tls: BenchTLS?) {
    self.host = host
    self.port = port
    self.ledger = ledger
    self.replica = replica
    self.secret = secret
    self.tls = tls
    self.blocks = nil
  }

  /// Reads the file at `path`.
  init(path: String, blocks: BlockSpeech?) throws(BenchError) {
    var values: [String: String] = [:]
    for line in try TextFile.lines(path) {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      if words.count == 2 { values[words[0]] = words[1] }
    }
    let address = (values["server"] ?? "").split(separator: ":").map(String.init)
    guard address.count == 2, let port = Int(address[1]), let ledger = values["ledger"],
      let replica = values["replica"].flatMap({ ReplicaID($0) }),
      let secret = values["secret"].flatMap(Secret.init)
    else { throw BenchError("\(path) is not a device file; make one with 'taizhangd device add'") }
    self.host = address[0]
    self.port = port
    self.ledger = ExactString(ledger)
    self.replica = replica
    self.secret = secret
    self.tls = nil
    self.blocks = blocks
  }

  /// All device files of a folder (`*.device`), in the order of their names.
  static func all(in folder: String, blocks: BlockSpeech?) throws(BenchError) -> [DeviceFile] {
    var names: [String] = []
    guard let directory = opendir(folder) else {
      throw BenchError("the folder \(folder) cannot be read")
    }
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".device") { names.append(name) }
    }
    closedir(directory)
    var devices: [DeviceFile] = []
    for name in names.sorted() { try devices.append(DeviceFile(path: "\(folder)/\(name)", blocks: blocks)) }
    guard !devices.isEmpty else { throw BenchError("there is no *.device file in \(folder)") }
    return devices
  }
}

/// A sentence about what went wrong and what to do.
struct BenchError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Small text files of the machine: device files, /proc.
enum TextFile {
  static func lines(_ path: String) throws(BenchError) -> [String] {
    guard let file = fopen(path, "r") else { throw BenchError("the file \(path) cannot be read") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = fread(&piece, 1, piece.count, file)
      if count == 0 { break }
      bytes.append(contentsOf: piece[..<count])
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
