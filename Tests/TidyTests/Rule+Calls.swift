/// Where one `Task { }` is right because nothing structured is possible: path, and the reason.
private let allowedTasks: [(path: String, reason: String)] = []

/// Files below the edges that may draw from the system's generator, each with its reason.
private let allowedGenerators: [(path: String, reason: String)] = [
  ("Sources/LedgerServer/Seats/SeatDesk.swift", "the running server itself draws the secret of a new replica"),
  ("Sources/LedgerServer/Ledgers/LineLinker.swift", "the running server itself draws the salts of a ledger's lines"),
  ("Sources/LedgerServer/Snapshots/SnapshotKeeper.swift", "the running server itself seals what it ships"),
]

func bannedCallFindings(in file: SourceFile) -> [Finding] {
  guard let target = file.target else { return [] }
  let isEdge = Layers.isEdge(target)
  return file.tokens.indices.compactMap { index in
    guard let message = bannedAnywhere(file, index) ?? (isEdge ? nil : bannedInside(file, index)) else { return nil }
    return Finding(path: file.path, line: file.tokens[index].line, message: message)
  }
}

/// Banned in all of `Sources`, the edges too.
private func bannedAnywhere(_ file: SourceFile, _ index: Int) -> String? {
  if file.token(index) == "try", file.hasTight("!", at: index + 1) {
    return "try! stops the program; throw, or prove it with a precondition"
  }
  if file.token(index) == "as", file.hasTight("!", at: index + 1) {
    return "as! stops the program; use as? or a better type"
  }
  if file.matches(["fatalError", "("], at: index) { return "fatalError; use precondition with a sentence" }
  if file.matches(["Task", ".", "detached"], at: index) { return "Task.detached; use a structured task" }
  return nil
}

/// Banned outside the edges, where clock, generator and output are arguments.
private func bannedInside(_ file: SourceFile, _ index: Int) -> String? {
  let previous = file.token(index - 1)
  switch file.token(index) {
  case "print", "debugPrint":
    guard file.token(index + 1) == "(", previous != ".", previous != "func" else { return nil }
    return "print; only the commands write to standard output"
  case "Date" where file.matches(["(", ")"], at: index + 1):
    return "Date() reads the clock; take the time as an argument"
  case "now" where previous == "." && isType(file.token(index - 2)):
    return ".now reads the clock; take the time or the clock as an argument"
  case "SystemRandomNumberGenerator" where !allowedGenerators.contains(where: { $0.path == file.path }):
    return "SystemRandomNumberGenerator; take the generator as an argument"
  case "random" where !isType(file.token(index - 2)):
    return nil
  case "random", "randomElement", "shuffled", "shuffle":
    guard previous == ".", file.token(index + 1) == "(", !namesGenerator(file, callAt: index + 1) else { return nil }
    return ".\(file.token(index)) without using: draws from the system; take the generator as an argument"
  default:
    return nil
  }
}

/// Whether what stands before the dot is a type or nothing: `ContinuousClock.now`, `ContinuousClock().now`, `.now` and
/// `Int.random(in:)` ask the system; `clock.now` and `order.random()` ask what was handed in.
private func isType(_ receiver: String) -> Bool {
  guard let first = receiver.unicodeScalars.first else { return true }
  return !(("a"..."z").contains(first) || receiver == "?" || receiver == "`")
}

private func namesGenerator(_ file: SourceFile, callAt open: Int) -> Bool {
  (open..<file.indexBehindBracket(openAt: open)).contains { file.matches(["using", ":"], at: $0) }
}

func unstructuredTaskFindings(in file: SourceFile) -> [Finding] {
  guard file.target != nil, !allowedTasks.contains(where: { $0.path == file.path }) else { return [] }
  let declares: Set = ["struct", "class", "enum", "extension", "actor", "typealias", ">"]
  return file.tokens.indices.compactMap { index in
    guard file.token(index) == "Task", !declares.contains(file.token(index - 1)) else { return nil }
    let generic = file.token(index + 1) == "<"
    let next = generic ? file.indexBehindBracket(openAt: index + 1) : index + 1
    let makesOne =
      ["{", "("].contains(file.token(next)) || file.matches([".", "init"], at: next)
      || file.matches([".", "immediate"], at: next)
    guard makesOne else { return nil }
    return Finding(
      path: file.path, line: file.tokens[index].line,
      message: "unstructured task; use a task group, or add the file to allowedTasks with the reason")
  }
}

func droppedErrorFindings(in file: SourceFile) -> [Finding] {
  guard file.target != nil else { return [] }
  return file.tokens.indices.compactMap { index in
    guard file.token(index) == "try", file.hasTight("?", at: index + 1) else { return nil }
    let line = file.tokens[index].line
    // The reason stands at the end of the line or in the paragraph's comment just above it.
    if file.paragraph(above: line, reach: 4).contains(where: { $0.contains("//") }) { return nil }
    return Finding(path: file.path, line: line, message: "try? without a comment that says why the error may go")
  }
}
