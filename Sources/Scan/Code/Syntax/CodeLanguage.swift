/// The languages whose code is looked at, by the endings of their files.
package enum CodeLanguage: String, Sendable, Hashable, CaseIterable {
    case python, javaScript, go, swift

    package init?(path: String) {
        guard let dot = path.lastIndex(of: "."), path.distance(from: dot, to: path.endIndex) <= 6 else { return nil }
        switch path[path.index(after: dot)...] {
        case "py", "pyw": self = .python
        case "js", "mjs", "cjs", "jsx", "ts", "tsx", "mts", "cts": self = .javaScript
        case "go": self = .go
        case "swift": self = .swift
        default: return nil
        }
    }

    var isBraced: Bool { self != .python }
}

/// A piece of code: comments and white space are gone, texts are whole.
struct CodeToken: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case word(String)
        case number
        /// A text with what is computed within it.
        case text([Part])
        case symbol(String)
        /// The end of a line outside of brackets, with how far the next one is indented.
        case newline(indent: Int)
    }

    /// Of a text: characters as they are spelled, or code whose value stands there.
    enum Part: Sendable, Equatable {
        case literal(String)
        case code([CodeToken])
    }

    var kind: Kind
    /// Bytes of the file.
    var range: Range<Int>

    func isSymbol(_ text: String) -> Bool {
        if case .symbol(let symbol) = kind { return symbol == text }
        return false
    }

    func isWord(_ text: String) -> Bool {
        if case .word(let word) = kind { return word == text }
        return false
    }

    var word: String? {
        if case .word(let word) = kind { return word }
        return nil
    }

    var symbol: String? {
        if case .symbol(let symbol) = kind { return symbol }
        return nil
    }

    var isNewline: Bool {
        if case .newline = kind { return true }
        return false
    }
}
