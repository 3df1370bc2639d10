/// Names with `*` for any run of characters, as configuration writes them: `read_*`, `*`.
public struct NamePattern: Sendable, Hashable {
    public let text: String

    public init(_ text: String) { self.text = text }

    public func matches(_ name: String) -> Bool {
        let (pattern, name) = (Array(text.utf8), Array(name.utf8))
        var (at, place) = (0, 0)
        var star: (pattern: Int, name: Int)?
        while place < name.count {
            if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
                star = (at, place)
                at += 1
            } else if at < pattern.count, pattern[at] == name[place] {
                at += 1
                place += 1
            } else if let last = star {
                (at, place) = (last.pattern + 1, last.name + 1)
                star = (last.pattern, last.name + 1)
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// How much of it is fixed: of several that match, the one that says most counts.
    public var weight: Int { text.utf8.count { $0 != UInt8(ascii: "*") } }
}
