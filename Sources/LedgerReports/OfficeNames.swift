package import EditModel

/// How offices are called: the alias table as other modules see it.
package enum OfficeNames {
  /// Every name that the alias table has for the office called `name`, that one among them: 党建办 is 党建工作办公室. Only
  /// itself when the table does not know it. Matching is exact; a spelling that is not in the table is another office.
  package static func spellings(of name: ExactString) -> Set<ExactString> {
    Set(UnitNames.spellings(of: name.string).map { ExactString($0) })
  }
}
