/// The patterns of one ignore file in the syntax of gitignore(5).
struct IgnoreRules: Sendable {
    static let maximumBytes = 1 << 20

    private struct Rule: Sendable {
        var pattern: ArraySlice<UInt8>
        var isNegated = false
        var onlyDirectories = false
        /// No slash within: matched against the last component, at any depth.
        var matchesName = false
        /// How many leading bytes are plain.
        var literalLength = 0
    }

    private var rules: [Rule] = []
    var isEmpty: Bool { rules.isEmpty }

    init(_ file: [UInt8]) {
        var file = file[...]
        if file.starts(with: [0xEF, 0xBB, 0xBF]) { file = file.dropFirst(3) }
        for line in file.split(separator: UInt8(ascii: "\n")) {
            if let rule = Self.rule(line) { rules.append(rule) }
        }
    }

    /// - Parameters:
    ///   - path: relative to the folder that the file stands in, without a leading or trailing slash.
    /// - Returns: true ignored, false taken back in by `!`, nil when no pattern matches. The last match counts.
    func decision(on path: ArraySlice<UInt8>, isDirectory: Bool) -> Bool? {
        let name = path.lastIndex(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? path
        for rule in rules.reversed() where isDirectory || !rule.onlyDirectories {
            let matches = rule.matchesName ? Self.matchesName(rule, name) : Self.matchesPath(rule, path)
            if matches { return !rule.isNegated }
        }
        return nil
    }

    /// Whether the path or a folder above it is ignored, for lists that name files only.
    func excludes(_ path: [UInt8]) -> Bool {
        for (index, byte) in path.enumerated() where byte == UInt8(ascii: "/") {
            if decision(on: path[..<index], isDirectory: true) == true { return true }
        }
        return decision(on: path[...], isDirectory: false) == true
    }

    private static func matchesName(_ rule: Rule, _ name: ArraySlice<UInt8>) -> Bool {
        if rule.literalLength == rule.pattern.count { return rule.pattern.elementsEqual(name) }
        return Wildmatch.matches(rule.pattern, name, isPath: false)
    }

    private static func matchesPath(_ rule: Rule, _ path: ArraySlice<UInt8>) -> Bool {
        let literal = rule.pattern.prefix(rule.literalLength)
        guard path.starts(with: literal) else { return false }
        let rest = rule.pattern.dropFirst(rule.literalLength)
        return Wildmatch.matches(rest, path.dropFirst(rule.literalLength), isPath: true)
    }

    private static func rule(_ line: ArraySlice<UInt8>) -> Rule? {
        guard line.first != UInt8(ascii: "#") else { return nil }
        var text = trimmed(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        guard !text.isEmpty else { return nil }
        var rule = Rule(pattern: [])
        if text.first == UInt8(ascii: "!") {
            rule.isNegated = true
            text = text.dropFirst()
        }
        if text.last == UInt8(ascii: "/") {
            rule.onlyDirectories = true
            text = text.dropLast()
        }
        rule.matchesName = !text.contains(UInt8(ascii: "/"))
        if text.first == UInt8(ascii: "/") { text = text.dropFirst() }
        rule.pattern = text
        rule.literalLength = text.prefix { !Array("*?[\\".utf8).contains($0) }.count
        return rule
    }

    /// Without the spaces at its end, except one that a backslash keeps.
    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var end = line.startIndex
        var position = line.startIndex
        while position < line.endIndex {
            let isEscape = line[position] == UInt8(ascii: "\\")
            let isSpace = line[position] == UInt8(ascii: " ")
            position = min(position + (isEscape ? 2 : 1), line.endIndex)
            if !isSpace { end = position }
        }
        return line[..<end]
    }
}
