/// What a thing is called on a screen or on paper, in the two languages of the product.
package struct Label: Hashable, Sendable {
  /// The Chinese words.
  package let chinese: String
  /// The English words.
  package let english: String

  /// A label from both languages' words.
  package init(_ chinese: String, _ english: String) {
    self.chinese = chinese
    self.english = english
  }
}
