extension Printer {
    /// Writes tokens on one line, but for line breaks in brackets, before `with`, and after comments.
    mutating func inline(_ range: Range<Int>) {
        let outer = level
        let isDeclaration = range.first.map { items[$0].isKeyword("some") } ?? false
        var at = range.lowerBound
        while at < range.upperBound {
            let isFirst = at == range.lowerBound
            let isInTemplate = items[at].isTemplate && items[at].text.first != UInt8(ascii: "$")
            if hasComments(at) || !isFirst && breaks(before: at, isDeclaration: isDeclaration) {
                level = max(level, outer + 1)
                breakLine(before: at)
            } else if !isFirst, needsSpace(before: at) {
                write(" ")
            }
            // What stands in a template is one level deeper than the template.
            if items[at].role == .templatePiece, !isInTemplate { level += 1 }
            if items[at].role == .templateEnd, isInTemplate { level -= 1 }
            at = piece(at)
        }
        level = outer
    }

    private func breaks(before at: Int, isDeclaration: Bool) -> Bool {
        guard items[at].row > items[at - 1].endRow else { return false }
        return items[at].isKeyword("with") || isDeclaration && items[at - 1].symbol == .comma
    }

    /// Whether a blank stands between a token and the one before it.
    private func needsSpace(before at: Int) -> Bool {
        let (left, right) = (items[at - 1], items[at])
        if left.isOpening || left.symbol == .dot || left.role == .sign || left.role == .templatePiece { return false }
        switch right.symbol {
        case .comma, .colon, .dot, .rightParenthesis, .rightBracket, .rightBrace: return false
        default: break
        }
        if right.isTemplate { return right.text.first == UInt8(ascii: "$") }
        return right.role != .call && right.role != .index
    }

    /// Writes a token, or brackets with what is in them; gives the index of what follows.
    private mutating func piece(_ at: Int) -> Int {
        let item = items[at]
        guard let end = item.match else {
            if item.role == .assignment, style.isV1 || style.upgrades { write(":=") } else { write(item.text) }
            return at + 1
        }
        let inner = at + 1..<end
        if item.role == .bodyBrace {
            body(at, end, isOpen: isSpread(stream.literals(inner), after: at, end: end))
        } else if item.role == .index, let name = plainName(inner), at != keptBracket {
            write(".")
            write(name)
        } else if item.role == .index || item.symbol == .leftParenthesis && item.role != .call {
            enclosed(at, end)
        } else if let bar = stream.first(in: inner, where: { $0.role == .bar }) {
            comprehension(at, bar, end)
        } else {
            list(at, end)
        }
        return end + 1
    }

    /// The name in a bracket that can as well follow a dot.
    private func plainName(_ range: Range<Int>) -> ArraySlice<UInt8>? {
        guard range.count == 1, items[range.lowerBound].isString, !hasComments(range.lowerBound),
            !hasComments(range.upperBound)
        else { return nil }
        let name = items[range.lowerBound].text.dropFirst().dropLast()
        guard let first = name.first, first < UInt8(ascii: "0") || first > UInt8(ascii: "9"),
            name.allSatisfy(Self.isWord)
        else { return nil }
        let word = String(decoding: name, as: UTF8.self)
        return Parser.reserved.contains(word) || Parser.laterKeywords.contains(word) ? nil : name
    }

    static func isWord(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
            || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private mutating func enclosed(_ start: Int, _ end: Int) {
        write(items[start].text)
        inline(start + 1..<end)
        if hasComments(end) { breakLine(before: end, isClosing: true) }
        write(items[end].text)
    }

    // MARK: Collections

    /// Elements of a collection or arguments: in the lines in which they were, each row of its own if there are many.
    private mutating func list(_ start: Int, _ end: Int) {
        let elements = stream.elements(start + 1..<end)
        let starts = elements.map(\.lowerBound)
        let isOpen = items[starts.first ?? start].row > items[start].endRow
        let isSplit = zip(starts, starts.dropFirst()).contains { items[$1].row > items[$0].row }
        write(items[start].text)
        if isOpen || isSplit || hasComments(end) || stream.hasComments(starts) {
            lines(elements, end)
        } else {
            for (number, element) in elements.enumerated() {
                if number > 0 { write(", ") }
                inline(element)
            }
        }
        write(items[end].text)
    }

    private mutating func lines(_ elements: [Range<Int>], _ end: Int) {
        level += 1
        var row: Int?
        for element in elements {
            let current = items[element.lowerBound].row
            if let row {
                write(current > row || hasComments(element.lowerBound) ? "," : ", ")
            }
            if row.map({ current > $0 }) ?? true || hasComments(element.lowerBound) {
                breakLine(before: element.lowerBound)
            }
            inline(element)
            row = current
        }
        level -= 1
        if !elements.isEmpty { write(",") }
        breakLine(before: end, isClosing: true)
    }

    private mutating func comprehension(_ start: Int, _ bar: Int, _ end: Int) {
        let term = start + 1..<bar
        let isObject = stream.first(in: term, where: { $0.symbol == .colon }) != nil
        let isApart = items[term.lowerBound].row > items[start].row
        write(items[start].text)
        if hasComments(term.lowerBound) || isApart && !isObject { breakLine(before: term.lowerBound) }
        inline(term)
        let literals = stream.literals(bar + 1..<end)
        let isOpen =
            hasComments(bar) || isObject && isApart || isSpread(literals, after: term.lowerBound, end: end)
        skip(bar)
        write(" |")
        lines(of: literals, end, isOpen: isOpen, isPadded: false)
        write(items[end].text)
    }

    // MARK: Bodies

    /// Whether expressions need lines of their own: they had them, or comments stand between.
    private func isSpread(_ literals: [Range<Int>], after start: Int, end: Int) -> Bool {
        let starts = [start] + literals.map(\.lowerBound)
        return zip(starts, starts.dropFirst()).contains { items[$1].row > items[$0].row }
            || stream.hasComments(Array(starts.dropFirst())) || hasComments(end)
    }

    mutating func body(_ start: Int, _ end: Int, isOpen: Bool) {
        write(items[start].text)
        lines(of: stream.literals(start + 1..<end), end, isOpen: isOpen, isPadded: true)
        write(items[end].text)
    }

    private mutating func lines(of literals: [Range<Int>], _ end: Int, isOpen: Bool, isPadded: Bool) {
        if isOpen {
            level += 1
            for (number, literal) in literals.enumerated() {
                let isApart =
                    number > 0 && items[literal.lowerBound].row > items[literals[number - 1].upperBound - 1].endRow + 1
                breakLine(before: literal.lowerBound, blank: isApart)
                inline(literal)
            }
            level -= 1
            breakLine(before: end, isClosing: true)
        } else {
            for (number, literal) in literals.enumerated() {
                write(number > 0 ? "; " : " ")
                inline(literal)
            }
            if isPadded { write(" ") }
        }
    }
}
