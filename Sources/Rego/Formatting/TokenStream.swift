/// A module's tokens as they are to be written, and the comments before each.
///
/// Separators and trailing commas that the layout decides upon are left out, as are parentheses without effect.
struct TokenStream {
    struct Item {
        var text: ArraySlice<UInt8>
        var symbol: Token.Symbol?
        var isString = false
        var role: TokenRecorder.Role
        var row: Int
        var endRow: Int
        /// The index of the bracket that closes this one.
        var match: Int?
        var startsStatement: Bool
        var startsLiteral: Bool

        var isTemplate: Bool { role == .templatePiece || role == .templateEnd }

        var isOpening: Bool {
            symbol == .leftParenthesis || symbol == .leftBracket || symbol == .leftBrace
        }

        var isClosing: Bool {
            symbol == .rightParenthesis || symbol == .rightBracket || symbol == .rightBrace
        }

        func isKeyword(_ word: StaticString) -> Bool { role == .keyword && isWord(word) }

        func isWord(_ word: StaticString) -> Bool {
            word.withUTF8Buffer { text.elementsEqual($0) }
        }
    }

    struct Comment {
        /// With `#`, without blanks at the end.
        var text: [UInt8]
        var row: Int
        /// Whether it stands on the line of the token before it.
        var isTrailing: Bool

        var startsMetadata: Bool {
            text.dropFirst().drop { $0 == 0x20 || $0 == 0x09 }.elementsEqual("METADATA".utf8)
        }
    }

    /// The last one is the end of the text.
    private(set) var items: [Item] = []
    /// The comments before each token.
    var comments: [[Comment]] = []

    init(_ entries: [TokenRecorder.Entry], comments found: [(place: SourcePlace, text: String)], _ source: SourceText) {
        var found = found[...]
        var carried: [Comment] = []
        var lastRow = 0
        for entry in entries {
            var item = Self.item(entry, source)
            var before = carried
            while let comment = found.first, comment.place.offset < entry.token.place.offset {
                before.append(Self.comment(comment, lastRow: lastRow, isFirst: before.isEmpty))
                found.removeFirst()
            }
            carried = []
            lastRow = item.endRow
            switch item.symbol {
            case .semicolon:
                carried = before
                continue
            case .comma:
                carried = before
                before = []
            default: dropComma(before: item)
            }
            item.match = nil
            items.append(item)
            comments.append(before)
        }
        matchBrackets()
        dropParentheses()
    }

    private static func item(_ entry: TokenRecorder.Entry, _ source: SourceText) -> Item {
        let token = entry.token
        let text = source.bytes[Int(token.place.offset)..<max(token.end, Int(token.place.offset))]
        let lines = text.count { $0 == UInt8(ascii: "\n") }
        var item = Item(
            text: text, role: entry.role, row: Int(token.place.row), endRow: Int(token.place.row) + lines,
            startsStatement: entry.startsStatement, startsLiteral: entry.startsLiteral)
        if case .symbol(let symbol) = token.kind, !item.isTemplate { item.symbol = symbol }
        if case .string = token.kind { item.isString = true }
        return item
    }

    private static func comment(
        _ comment: (place: SourcePlace, text: String), lastRow: Int, isFirst: Bool
    ) -> Comment {
        var text = [UInt8(ascii: "#")] + Array(comment.text.utf8)
        while let last = text.last, last == 0x20 || (0x09...0x0D).contains(last) { text.removeLast() }
        let row = Int(comment.place.row)
        return Comment(text: text, row: row, isTrailing: isFirst && row == lastRow)
    }

    private mutating func dropComma(before item: Item) {
        guard item.isClosing, items.last?.symbol == .comma else { return }
        items.removeLast()
        comments.removeLast()
    }

    // MARK: Brackets

    private mutating func matchBrackets() {
        var open: [Int] = []
        for at in items.indices {
            items[at].match = nil
            if items[at].isOpening {
                open.append(at)
            } else if items[at].isClosing, let start = open.popLast() {
                items[start].match = at
            }
        }
    }

    /// Leaves out parentheses around parentheses and around terms without operators.
    private mutating func dropParentheses() {
        var dropped: Set<Int> = []
        for at in items.indices {
            guard items[at].symbol == .leftParenthesis, items[at].role == .plain, let end = items[at].match,
                comments[at + 1].isEmpty, comments[end].isEmpty, isIdle(at, end)
            else { continue }
            dropped.insert(at)
            dropped.insert(end)
        }
        guard !dropped.isEmpty else { return }
        for at in dropped {
            // What they started, starts with what is in them.
            guard items[at].match != nil else { continue }
            var inner = at + 1
            while dropped.contains(inner) { inner += 1 }
            items[inner].startsLiteral = items[inner].startsLiteral || items[at].startsLiteral
            comments[inner] = comments[at] + comments[inner]
        }
        items = items.indices.filter { !dropped.contains($0) }.map { items[$0] }
        comments = comments.indices.filter { !dropped.contains($0) }.map { comments[$0] }
        matchBrackets()
    }

    private func isIdle(_ start: Int, _ end: Int) -> Bool {
        let inner = start + 1
        if items[inner].symbol == .leftParenthesis, items[inner].role == .plain, items[inner].match == end - 1 {
            return true
        }
        let isFollowed = items[end + 1].symbol == .dot || [.index, .call].contains(items[end + 1].role)
        guard !isFollowed, items[inner].symbol != .leftBrace else { return false }
        return indices(inner..<end).allSatisfy { at in
            let item = items[at]
            if item.isTemplate || item.role == .keyword { return false }
            return item.symbol == nil || item.symbol == .dot || item.isOpening || item.role == .sign
        }
    }

    // MARK: Reading

    /// Tokens of a range that are in no brackets within it; of brackets, the opening one.
    func indices(_ range: Range<Int>) -> [Int] {
        var indices: [Int] = []
        var at = range.lowerBound
        while at < range.upperBound {
            indices.append(at)
            at = (items[at].match ?? at) + 1
        }
        return indices
    }

    func first(in range: Range<Int>, where matches: (Item) -> Bool) -> Int? {
        var at = range.lowerBound
        while at < range.upperBound {
            if matches(items[at]) { return at }
            at = (items[at].match ?? at) + 1
        }
        return nil
    }

    /// The parts of a range between tokens that start one; empty for an empty range.
    func parts(_ range: Range<Int>, startingWhere starts: (Item) -> Bool) -> [Range<Int>] {
        guard !range.isEmpty else { return [] }
        let inner = indices(range).dropFirst().filter { starts(items[$0]) }
        let bounds = [range.lowerBound] + inner + [range.upperBound]
        return zip(bounds, bounds.dropFirst()).map { $0..<$1 }
    }

    func literals(_ range: Range<Int>) -> [Range<Int>] { parts(range) { $0.startsLiteral } }

    /// What commas part, without them.
    func elements(_ range: Range<Int>) -> [Range<Int>] {
        parts(range) { $0.symbol == .comma }.map { part in
            items[part.lowerBound].symbol == .comma ? part.lowerBound + 1..<part.upperBound : part
        }
    }

    /// Whether comments stand before any of the tokens, not counting those within brackets.
    func hasComments(_ indices: [Int]) -> Bool { indices.contains { !comments[$0].isEmpty } }
}
