/// How a tool's answer is told. Places in the text are members of the answer (`{session.id}`), how many a list has
/// (`{#findings}`), and slots (`{@repository}`).
struct Telling: Sendable, Hashable {
    var text = ""
    /// In place of the text where the list is empty.
    var empty: String?
    /// The member that is shown as a table.
    var list: String?
    /// Members of the list's elements; with dots for what lies deeper.
    var columns: [String] = []
    /// A member that is a text of several lines, shown as it is.
    var body: String?
    /// A member that is an object of numbers, told as "2 critical, 1 high".
    var counts: String?
}
