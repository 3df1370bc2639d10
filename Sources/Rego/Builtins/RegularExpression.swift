internal import Core
internal import Matching
internal import Synchronization

/// An expression in RE2's syntax, compiled, that finds matches as Go's `regexp` does and within limits.
final class RegularExpression: Sendable {
    private let expression: Matching.Expression
    let groupNames: [String: Int]
    var groupCount: Int { expression.groupCount }

    private static let known = Mutex<[RegoString: RegularExpression]>([:])
    private static let greatestKnown = 1024
    private static let greatestPattern = 64 << 10

    private init(_ pattern: String) throws(BuiltinError) {
        guard pattern.utf8.count <= Self.greatestPattern else {
            throw .failure("a regular expression has over \(Self.greatestPattern) bytes")
        }
        var translator = RE2Translator(pattern)
        let translated = try translator.translate()
        do {
            expression = try Matching.Expression(translated, options: .utf8)
        } catch {
            throw .failure("error parsing regexp: \(error.cause ?? error.message): `\(pattern)`")
        }
        groupNames = RE2Translator.groupNames(of: pattern)
    }

    /// Compiled once and kept for other queries, as long as there are not too many.
    static func of(_ pattern: String) throws(BuiltinError) -> RegularExpression {
        // Not by `String`, to which two spellings of "é" are one.
        let key = RegoString(pattern)
        if let found = known.withLock({ $0[key] }) { return found }
        let made = try RegularExpression(pattern)
        known.withLock { known in
            if known.count >= greatestKnown { known.removeAll() }
            known[key] = made
        }
        return made
    }

    func matches(_ text: RegoString, _ context: BuiltinContext) throws(BuiltinError) -> Bool {
        try context.charge(steps: text.utf8Count / 16 + 4)
        let outcome = text.withUTF8 { expression.firstMatch(in: UnsafeRawBufferPointer($0)) }
        switch outcome {
        case .match: return true
        case .noMatch: return false
        case .limit: throw Self.tooMuchWork
        }
    }

    private static let tooMuchWork = BuiltinError.exhausted("matching a regular expression takes too much work")

    /// Matches from left to right; none is empty right after another.
    func all(
        _ text: [UInt8], limit: Int = .max, _ context: BuiltinContext
    ) throws(BuiltinError) -> [Matching.Expression.Captures] {
        var found: [Matching.Expression.Captures] = []
        var at = 0
        var lastEnd = -1
        while at <= text.count, found.count < limit {
            try context.charge(steps: 4)
            let captures: Matching.Expression.Captures
            switch expression.firstMatch(in: text, range: at..<text.count) {
            case .match(let match): captures = match
            case .noMatch: return found
            case .limit: throw Self.tooMuchWork
            }
            let range = captures.range
            try context.charge(steps: (range.upperBound - at) / 16)
            if !range.isEmpty || range.lowerBound != lastEnd { found.append(captures) }
            lastEnd = range.upperBound
            at = range.upperBound
            if range.isEmpty {
                at += 1
                while at < text.count, text[at] & 0xC0 == 0x80 { at += 1 }
            }
        }
        return found
    }
}
