/// Reads HCL's native syntax (the specification is github.com/hashicorp/hcl, `hclsyntax/spec.md`).
///
/// What is wrong leaves out the block or attribute of the file that it stands in; the rest is read.
public struct HCLParser {
    let limits: HCLLimits
    var lexer: Lexer
    var token: Token
    /// Whether the ends of lines mean nothing: within brackets and templates. The last one holds.
    var skipsNewlines: [Bool] = [false]
    private(set) var depth = 0

    init(_ bytes: [UInt8], limits: HCLLimits) {
        self.limits = limits
        lexer = Lexer(bytes, limits: limits)
        token = Token(kind: .newline, range: HCLRange(HCLPlace(), HCLPlace()))
    }

    /// Never throws: what could not be read is in the file's problems.
    public static func parse(_ bytes: [UInt8], limits: HCLLimits = HCLLimits()) -> HCLFile {
        guard bytes.count <= limits.fileBytes else {
            let problem = HCLProblem("the file is larger than \(limits.fileBytes) bytes", at: HCLPlace())
            return HCLFile(body: HCLBody(), problems: [problem], isCut: true)
        }
        var parser = HCLParser(bytes, limits: limits)
        return parser.file()
    }

    /// One expression and nothing else, as `terraform.tfvars` values on a command line are.
    public static func parseExpression(
        _ text: String, limits: HCLLimits = HCLLimits()
    ) throws(HCLProblem) -> HCLExpression {
        var parser = HCLParser(Array(text.utf8), limits: limits)
        parser.skipsNewlines = [true]
        try parser.advance()
        let expression = try parser.expression()
        guard parser.token.kind == .end else { throw parser.unexpected("after the expression") }
        return expression
    }

    // MARK: The file

    private mutating func file() -> HCLFile {
        var file = HCLFile(body: HCLBody(), problems: [], isCut: false)
        var names: Set<String> = []
        var start = lexer.place
        var isReading = attempt(&file) { (parser) throws(HCLProblem) in try parser.advance() }
        if !isReading { isReading = recover(after: start) }
        while isReading {
            start = token.range.start
            let isEnd = token.kind == .end
            if isEnd { break }
            let isRead = attempt(&file) { (parser, body: inout HCLBody) throws(HCLProblem) in
                try parser.item(into: &body, &names)
            }
            if isRead { continue }
            guard file.problems.count < limits.problems else {
                file.isCut = true
                break
            }
            isReading = recover(after: start)
        }
        return file
    }

    private mutating func attempt(
        _ file: inout HCLFile, _ body: (inout HCLParser) throws(HCLProblem) -> Void
    ) -> Bool {
        do throws(HCLProblem) { try body(&self) } catch {
            file.problems.append(error)
            return false
        }
        return true
    }

    private mutating func attempt(
        _ file: inout HCLFile, _ read: (inout HCLParser, inout HCLBody) throws(HCLProblem) -> Void
    ) -> Bool {
        do throws(HCLProblem) { try read(&self, &file.body) } catch {
            file.problems.append(error)
            return false
        }
        return true
    }

    /// Goes to the next line below `start` that looks like the start of a block or attribute of the file: a name in
    /// the first column. False when there is none.
    private mutating func recover(after start: HCLPlace) -> Bool {
        var scan = Lexer(lexer.bytes, from: start, limits: limits)
        while !scan.isAtEnd {
            while !scan.isAtEnd, scan.peek() != 0x0A { scan.move(1) }
            scan.move(1)
            let length = scan.nameLength()
            guard length > 0, looksLikeItem(scan, after: length) else { continue }
            lexer = Lexer(lexer.bytes, from: scan.place, limits: limits)
            (skipsNewlines, depth) = ([false], 0)
            if (try? advance()) != nil { return true }
        }
        return false
    }

    private func looksLikeItem(_ scan: Lexer, after length: Int) -> Bool {
        var at = length
        while scan.peek(at) == 0x20 || scan.peek(at) == 0x09 { at += 1 }
        switch scan.peek(at) {
        case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "="): return true
        default: return false
        }
    }

    // MARK: Moving

    mutating func advance() throws(HCLProblem) {
        token = try lexer.next(skippingNewlines: skipsNewlines.last ?? false)
    }

    /// Steps over a token of this kind.
    mutating func expect(_ kind: Token.Kind, _ where: String) throws(HCLProblem) {
        guard token.kind == kind else { throw unexpected(`where`) }
        try advance()
    }

    /// Ends a bracket: what follows it is read as what stood before it was.
    mutating func close(_ kind: Token.Kind, _ where: String) throws(HCLProblem) -> HCLPlace {
        guard token.kind == kind else { throw unexpected(`where`) }
        skipsNewlines.removeLast()
        let end = token.range.end
        try advance()
        return end
    }

    mutating func nested<Result>(
        _ body: (inout HCLParser) throws(HCLProblem) -> Result
    ) throws(HCLProblem) -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.depth else {
            throw HCLProblem("is nested more than \(limits.depth) levels deep", at: token.range.start)
        }
        return try body(&self)
    }

    func unexpected(_ where: String, hint: String? = nil) -> HCLProblem {
        HCLProblem("unexpected \(token.name) \(`where`)", at: token.range.start, hint: hint)
    }

    var tokenText: String { lexer.text(token.range) }
}
