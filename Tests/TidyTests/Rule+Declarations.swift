private let declarationKeywords: Set = [
  "actor", "associatedtype", "case", "class", "enum", "func", "init", "let", "macro", "protocol", "struct",
  "subscript", "typealias", "var",
]

private let modifiers: Set = [
  "async", "borrowing", "consuming", "convenience", "dynamic", "fileprivate", "final", "indirect", "internal", "lazy",
  "mutating", "nonisolated", "nonmutating", "optional", "override", "package", "private", "required", "static",
  "unowned",
  "weak",
]

/// Whether the modifier at `index` belongs to a declaration: behind it come modifiers and attributes, each perhaps
/// with an argument in parentheses, and then a keyword that declares something.
private func declares(_ file: SourceFile, modifierAt index: Int) -> Bool {
  guard file.token(index - 1) != "." else { return false }
  var next = index + 1
  while next < file.tokens.count {
    if file.token(next) == "@" {
      next += 2
    } else if file.token(next) == "(" {
      next = file.indexBehindBracket(openAt: next)
    } else if declarationKeywords.contains(file.token(next)) {
      return true
    } else if modifiers.contains(file.token(next)) {
      next += 1
    } else {
      return false
    }
  }
  return false
}

/// What a protocol asks for is documented there: what it does is never news.
private let witnesses: [[String]] = [
  ["func", "=", "=", "("], ["func", "<", "("], ["func", "hash", "(", "into"], ["var", "description", ":"],
  ["var", "debugDescription", ":"], ["init", "(", "stringLiteral"],
]

/// The same for ArgumentParser's commands, which stand at the edges only.
private let commandWitnesses: [[String]] = [
  ["let", "configuration", "="], ["func", "run", "("], ["func", "validate", "("], ["init", "(", ")"],
]

private func isWitness(_ file: SourceFile, modifierAt index: Int, atEdge: Bool) -> Bool {
  var keyword = index + 1
  while modifiers.contains(file.token(keyword)) { keyword += 1 }
  return (atEdge ? witnesses + commandWitnesses : witnesses).contains { file.matches($0, at: keyword) }
}

func documentationFindings(in file: SourceFile) -> [Finding] {
  guard let target = file.target else { return [] }
  let atEdge = Layers.isEdge(target)
  return file.tokens.indices.compactMap { index in
    guard file.token(index) == "package", declares(file, modifierAt: index) else { return nil }
    if isWitness(file, modifierAt: index, atEdge: atEdge) { return nil }
    var line = file.tokens[index].line - 1
    // Attributes stand between the comment and the declaration.
    while file.trimmedLine(line).hasPrefix("@") || file.trimmedLine(line).hasPrefix(")") { line -= 1 }
    if file.trimmedLine(line).hasPrefix("///") { return nil }
    return Finding(
      path: file.path, line: file.tokens[index].line,
      message: "a package declaration without a /// comment: what it is, units, limits, errors, owner")
  }
}

private let openable: Set = ["class", "func", "override", "subscript", "var"]

func accessFindings(in file: SourceFile) -> [Finding] {
  guard file.target != nil else { return [] }
  return file.tokens.indices.compactMap { index in
    let word = file.token(index)
    let previous = file.token(index - 1)
    let breaks =
      switch word {
      case "public": previous != "." && (declares(file, modifierAt: index) || file.token(index + 1) == "import")
      // `open` is also a verb of the protocol: `case open`, `open(words)`.
      case "open": ![".", "case", ","].contains(previous) && openable.contains(file.token(index + 1))
      case "inlinable", "usableFromInline": previous == "@"
      default: false
      }
    guard breaks else { return nil }
    return Finding(path: file.path, line: file.tokens[index].line, message: "\(word); package crosses targets here")
  }
}

func safetyFindings(in file: SourceFile) -> [Finding] {
  guard file.target != nil else { return [] }
  return file.tokens.indices.compactMap { index in
    let claims =
      file.matches(["@", "unchecked", "Sendable"], at: index)
      || file.matches(["nonisolated", "(", "unsafe", ")"], at: index)
    guard claims else { return nil }
    let line = file.tokens[index].line
    if file.paragraph(above: line, reach: 20).contains(where: { $0.contains("SAFETY:") }) { return nil }
    return Finding(path: file.path, line: line, message: "\(file.trimmedLine(line)) needs a // SAFETY: proof above it")
  }
}

func nameFindings(in file: SourceFile) -> [Finding] {
  guard file.target != nil else { return [] }
  let kinds: Set = ["struct", "class", "enum", "actor", "protocol", "typealias"]
  let endings = ["Manager", "Helper", "Helpers", "Util", "Utils", "Impl"]
  return file.tokens.indices.compactMap { index in
    let name = file.token(index + 1)
    guard kinds.contains(file.token(index)), endings.contains(where: { name.hasSuffix($0) }) else { return nil }
    return Finding(path: file.path, line: file.tokens[index].line, message: "\(name) says nothing; name what it is")
  }
}
