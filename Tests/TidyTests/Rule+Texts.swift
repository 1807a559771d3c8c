import Glibc

/// Whether the bytes of `text` hold those of `word`. The checks below ask this of every file before they look at its
/// lines: a string search in a debug build is slow, and nearly every answer is no.
private func holds(_ text: String, _ word: String) -> Bool {
  strstr(text, word) != nil
}

/// The lines (from 1) of the file that hold `word`.
private func lines(of file: SourceFile, holding word: String) -> [Int] {
  guard holds(file.text, word) else { return [] }
  return file.lines.indices.filter { holds(file.lines[$0], word) }.map { $0 + 1 }
}

func issueNumberFindings(in file: SourceFile) -> [Finding] {
  // Put together, so that this file is not its own finding.
  let words = ["TO" + "DO", "FIX" + "ME"]
  return words.flatMap { word in
    lines(of: file, holding: word).compactMap { line in
      let text = file.lines[line - 1]
      let hasNumber = text.split(separator: "#").dropFirst().contains { $0.first?.isNumber == true }
      if hasNumber { return nil }
      return Finding(path: file.path, line: line, message: "\(word) without an issue number (#12)")
    }
  }
}

func machinePathFindings(in file: SourceFile) -> [Finding] {
  // Homes, and the folder that this checkout lies in, wherever that is; the temporary folder is every machine's.
  let here = SourceTree.place
  let isOneMachines = here.count > 1 && here != "/tmp"
  let homes = ["home", "root", "Users"].map { "/\($0)/" }
  let roots = homes + (isOneMachines && !homes.contains("\(here)/") ? ["\(here)/"] : [])
  return roots.flatMap { root in
    lines(of: file, holding: root).compactMap { line in
      // Behind a letter or a dot the folder is one inside the repository, as in `docs/work`.
      let pieces = file.lines[line - 1].components(around: root)
      let isAbsolute = pieces.dropLast().contains { !($0.last?.isLetter ?? false) && $0.last != "." }
      return isAbsolute ? Finding(path: file.path, line: line, message: "\(root)… is a path of one machine") : nil
    }
  }
}

func finalNewlineFindings(in file: SourceFile) -> [Finding] {
  if file.text.isEmpty || file.text.utf8.last == UInt8(ascii: "\n") { return [] }
  return [Finding(path: file.path, line: file.lines.count, message: "the file does not end with a newline")]
}

extension String {
  /// The pieces between the occurrences of `separator`.
  fileprivate func components(around separator: String) -> [Substring] {
    var pieces: [Substring] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      pieces.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return pieces + [rest]
  }
}
