/// `import X`, `package import X`, `import struct X.Y`: the module's name and where it stands.
private func imports(of file: SourceFile) -> [(module: String, line: Int)] {
  let kinds: Set = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
  return file.tokens.indices.compactMap { index in
    guard file.token(index) == "import", file.token(index - 1) != "." else { return nil }
    let next = kinds.contains(file.token(index + 1)) ? index + 2 : index + 1
    return (file.token(next), file.tokens[index].line)
  }
}

func importFindings(in file: SourceFile) -> [Finding] {
  guard let target = file.target, file.path.hasSuffix(".swift") else { return [] }
  guard let row = Layers.row(of: target) else {
    return [Finding(path: file.path, line: 1, message: "target \(target) has no row in the table of layers")]
  }
  return imports(of: file).compactMap { module, line in
    if Layers.mayImport(row, module) { return nil }
    return Finding(path: file.path, line: line, message: "\(target) (layer \(row.layer)) may not import \(module)")
  }
}

func testLibraryFindings(in file: SourceFile) -> [Finding] {
  guard file.path.hasPrefix("Tests/") else { return [] }
  return imports(of: file).filter { $0.module == "XCTest" }.map {
    Finding(path: file.path, line: $0.line, message: "tests are Swift Testing; the gates never run XCTest")
  }
}
