/// A text and the intent that somebody gave it.
public struct LabelledText: Sendable, Hashable {
    public var text: String
    public var intent: String
    /// Of the file that it comes from, from 1; 0 where it comes from none.
    public var line: Int

    public init(_ text: String, intent: String, line: Int = 0) {
        self.text = text
        self.intent = intent
        self.line = line
    }
}
