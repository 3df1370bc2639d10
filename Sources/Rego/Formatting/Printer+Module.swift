extension Printer {
    /// Writes all statements and what follows the last one.
    mutating func module() -> [UInt8] {
        let end = items.count - 1
        let statements = stream.parts(0..<end) { $0.startsStatement }
        var at = 0
        var importsBefore = 0
        while at < statements.count {
            let word = items[statements[at].lowerBound]
            if word.isKeyword("import") {
                let count = statements[at...].prefix { items[$0.lowerBound].isKeyword("import") }.count
                importBlock(Array(statements[at..<at + count]), Array(imports[importsBefore..<importsBefore + count]))
                importsBefore += count
                at += count
                continue
            }
            let isGrouped = at > 0 && isGrouped(statements[at - 1], statements[at])
            breakLine(before: statements[at].lowerBound, blank: !isGrouped)
            if word.isKeyword("package") { inline(statements[at]) } else { rule(statements[at]) }
            at += 1
        }
        breakLine(before: end, blank: true)
        return finish()
    }

    // MARK: Rules in groups

    /// Rules of one line right below each other stay so.
    private func isGrouped(_ first: Range<Int>, _ second: Range<Int>) -> Bool {
        items[second.lowerBound].row == items[first.lowerBound].row + 1 && isGroupable(first) && isGroupable(second)
    }

    private func isGroupable(_ statement: Range<Int>) -> Bool {
        let word = items[statement.lowerBound]
        guard style.usesIf, !word.isKeyword("package"), !word.isKeyword("import"), !word.isKeyword("default") else {
            return false
        }
        let shape = RuleShape(at: statement.lowerBound, upTo: statement.upperBound, stream)
        return shape.end == statement.upperBound && (shape.literals(stream).isEmpty || fitsOneLine(shape))
            && (style.usesContains || !shape.isOldSet(style))
    }

    // MARK: Imports

    private typealias Import = (tokens: Range<Int>, item: Module.Import)

    /// Imports are sorted within the groups that empty lines make.
    private mutating func importBlock(_ statements: [Range<Int>], _ imports: [Module.Import]) {
        var group: [Import] = []
        for (tokens, item) in zip(statements, imports) {
            if let last = group.last, items[tokens.lowerBound].row > items[last.tokens.lowerBound].row + 1 {
                importGroup(group)
                group = []
            }
            group.append((tokens, item))
        }
        importGroup(group)
    }

    private mutating func importGroup(_ group: [Import]) {
        var kept: [Import] = []
        var trailing: [Int: TokenStream.Comment] = [:]
        for entry in group {
            if isDropped(entry.item) {
                drop(entry.tokens)
            } else {
                if kept.isEmpty { breakLine(before: entry.tokens.lowerBound, blank: true) }
                kept.append(entry)
                trailing[entry.tokens.lowerBound] = takeTrailingComment(entry.tokens.upperBound)
            }
        }
        for (number, entry) in kept.sorted(by: Self.isBefore).enumerated() {
            if number > 0 { endLine() }
            inline(entry.tokens)
            guard let comment = trailing[entry.tokens.lowerBound] else { continue }
            write(" ")
            write(comment.text)
        }
    }

    private static func isBefore(_ first: Import, _ second: Import) -> Bool {
        let (left, right) = (first.item, second.item)
        if left.path != right.path { return left.path.lexicographicallyPrecedes(right.path) }
        if left.alias != right.alias { return (left.alias ?? "") < (right.alias ?? "") }
        return first.tokens.lowerBound < second.tokens.lowerBound
    }

    private func isDropped(_ item: Module.Import) -> Bool {
        style.dropsKeywordImports && (item.path == ["rego", "v1"] || item.path.starts(with: ["future", "keywords"]))
    }

    /// Leaves a statement out; comments within and beside it stay, on lines of their own.
    private mutating func drop(_ tokens: Range<Int>) {
        for at in tokens { skip(at) }
        guard stream.comments[tokens.upperBound].first?.isTrailing == true else { return }
        stream.comments[tokens.upperBound][0].isTrailing = false
    }
}
