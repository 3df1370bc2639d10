/// A pattern of paths: `*` and `?` within a step, `**` across steps. A slash at the start does not count.
struct PathPattern {
    private let pattern: [UInt8]

    /// Nil for what has brackets or braces, which would be matched as they stand.
    init?(_ text: String) {
        guard !text.utf8.contains(where: { "[]{}\\".utf8.contains($0) }) else { return nil }
        pattern = Array(text.utf8.drop { $0 == UInt8(ascii: "/") })
    }

    /// Whether a text is more than a path.
    static func isPattern(_ text: String) -> Bool { text.utf8.contains { "*?".utf8.contains($0) } }

    func matches(_ path: String) -> Bool {
        var steps = Int.max
        return matches(path, steps: &steps)
    }

    /// - Parameter steps: how many may be taken; false when there are no more.
    func matches(_ path: String, steps: inout Int) -> Bool {
        Self.matches(pattern[...], Array(path.utf8.drop { $0 == UInt8(ascii: "/") })[...], &steps)
    }

    /// Remembers the last star alone, as later ones make earlier ones' choices moot; `**` and `*` are each remembered.
    private static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>, _ steps: inout Int) -> Bool {
        var (p, t) = (pattern.startIndex, text.startIndex)
        var star: (next: Int, text: Int)?
        var wide: (next: Int, text: Int)?
        while steps > 0 {
            steps -= 1
            if p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") {
                if p + 1 < pattern.endIndex, pattern[p + 1] == UInt8(ascii: "*") {
                    p += 2
                    wide = (p, t)
                    star = nil
                    // `a/**/b` is also `a/b`.
                    if p < pattern.endIndex, pattern[p] == UInt8(ascii: "/"), isStepStart(text, t) { p += 1 }
                } else {
                    p += 1
                    star = (p, t)
                }
                continue
            }
            if p == pattern.endIndex, t == text.endIndex { return true }
            if p < pattern.endIndex, t < text.endIndex, fits(pattern[p], text[t]) {
                (p, t) = (p + 1, t + 1)
            } else if let last = star, last.text < text.endIndex, text[last.text] != UInt8(ascii: "/") {
                star = (last.next, last.text + 1)
                (p, t) = (last.next, last.text + 1)
            } else if let last = wide, last.text < text.endIndex {
                wide = (last.next, last.text + 1)
                star = nil
                (p, t) = (last.next, last.text + 1)
            } else {
                return false
            }
        }
        return false
    }

    private static func isStepStart(_ text: ArraySlice<UInt8>, _ at: Int) -> Bool {
        at == text.startIndex || text[at - 1] == UInt8(ascii: "/")
    }

    private static func fits(_ pattern: UInt8, _ byte: UInt8) -> Bool {
        pattern == byte || pattern == UInt8(ascii: "?") && byte != UInt8(ascii: "/")
    }
}
