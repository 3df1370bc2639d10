/// A piece of a template as it is read, before directives are paired.
struct TemplatePiece {
    enum Kind {
        /// Of a heredoc: no more than one line.
        case literal(String)
        case interpolation(HCLExpression)
        case condition(HCLExpression)
        case loop(keyName: String?, valueName: String, HCLExpression)
        case otherwise, endCondition, endLoop
    }

    var kind: Kind
    var place: HCLPlace
    /// `~`: white space of the text before or after goes, up to and with one end of line.
    var stripsBefore = false
    var stripsAfter = false

    init(_ kind: Kind, at place: HCLPlace) {
        self.kind = kind
        self.place = place
    }

    static func literal(_ text: String) -> TemplatePiece { TemplatePiece(.literal(text), at: HCLPlace()) }

    var height: Int {
        switch kind {
        case .interpolation(let expression), .condition(let expression), .loop(_, _, let expression):
            expression.height
        default: 1
        }
    }
}

/// White space in templates.
enum TemplateShape {
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }

    /// Takes as much white space from the start of every line as the line with the least has. Lines of nothing but
    /// white space do not count.
    static func dedent(_ pieces: inout [TemplatePiece]) {
        var least = Int.max
        var starts: [Int] = []
        var isStart = true
        for (index, piece) in pieces.enumerated() {
            let wasStart = isStart
            isStart = false
            guard case .literal(let text) = piece.kind else {
                if wasStart { least = 0 }
                continue
            }
            isStart = text.utf8.last == 0x0A
            guard wasStart else { continue }
            let spaces = text.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count
            if text.utf8.allSatisfy(isSpace), isStart { continue }
            least = min(least, spaces)
            starts.append(index)
        }
        for index in starts {
            guard case .literal(let text) = pieces[index].kind else { continue }
            pieces[index].kind = .literal(String(decoding: text.utf8.dropFirst(least), as: UTF8.self))
        }
    }

    static func stripped(_ pieces: [TemplatePiece]) -> [TemplatePiece] {
        var out = pieces
        for (index, piece) in pieces.enumerated() {
            if piece.stripsBefore { strip(&out, from: index - 1, by: -1) }
            if piece.stripsAfter { strip(&out, from: index + 1, by: 1) }
        }
        return out
    }

    /// Strips neighbouring literals until one holds more than white space or a line has ended.
    private static func strip(_ pieces: inout [TemplatePiece], from: Int, by step: Int) {
        var index = from
        while pieces.indices.contains(index), case .literal(let text) = pieces[index].kind {
            var bytes = Array(text.utf8)
            var sawLine = false
            while let byte = step < 0 ? bytes.last : bytes.first, isSpace(byte) {
                if step < 0 { bytes.removeLast() } else { bytes.removeFirst() }
                if byte == 0x0A { sawLine = true }
                if sawLine, step > 0 { break }
            }
            pieces[index].kind = .literal(String(decoding: bytes, as: UTF8.self))
            if sawLine || !bytes.isEmpty { return }
            index += step
        }
    }
}

/// Pairs directives with their ends.
struct TemplateBuilder {
    private let pieces: [TemplatePiece]
    private var at = 0
    private var open = 0
    /// Directives within each other.
    private(set) var depth = 0

    init(_ pieces: [TemplatePiece]) { self.pieces = pieces }

    mutating func build() throws(HCLProblem) -> [HCLTemplate.Part] {
        let parts = try sequence()
        guard at == pieces.count else {
            throw HCLProblem("the directive ends nothing that was begun", at: pieces[at].place)
        }
        return parts
    }

    private mutating func sequence() throws(HCLProblem) -> [HCLTemplate.Part] {
        var parts: [HCLTemplate.Part] = []
        while at < pieces.count {
            let piece = pieces[at]
            switch piece.kind {
            case .literal(let text):
                at += 1
                append(text, to: &parts)
            case .interpolation(let expression):
                at += 1
                parts.append(.interpolation(expression))
            case .condition(let condition): parts.append(try conditional(condition, piece.place))
            case .loop(let keyName, let valueName, let collection):
                let body = try inside(piece.place)
                guard at < pieces.count, case .endLoop = pieces[at].kind else { throw unended("for", piece.place) }
                at += 1
                parts.append(.loop(keyName: keyName, valueName: valueName, collection, body))
            case .otherwise, .endCondition, .endLoop: return parts
            }
        }
        return parts
    }

    private func append(_ text: String, to parts: inout [HCLTemplate.Part]) {
        if case .literal(let before)? = parts.last {
            parts[parts.count - 1] = .literal(before + text)
        } else if !text.isEmpty {
            parts.append(.literal(text))
        }
    }

    private mutating func conditional(
        _ condition: HCLExpression, _ place: HCLPlace
    ) throws(HCLProblem) -> HCLTemplate.Part {
        let then = try inside(place)
        var otherwise: [HCLTemplate.Part] = []
        if at < pieces.count, case .otherwise = pieces[at].kind { otherwise = try inside(place) }
        guard at < pieces.count, case .endCondition = pieces[at].kind else { throw unended("if", place) }
        at += 1
        return .conditional(condition, then: then, otherwise: otherwise)
    }

    private mutating func inside(_ place: HCLPlace) throws(HCLProblem) -> [HCLTemplate.Part] {
        at += 1
        open += 1
        defer { open -= 1 }
        depth = max(depth, open)
        guard open <= 32 else { throw HCLProblem("directives are nested more than 32 levels deep", at: place) }
        return try sequence()
    }

    private func unended(_ name: String, _ place: HCLPlace) -> HCLProblem {
        HCLProblem("the directive %{ \(name) } has no end", at: place, hint: "close it with %{ end\(name) }")
    }
}
