/// `regex.globs_match`: whether some text matches both of two simple patterns, made of characters, `.` and `[…]`,
/// with `*` and `+`.
enum GlobIntersection {
    private struct Token {
        var characters: Set<Unicode.Scalar>
        /// Any character, and `characters` do not count.
        var isAny = false
        var isRepeated = false
        /// Whether it may be absent (`*`).
        var isOptional = false

        func overlaps(_ other: Token) -> Bool {
            if isAny { return other.isAny || !other.characters.isEmpty }
            return other.isAny ? !characters.isEmpty : !characters.isDisjoint(with: other.characters)
        }
    }

    static func run(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let left = try tokens(try arguments.text(0), context)
        let right = try tokens(try arguments.text(1), context)
        return .bool(try intersect(left, right, context))
    }

    /// Walks both patterns at once; a state is a place in each.
    private static func intersect(
        _ left: [Token], _ right: [Token], _ context: BuiltinContext
    ) throws(BuiltinError) -> Bool {
        let width = right.count + 1
        try context.charge(steps: Size.product(left.count + 1, width))
        var seen = [Bool](repeating: false, count: (left.count + 1) * width)
        var waiting = [(0, 0)]
        func add(_ i: Int, _ j: Int) {
            guard !seen[i * width + j] else { return }
            seen[i * width + j] = true
            waiting.append((i, j))
        }
        while let (i, j) = waiting.popLast() {
            if i == left.count, j == right.count { return true }
            if i < left.count, left[i].isOptional { add(i + 1, j) }
            if j < right.count, right[j].isOptional { add(i, j + 1) }
            guard i < left.count, j < right.count, left[i].overlaps(right[j]) else { continue }
            add(i + 1, j + 1)
            if left[i].isRepeated { add(i, j + 1) }
            if right[j].isRepeated { add(i + 1, j) }
        }
        return false
    }

    private static func tokens(_ text: String, _ context: BuiltinContext) throws(BuiltinError) -> [Token] {
        let input = Array(text.unicodeScalars)
        try context.charge(steps: input.count)
        var tokens: [Token] = []
        var at = 0
        while at < input.count {
            switch input[at] {
            case "\\":
                at += 1
                guard at < input.count else { throw error(text, at, "there is nothing after the escape '\\'") }
                tokens.append(Token(characters: [input[at]]))
            case ".": tokens.append(Token(characters: [], isAny: true))
            case "[": tokens.append(Token(characters: try set(input, &at, text, context)))
            case "]": throw error(text, at + 1, "set-close ']' with no preceding '['")
            case "*", "+":
                guard let last = tokens.indices.last, !tokens[last].isRepeated else {
                    throw error(text, at + 1, "flag '\(input[at])' must be preceded by a non-flag")
                }
                tokens[last].isRepeated = true
                tokens[last].isOptional = input[at] == "*"
            default: tokens.append(Token(characters: [input[at]]))
            }
            at += 1
        }
        // `+` is one and then any number more.
        return tokens.flatMap { token in
            guard token.isRepeated, !token.isOptional else { return [token] }
            var (one, more) = (token, token)
            one.isRepeated = false
            more.isOptional = true
            return [one, more]
        }
    }

    private static func set(
        _ input: [Unicode.Scalar], _ at: inout Int, _ text: String, _ context: BuiltinContext
    ) throws(BuiltinError) -> Set<Unicode.Scalar> {
        var characters: Set<Unicode.Scalar> = []
        at += 1
        while at < input.count, input[at] != "]" {
            if input[at] == "\\" { at += 1 }
            guard at < input.count else { break }
            let low = input[at]
            if at + 2 < input.count, input[at + 1] == "-", input[at + 2] != "]" {
                at += input[at + 2] == "\\" && at + 3 < input.count ? 3 : 2
                let high = input[at]
                guard low <= high else { throw error(text, at, "range '\(low)-\(high)' is out of order") }
                try context.charge(steps: Int(high.value - low.value) + 1)
                for value in low.value...high.value {
                    if let scalar = Unicode.Scalar(value) { characters.insert(scalar) }
                }
            } else {
                characters.insert(low)
            }
            at += 1
        }
        guard at < input.count else { throw error(text, at, "set-open '[' with no following ']'") }
        return characters
    }

    private static func error(_ text: String, _ place: Int, _ words: String) -> BuiltinError {
        .failure("input:\(text), pos:\(place), \(words): the input provided is invalid")
    }
}
