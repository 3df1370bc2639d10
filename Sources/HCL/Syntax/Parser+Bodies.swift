extension HCLParser {
    /// An attribute, a block or an empty line of a body; with its end of line.
    mutating func item(into body: inout HCLBody, _ names: inout Set<String>) throws(HCLProblem) {
        if token.kind == .newline { return try advance() }
        guard token.kind == .identifier else {
            throw unexpected("where an attribute or a block begins")
        }
        let name = tokenText
        let range = token.range
        try advance()
        if token.kind == .assign {
            let attribute = try attribute(name, range)
            guard names.insert(name).inserted else {
                throw HCLProblem("the attribute \(name) occurs twice", at: range.start)
            }
            body.attributes.append(attribute)
        } else {
            body.blocks.append(try block(name, range))
        }
        try endOfItem()
    }

    private mutating func endOfItem() throws(HCLProblem) {
        switch token.kind {
        case .newline: try advance()
        case .end: break
        default: throw unexpected("where the line should end")
        }
    }

    private mutating func attribute(_ name: String, _ range: HCLRange) throws(HCLProblem) -> HCLAttribute {
        try advance()
        return HCLAttribute(name: name, nameRange: range, value: try expression())
    }

    private mutating func block(_ type: String, _ start: HCLRange) throws(HCLProblem) -> HCLBlock {
        var labels: [String] = []
        while token.kind != .openBrace {
            switch token.kind {
            case .identifier:
                labels.append(tokenText)
                try advance()
            case .quote: labels.append(try label())
            default:
                let hint = labels.isEmpty ? "an attribute needs \"=\", a block \"{\"" : "a block needs \"{\""
                throw unexpected("after \(type)", hint: hint)
            }
        }
        return try nested { (parser) throws(HCLProblem) in
            parser.skipsNewlines.append(false)
            try parser.advance()
            let body = try parser.blockBody()
            let end = try parser.close(.closeBrace, "in the block \(type)")
            return HCLBlock(type: type, labels: labels, body: body, range: HCLRange(start.start, end))
        }
    }

    private mutating func label() throws(HCLProblem) -> String {
        let start = token.range.start
        guard case .literal(.string(let text)) = try quoted().node else {
            throw HCLProblem("a block's label is plain text", at: start)
        }
        return text
    }

    /// Up to the closing brace. A block of one line holds one attribute at most.
    private mutating func blockBody() throws(HCLProblem) -> HCLBody {
        var body = HCLBody()
        var names: Set<String> = []
        if token.kind == .identifier {
            let (name, range) = (tokenText, token.range)
            try advance()
            if token.kind == .assign {
                body.attributes.append(try attribute(name, range))
            } else {
                body.blocks.append(try block(name, range))
            }
            return body
        }
        while token.kind != .closeBrace {
            guard token.kind != .end else { throw unexpected("in a block", hint: "close it with \"}\"") }
            try item(into: &body, &names)
        }
        return body
    }
}
