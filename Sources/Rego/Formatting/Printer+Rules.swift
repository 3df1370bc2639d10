extension Printer {
    /// Writes a rule with its branches. Further bodies in braces, as Rego v0 had them, become rules of their own.
    mutating func rule(_ range: Range<Int>) {
        let first = RuleShape(at: range.lowerBound, upTo: range.upperBound, stream)
        var hasBraces = clause(first, first, isLast: first.end == range.upperBound)
        var previous = first
        while previous.end < range.upperBound {
            var next = RuleShape(at: previous.end, upTo: range.upperBound, stream)
            if next.isElse {
                startElse(previous, hasBraces: hasBraces)
                hasBraces = clause(next, next, isLast: next.end == range.upperBound)
            } else {
                guard let match = items[previous.end].match else { return }
                next = first
                next.body = .braced(previous.end, match)
                (next.bodyStart, next.end) = (previous.end, match + 1)
                guard output.count <= mostBytes else { return }
                startChained(previous.end)
                hasBraces = clause(next, first, isLast: true)
            }
            previous = next
        }
    }

    private mutating func startElse(_ previous: RuleShape, hasBraces: Bool) {
        let at = previous.end
        let isInline = items[at].row == items[at - 1].endRow && items[at].row > items[previous.head.lowerBound].row
        if isInline, hasBraces, !hasComments(at) { write(" ") } else { breakLine(before: at, blank: true) }
    }

    private mutating func startChained(_ at: Int) {
        // A comment on the brace's line goes with the new rule, one on the line before it with the old one.
        breakLine(before: at, blank: true)
    }

    /// Writes a head and its body; says whether that ends in a brace.
    private mutating func clause(_ shape: RuleShape, _ rule: RuleShape, isLast: Bool) -> Bool {
        let isSet = rule.isOldSet(style)
        let drops = dropsBody(shape, rule, isSet: isSet, isLast: isLast)
        head(shape, isSet: isSet, dropsBody: drops)
        if case .none = shape.body { return false }
        if drops {
            for at in shape.bodyStart..<shape.end { skip(at) }
            return false
        }
        return body(shape, usesIf: style.usesIf && (!isSet || style.usesContains))
    }

    // MARK: Heads

    private mutating func head(_ shape: RuleShape, isSet: Bool, dropsBody: Bool) {
        keptBracket = shape.steps.count == 1 ? shape.steps[0] : nil
        if isSet, style.usesContains, let step = shape.steps.first {
            element(shape, step)
        } else if dropsTrue(shape, dropsBody: dropsBody), let assignment = shape.assignment {
            inline(shape.head.lowerBound..<assignment)
        } else {
            inline(shape.head)
        }
        keptBracket = nil
        if needsTrue(shape, isSet: isSet, dropsBody: dropsBody) { write(" := true") }
    }

    /// `p[x]` as `p contains x`, `p.x` as `p contains "x"`.
    private mutating func element(_ shape: RuleShape, _ step: Int) {
        inline(shape.head.lowerBound..<step)
        write(" contains ")
        skip(step)
        if let end = items[step].match {
            inline(step + 1..<end)
            skip(end)
        } else {
            skip(step + 1)
            write("\"")
            write(items[step + 1].text)
            write("\"")
        }
    }

    /// `= true` before a body says nothing.
    private func dropsTrue(_ shape: RuleShape, dropsBody: Bool) -> Bool {
        guard let value = shape.value, !dropsBody, !shape.isDefault, value.count == 1,
            items[value.lowerBound].isWord("true"), !shape.steps.contains(where: { items[$0].role == .index })
        else { return false }
        if case .none = shape.body { return false }
        return !stream.hasComments([value.lowerBound - 1, value.lowerBound])
    }

    private func needsTrue(_ shape: RuleShape, isSet: Bool, dropsBody: Bool) -> Bool {
        guard shape.assignment == nil, !shape.hasElement, !shape.hasArguments, !isSet else { return false }
        if case .none = shape.body { return style.upgrades && !shape.isElse }
        return dropsBody
    }

    /// A body that says no more than `true` is left out where that leaves a rule.
    private func dropsBody(_ shape: RuleShape, _ rule: RuleShape, isSet: Bool, isLast: Bool) -> Bool {
        let literals = shape.literals(stream)
        guard isLast, literals.count == 1, literals[0].count == 1, items[literals[0].lowerBound].isWord("true") else {
            return false
        }
        let hasComments = stream.hasComments(Array(shape.bodyStart..<shape.end))
        let hasValue = shape.assignment != nil || shape.hasElement || isSet
        return !hasComments && (hasValue || style.usesIf || rule.hasArguments)
    }

    // MARK: Bodies

    /// Says whether the body ends in a brace.
    private mutating func body(_ shape: RuleShape, usesIf: Bool) -> Bool {
        let isShort = usesIf && fitsOneLine(shape)
        if let word = shape.ifKeyword { skip(word) }
        if usesIf { write(" if") }
        switch shape.body {
        case .none: return false
        case .bare(let range):
            if isShort {
                write(" ")
                inline(range)
            } else {
                bracedBody(range)
            }
        case .braced(let start, let end):
            skip(start)
            if isShort {
                write(" ")
                inline(start + 1..<end)
                skip(end)
            } else {
                write(" ")
                body(start, end, isOpen: true)
            }
        }
        return !isShort
    }

    private mutating func bracedBody(_ range: Range<Int>) {
        write(" {")
        level += 1
        breakLine(before: range.lowerBound)
        inline(range)
        writeTrailingComment(range.upperBound)
        level -= 1
        endLine()
        write("}")
    }

    /// Whether an expression is a set and nothing else, which looks like a body.
    private func isSet(_ literal: Range<Int>) -> Bool {
        guard items[literal.lowerBound].symbol == .leftBrace, let end = items[literal.lowerBound].match,
            end == literal.upperBound - 1, end > literal.lowerBound + 1
        else { return false }
        let inner = literal.lowerBound + 1..<end
        return stream.first(in: inner) { $0.symbol == .colon || $0.role == .bar } == nil
    }

    /// Whether a body is one expression that starts on the line where the head ends.
    func fitsOneLine(_ shape: RuleShape) -> Bool {
        let literals = shape.literals(stream)
        guard literals.count == 1, items[literals[0].lowerBound].row == items[shape.head.upperBound - 1].endRow else {
            return false
        }
        let start = literals[0].lowerBound
        var outer = Array(shape.bodyStart...start)
        if case .braced(_, let end) = shape.body {
            // Without the braces around it, what starts with a brace would itself be taken for a body.
            if items[start].symbol == .leftBrace { return false }
            outer.append(end)
        } else if isSet(literals[0]) {
            return false
        }
        return !stream.hasComments(outer)
    }
}
