/// A published report as read: what it says, where it says it, and what looked doubtful. Nothing in it is guessed.
///
/// Problems carry positions 1...N in the whole document, whatever is printed before them; aspects and categories have
/// positions of their own. The status of a problem is never inferred, even when totals per status are declared.
package struct ParsedReport: Equatable, Sendable {
  /// The heading above the text, when the document has one.
  package var title: String?
  /// The paragraphs before the first item that are neither title nor heading, section after section.
  package var intro: [String] = []
  /// The paragraph that says how to reach the town, as written. Public by origin.
  package var contact: String?
  /// Who inspected whom, when, and when the findings were fed back.
  package var round = ParsedRound()
  /// The sums that the text itself states. Compared with what was found, never corrected.
  package var declared = DeclaredTotals()
  /// Aspects (方面) in order; empty when the document has no such level.
  package var aspects: [ParsedHeading] = []
  /// Categories (类) in order; empty when the document has no such level.
  package var categories: [ParsedHeading] = []
  /// Problems (具体问题) in order; the position of `problems[i]` is i + 1.
  package var problems: [ParsedProblem] = []
  /// What a person should look at, in line order.
  package var warnings: [ReportWarning] = []
  /// Every paragraph in order with the part it belongs to: the whole input up to white space.
  package var paragraphs: [SourceParagraph] = []

  /// Measures (措施) of all problems.
  package var measureCount: Int { problems.reduce(0) { $0 + $1.measures.count } }
}

/// The heading of an aspect or a category.
package struct ParsedHeading: Equatable, Sendable {
  /// 1-based among its kind in the whole document.
  package var position: Int
  /// The printed number; numbering may restart.
  package var number: Int
  /// The heading without its number and the words that frame it (关于 … 方面/问题).
  package var text: String
  /// The paragraph as written, number included.
  package var source: String
  /// The position of the aspect above a category; nil for aspects and where there is none.
  package var aspect: Int?
  /// The line of the input, from 1.
  package var line: Int
}

/// One problem with everything that its text names.
package struct ParsedProblem: Equatable, Sendable {
  /// 1-based in the whole document; what identities are made of.
  package var position: Int
  /// The printed number.
  package var number: Int
  /// The position of its aspect, if the document has that level.
  package var aspect: Int?
  /// The position of its category, if the document has that level.
  package var category: Int?
  /// The finding as fed back: without the number, the words around it (针对 … 问题) and its outer quotes.
  package var text: String
  /// The heading paragraph as written, number included; a body that follows in the same paragraph is not part of it.
  package var source: String
  /// The measures in order; `measures[i]` has position i + 1.
  package var measures: [ParsedMeasure] = []
  /// Labelled values such as 责任单位 or 整改时限, and statements under a second label, as written.
  package var fields: [ParsedField] = []
  /// Offices and duties named, by the first name in the alias table, in order of mention.
  package var units: [String] = []
  /// The units that are said to lead (由 … 牵头, 牵头单位：…).
  package var leads: [String] = []
  /// Villages named, by official name (with 村), in order of mention.
  package var villages: [String] = []
  /// Natural villages (自然村) named.
  package var hamlets: [String] = []
  /// The stated number of villages (等6个村) where the text names an open list; the names may be fewer.
  package var villagesStated: Int?
  /// Dates named outside of document titles, each once.
  package var dates: [ReportDate] = []
  /// Documents named in 《》, without the brackets, each once.
  package var documents: [String] = []
  /// The line of the input, from 1.
  package var line: Int
}

/// One measure.
package struct ParsedMeasure: Equatable, Sendable {
  /// The printed ordinal (一是 = 1); nil for a paragraph without one.
  package var number: Int?
  /// The text without its ordinal; a paragraph that continues it is joined.
  package var text: String
  /// The text as written, ordinal included.
  package var source: String
  /// The line of the input, from 1.
  package var line: Int
}

/// A labelled value inside a problem.
package struct ParsedField: Equatable, Sendable {
  /// The label as printed, without the colon.
  package var name: String
  /// The value as printed.
  package var text: String
  /// The line of the input, from 1.
  package var line: Int
}

/// The inspection that the report answers.
package struct ParsedRound: Equatable, Sendable {
  /// The inspecting body (县委第一巡察组).
  package var inspector: String?
  /// The kind of inspection (常规, 专项, 提级, 机动, 回头看, 巡乡带村).
  package var kind: String?
  /// Who was inspected, as named in the opening sentence.
  package var organisation: String?
  /// The inspection's periods; a round may have two.
  package var periods: [ReportPeriod] = []
  /// The day on which the findings were fed back.
  package var feedback: ReportDate?
  /// The day of the party committee's democratic-life meeting (专题民主生活会).
  package var meeting: ReportDate?
}

/// Two dates with 至 between them.
package struct ReportPeriod: Equatable, Sendable {
  /// The first day.
  package var start: ReportDate
  /// The last day.
  package var end: ReportDate
}

/// The totals that a report states about itself; nil where it says nothing.
package struct DeclaredTotals: Equatable, Sendable {
  /// Aspects (方面).
  package var aspects: Int?
  /// Categories (类, or the middle number of "4个方面、11项、27条").
  package var categories: Int?
  /// Problems.
  package var problems: Int?
  /// Measures (整改措施, 整改任务).
  package var measures: Int?
  /// Finished (完成).
  package var done: Int?
  /// Basically finished (基本完成).
  package var basicallyDone: Int?
  /// Under way (正在推进).
  package var underWay: Int?
  /// Kept up long-term (长期坚持), phase tasks included.
  package var longTerm: Int?
  /// Not finished (未完成).
  package var notDone: Int?
  /// Cured during the inspection or at once (立行立改).
  package var immediate: Int?
  /// The line of the first total, from 1; nil when nothing is declared.
  package var line: Int?

  /// The sum over the statuses, nil when none is stated. 立行立改 overlaps with the others and is not in it.
  package var statusSum: Int? {
    let stated = [done, basicallyDone, underWay, longTerm, notDone].compactMap { $0 }
    return stated.isEmpty ? nil : stated.reduce(0, +)
  }
}

/// A paragraph of the input and the part of the report that it belongs to.
package struct SourceParagraph: Equatable, Sendable {
  /// What a paragraph is. Numbers are positions.
  package enum Part: Equatable, Sendable {
    /// Page numbers, site headers and footers.
    case boilerplate
    case title
    case intro
    /// A heading that only orders the document.
    case section
    case aspect(Int)
    case category(Int)
    /// A problem's heading, with whatever stands in the same paragraph.
    case problem(Int)
    /// Measures and fields of the problem at a position.
    case body(Int)
    /// What the town means to do next: no item.
    case outlook
    case contact
  }

  /// The line of the input, from 1, on which the paragraph starts.
  package var line: Int
  /// The paragraph as written, wrapped lines joined.
  package var text: String
  /// What it is.
  package var part: Part
}

/// Something about the input that a person should look at; the reader goes on without correcting it.
package struct ReportWarning: Equatable, Sendable {
  /// What is doubtful. The raw values are what programs read.
  package enum Code: String, CaseIterable, Sendable {
    /// The text holds no problem that could be read.
    case noProblems = "no_problems"
    /// The text is longer than `LedgerReports.reportLimitBytes`; nothing was read.
    case tooLong = "too_long"
    /// A declared total and the count that was found are different.
    case totalsDiffer = "totals_differ"
    /// The declared statuses do not add up to the declared problems.
    case totalsDoNotAddUp = "totals_do_not_add_up"
    /// Statuses are declared as sums, but no problem's own status is told.
    case statusNotTold = "status_not_told"
    /// A number that cannot be a count of aspects, as when digits were lost.
    case implausibleNumber = "implausible_number"
    /// A printed number neither follows the one before nor starts again at 1.
    case numberOutOfOrder = "number_out_of_order"
    /// A date without its year; the year was taken from the round.
    case yearInferred = "year_inferred"
    /// A date without its year, and nothing to take it from.
    case yearUnknown = "year_unknown"
    /// Digits run together where a date seems to have lost its signs, or a date that no calendar has.
    case damagedDate = "damaged_date"
    /// The word that ends a heading stands there twice.
    case doubledWord = "doubled_word"
    /// A quotation mark without its partner.
    case unbalancedQuote = "unbalanced_quote"
    /// A heading at aspect or category level under which no problem was found.
    case emptyHeading = "empty_heading"
    /// A heading at category level that has a body of its own; it was taken as a problem.
    case problemAtCategoryLevel = "problem_at_category_level"
    /// A problem without any measure.
    case noMeasures = "no_measures"
    /// Several paragraphs without numbers, taken as one measure.
    case unnumberedParagraphs = "unnumbered_paragraphs"
    /// Fewer villages are named than the text counts.
    case openVillageList = "open_village_list"
    /// A place named without 村; the full name stands elsewhere in the text.
    case placeCompleted = "place_completed"
    /// Something before 村 that could be a name and was not taken as one.
    case placeUnsure = "place_unsure"
    /// Numbered paragraphs stand deeper than this reader orders: the topmost level was passed over.
    case tooManyLevels = "too_many_levels"
  }

  /// What is doubtful.
  package var code: Code
  /// The line of the input, from 1.
  package var line: Int
  /// The words that it is about, or the two numbers, short.
  package var text: String
}

/// A date as far as the text tells it.
package struct ReportDate: Hashable, Sendable {
  /// Nil when the text does not tell it and the round does not either.
  package var year: Int?
  /// Nil when only a year is told.
  package var month: Int?
  /// Nil when only a month is told; 上旬 and the like stay in `text`.
  package var day: Int?
  /// True when the year is not in the text but taken from the round or a neighbouring date.
  package var inferred: Bool
  /// The words as written.
  package var text: String

  /// "2023-10-12", "2021-09" or "2021"; "-" stands for an unknown year.
  package var value: String {
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    var value = year.map(String.init) ?? "-"
    if let month { value += "-" + padded(month) }
    if let day { value += "-" + padded(day) }
    return value
  }
}
