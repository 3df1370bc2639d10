/// Writes a module's tokens in the style of `opa fmt`.
struct Printer {
    var stream: TokenStream
    let imports: [Module.Import]
    let style: Style
    private(set) var output: [UInt8] = []
    var level = 0
    private var isAtLineStart = true
    /// Comments before tokens that are not written: they go before the next one that is.
    private var carried: [TokenStream.Comment] = []
    /// Where several bodies share a head, it is written as often: the text may grow, but not without end.
    let mostBytes: Int
    /// The bracket of a rule's name that stays as it is.
    var keptBracket: Int?

    struct Style {
        /// Whether the module was read by the rules of Rego v1.
        var isV1: Bool
        /// Whether it is to become a module of Rego v1 that was none.
        var upgrades: Bool
        var dropsKeywordImports: Bool
        var usesIf: Bool
        var usesContains: Bool
    }

    init(_ stream: TokenStream, imports: [Module.Import], style: Style, mostBytes: Int) {
        self.stream = stream
        self.imports = imports
        self.style = style
        self.mostBytes = mostBytes
    }

    var items: [TokenStream.Item] { stream.items }

    // MARK: Text

    mutating func write(_ text: some Sequence<UInt8>) {
        if isAtLineStart { output.append(contentsOf: repeatElement(UInt8(ascii: "\t"), count: level)) }
        isAtLineStart = false
        output.append(contentsOf: text)
    }

    mutating func write(_ text: StaticString) { text.withUTF8Buffer { write($0) } }

    mutating func endLine() {
        output.append(UInt8(ascii: "\n"))
        isAtLineStart = true
    }

    /// One empty line at most, none at the start.
    private mutating func blankLine() {
        guard output.count > 1, output[output.count - 2] != UInt8(ascii: "\n") else { return }
        output.append(UInt8(ascii: "\n"))
    }

    mutating func finish() -> [UInt8] {
        while output.last == UInt8(ascii: "\n") { output.removeLast() }
        return output + [UInt8(ascii: "\n")]
    }

    // MARK: Comments

    func hasComments(_ at: Int) -> Bool { !carried.isEmpty || !stream.comments[at].isEmpty }

    /// Leaves a token out, but not the comments before it.
    mutating func skip(_ at: Int) {
        carried += stream.comments[at]
        stream.comments[at] = []
    }

    private mutating func takeComments(_ at: Int) -> [TokenStream.Comment] {
        defer {
            carried = []
            stream.comments[at] = []
        }
        return carried + stream.comments[at]
    }

    /// The comment on the line of the token before this one.
    mutating func takeTrailingComment(_ at: Int) -> TokenStream.Comment? {
        guard carried.isEmpty, let first = stream.comments[at].first, first.isTrailing else { return nil }
        return stream.comments[at].removeFirst()
    }

    mutating func writeTrailingComment(_ at: Int) {
        guard let comment = takeTrailingComment(at) else { return }
        write(" ")
        write(comment.text)
    }

    /// Starts a new line for a token, with the comments before it.
    ///
    /// - Parameter blank: Whether an empty line comes first.
    /// - Parameter isClosing: For a bracket; comments before it stand one level deeper.
    mutating func breakLine(before at: Int, blank: Bool = false, isClosing: Bool = false) {
        var comments = takeComments(at)[...]
        if !output.isEmpty {
            if let first = comments.first, first.isTrailing, !isAtLineStart {
                write(" ")
                write(first.text)
                comments.removeFirst()
            }
            if !isAtLineStart { endLine() }
            if blank { blankLine() }
        }
        if isClosing { level += 1 }
        write(comments)
        if isClosing { level -= 1 }
        if let last = comments.last, items[at].row > last.row + 1, !isClosing { blankLine() }
    }

    private mutating func write(_ comments: ArraySlice<TokenStream.Comment>) {
        var row: Int?
        var isInMetadata = false
        for comment in comments {
            if let row, comment.row > row + 1 {
                blankLine()
                isInMetadata = false
            } else if isInMetadata, comment.startsMetadata {
                blankLine()
            }
            isInMetadata = isInMetadata || comment.startsMetadata
            write(comment.text)
            endLine()
            row = comment.row
        }
    }
}
