import LedgerAdmin
import LineProtocol
import Logging
import SessionRules
import TOMLKit

extension ServerConfiguration {
  /// Reads the file at `path`; a problem is told with the line that it is on.
  package init(file path: String) throws(ServerError) {
    guard let bytes = PlainFile.bytes(of: path) else { throw PlainFile.problem(path) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
      throw .configuration(file: path, line: line + 1, problem: "this is not UTF-8 (save the file as UTF-8 text)")
    }
    try self.init(toml: text, file: path)
  }

  /// Reads `text`, which came from `file`.
  package init(toml text: String, file: String) throws(ServerError) {
    self.init()
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw .configuration(file: file, line: error.source.begin.line, problem: error.description)
    } catch {
      throw .configuration(file: file, line: 1, problem: "\(error)")
    }
    for name in table.keys {
      guard let key = ConfigurationKey.all.first(where: { $0.name == name }) else {
        throw .configuration(
          file: file, line: ServerConfiguration.line(of: name, text), problem: "unknown key `\(name)`")
      }
      guard let value = table[name], key.set(value, &self) else {
        throw .configuration(
          file: file, line: ServerConfiguration.line(of: name, text), problem: "`\(name)` must be \(key.expectation)")
      }
    }
  }

  /// The line on which `key` is set, from 1. TOMLKit keeps no places of values.
  private static func line(of key: String, _ text: String) -> Int {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let index = lines.firstIndex { line in
      let trimmed = line.drop { $0 == " " || $0 == "\t" || $0 == "\"" || $0 == "[" }
      return trimmed.hasPrefix(key)
    }
    return (index ?? 0) + 1
  }
}

/// One key of the file: its name, what it may be, and what it sets.
package struct ConfigurationKey: Sendable {
  /// The name in the file.
  package let name: String
  /// What the value must be, for the message.
  package let expectation: String
  let set: @Sendable (any TOMLValueConvertible, inout ServerConfiguration) -> Bool

  /// Every key there is.
  package static let all: [ConfigurationKey] = [
    text("listen") { $0.listen = ListenAddress($1) },
    text("listen_tls") { $0.listenTLS = ListenAddress($1) },
    tlsMinimum,
    text("certificate") { $0.certificate = $1 },
    text("private_key") { $0.privateKey = $1 },
    text("authority") { $0.authority = $1 },
    text("data") { $0.data = DataFolder(path: $1) },
    shipTo,
    number("threads", 1...256) { $0.threads = $1 },
    number("connections", 1...1_000_000) { $0.connections = $1 },
    number("waiting_connections", 1...1_000_000) { $0.waitingConnections = $1 },
    number("device_connections", 1...1_000_000) { $0.deviceConnections = $1 },
    number("seat_connections", 1...1_000_000) { $0.seatConnections = $1 },
    number("edits_per_second", 100...100_000_000) { $0.editsPerSecond = $1 },
    number("edit_burst", Limits.actEdits...100_000_000) { $0.editBurst = $1 },
    flag("deflate") { $0.deflate = $1 },
    number("tail_bytes", 65_536...(1 << 32)) { $0.tailBytes = $1 },
    number("shutdown_seconds", 0...600) { $0.shutdownSeconds = $1 },
    number("acts_in_flight", 1...65_536) { $0.limits.actsInFlight = $1 },
    number("auth_seconds", 1...3_600) { $0.limits.authSeconds = UInt64($1) },
    number("idle_seconds", 1...86_400) { $0.limits.idleSeconds = UInt64($1) },
    number("stall_seconds", 1...86_400) { $0.limits.stallSeconds = UInt64($1) },
    number("snapshot_minutes", 0...10_080) { $0.snapshotMinutes = $1 },
    number("keep_hours", 1...8_760) { $0.retention.hours = $1 },
    number("keep_days", 1...3_650) { $0.retention.days = $1 },
    number("keep_weeks", 0...520) { $0.retention.weeks = $1 },
    number("keep_months", 0...240) { $0.retention.months = $1 },
    number("proof_hours", 1...8_760) { $0.proofHours = $1 },
    text("alarm_command") { $0.alarmCommand = $1 },
    level,
  ]

  private static let limitDestinations = 16

  private static let shipTo = ConfigurationKey(
    name: "ship_to",
    expectation: "a list of at most \(limitDestinations) folders in quotes, each from / on, none twice: [\"/mnt/a\"]"
  ) { value, configuration in
    guard let list = value.array, list.count <= limitDestinations else { return false }
    let folders = list.compactMap(\.string).filter { $0.hasPrefix("/") }
    guard folders.count == list.count, Set(folders).count == folders.count else { return false }
    configuration.shipTo = folders
    return true
  }

  private static let tlsMinimum = ConfigurationKey(
    name: "tls_minimum", expectation: TLSMinimum.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
  ) { value, configuration in
    guard let minimum = value.string.flatMap(TLSMinimum.init(rawValue:)) else { return false }
    configuration.tlsMinimum = minimum
    return true
  }

  private static let level = ConfigurationKey(
    name: "log_level", expectation: Logger.Level.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
  ) { value, configuration in
    guard let level = value.string.flatMap(Logger.Level.init(rawValue:)) else { return false }
    configuration.logLevel = level
    return true
  }

  private static func text(
    _ name: String, _ set: @escaping @Sendable (inout ServerConfiguration, String) -> Void
  ) -> ConfigurationKey {
    ConfigurationKey(name: name, expectation: "a text in quotes, not an empty one") { value, configuration in
      guard let text = value.string, !text.isEmpty else { return false }
      set(&configuration, text)
      return true
    }
  }

  private static func flag(
    _ name: String, _ set: @escaping @Sendable (inout ServerConfiguration, Bool) -> Void
  ) -> ConfigurationKey {
    ConfigurationKey(name: name, expectation: "true or false") { value, configuration in
      guard let flag = value.bool else { return false }
      set(&configuration, flag)
      return true
    }
  }

  private static func number(
    _ name: String, _ range: ClosedRange<Int>, _ set: @escaping @Sendable (inout ServerConfiguration, Int) -> Void
  ) -> ConfigurationKey {
    let expectation = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return ConfigurationKey(name: name, expectation: expectation) { value, configuration in
      guard let number = value.int, range.contains(number) else { return false }
      set(&configuration, number)
      return true
    }
  }
}
