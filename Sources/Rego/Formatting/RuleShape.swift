/// The parts of a rule or of one of its `else` branches, as ranges of tokens.
struct RuleShape {
    enum Body {
        case none
        case braced(Int, Int)
        /// An expression without braces after `if`.
        case bare(Range<Int>)
    }

    /// From the first word to the value.
    var head: Range<Int>
    /// After a name: `.x` or `[x]`, by their first tokens.
    var steps: [Int] = []
    var hasArguments = false
    var hasElement = false
    var isDefault = false
    var isElse: Bool
    /// The `=` or `:=` before the value.
    var assignment: Int?
    var ifKeyword: Int?
    var body = Body.none
    /// The first token after the head, but for what other bodies of the same head take up.
    var bodyStart: Int
    var end: Int

    init(at start: Int, upTo limit: Int, _ stream: TokenStream) {
        let items = stream.items
        isElse = items[start].isKeyword("else")
        let stop =
            stream.first(in: start + 1..<limit) {
                $0.isKeyword("if") || $0.isKeyword("else") || $0.role == .bodyBrace
            } ?? limit
        head = start..<stop
        (bodyStart, end) = (stop, stop)
        isDefault = items[start].isKeyword("default")
        assignment = stream.first(in: head) { $0.role == .assignment }
        hasElement = stream.first(in: head) { $0.isKeyword("contains") } != nil
        readBody(limit, stream)
        if !isElse { readName(stream) }
    }

    private mutating func readName(_ stream: TokenStream) {
        let items = stream.items
        var at = head.lowerBound + (isDefault ? 2 : 1)
        while at < head.upperBound {
            if items[at].role == .index, let match = items[at].match {
                steps.append(at)
                at = match + 1
            } else if items[at].symbol == .dot {
                steps.append(at)
                at += 2
            } else {
                break
            }
        }
        hasArguments = at < head.upperBound && items[at].role == .call
    }

    private mutating func readBody(_ limit: Int, _ stream: TokenStream) {
        var at = end
        if at < limit, stream.items[at].isKeyword("if") {
            ifKeyword = at
            at += 1
        }
        guard at < limit else { return }
        if stream.items[at].role == .bodyBrace, let match = stream.items[at].match {
            body = .braced(at, match)
            end = match + 1
        } else if ifKeyword != nil {
            end = stream.first(in: at..<limit) { $0.isKeyword("else") } ?? limit
            body = .bare(at..<end)
        }
    }

    /// As Rego had it before `contains`: `p[x]`.
    func isOldSet(_ style: Printer.Style) -> Bool {
        !style.isV1 && !isElse && steps.count == 1 && !hasArguments && !hasElement && !isDefault && assignment == nil
            && ifKeyword == nil
    }

    /// The value's tokens after the assignment.
    var value: Range<Int>? { assignment.map { $0 + 1..<head.upperBound } }

    func literals(_ stream: TokenStream) -> [Range<Int>] {
        switch body {
        case .none: []
        case .braced(let start, let end): stream.literals(start + 1..<end)
        case .bare(let range): [range]
        }
    }
}
