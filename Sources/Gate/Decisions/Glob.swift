/// Patterns in which `*` stands for any run of bytes, and everything else for itself.
enum Glob {
    static func matches(_ text: String, anyOf patterns: [String]) -> Bool {
        patterns.contains { $0 == "*" || matches(text, $0) }
    }

    /// Greedy with one point to go back to, so at most length × length steps.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        let text = Array(text.utf8)
        let pattern = Array(pattern.utf8)
        var place = 0
        var wanted = 0
        var star: (pattern: Int, text: Int)?
        while place < text.count {
            if wanted < pattern.count, pattern[wanted] == UInt8(ascii: "*") {
                star = (wanted, place)
                wanted += 1
            } else if wanted < pattern.count, pattern[wanted] == text[place] {
                place += 1
                wanted += 1
            } else if let (starPattern, starText) = star {
                wanted = starPattern + 1
                place = starText + 1
                star = (starPattern, starText + 1)
            } else {
                return false
            }
        }
        return pattern[wanted...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
