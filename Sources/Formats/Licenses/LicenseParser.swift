/// Reads license expressions: `WITH` binds closest, then `AND`, then `OR`. Linear in the length of the text.
struct LicenseParser {
    private enum Token: Hashable {
        case open, close, all, any, with
        /// One word, or in lenient reading all words up to the next token.
        case name(String)
    }

    private let tokens: [(token: Token, offset: Int)]
    private let end: Int
    private let isLenient: Bool
    private var place = 0
    private var depth = 0

    init(_ text: String, lenient: Bool) throws(LicenseError) {
        guard text.utf8.count <= LicenseExpression.maximumBytes else {
            throw LicenseError(offset: 0, reason: "has more than \(LicenseExpression.maximumBytes) bytes")
        }
        isLenient = lenient
        end = text.utf8.count
        tokens = Self.tokens(Array(text.utf8), lenient)
    }

    mutating func whole() throws(LicenseError) -> LicenseExpression {
        let expression = try any()
        if place < tokens.count { throw error("nothing was expected to follow here") }
        return expression
    }

    // MARK: - Grammar

    private mutating func any() throws(LicenseError) -> LicenseExpression {
        var parts = [try all()]
        while take(.any) { parts.append(try all()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func all() throws(LicenseError) -> LicenseExpression {
        var parts = [try single()]
        while take(.all) { parts.append(try single()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func single() throws(LicenseError) -> LicenseExpression {
        if take(.open) {
            depth += 1
            defer { depth -= 1 }
            guard depth <= LicenseExpression.maximumDepth else { throw error("is nested too deeply") }
            let inner = try any()
            guard take(.close) else { throw error("a parenthesis is not closed") }
            return inner
        }
        guard case .name(let name)? = peek else { throw error("a license is missing") }
        let offset = tokens[place].offset
        place += 1
        let known = try license(name, offset)
        guard take(.with) else { return known }
        guard case .name(let words)? = peek, let exception = SPDXLicense.exception(words) else {
            throw error("is no exception of SPDX's list")
        }
        place += 1
        guard case .license(var license) = known, license.exception == nil else {
            throw LicenseError(offset: offset, reason: "an exception belongs to one license")
        }
        license.exception = exception
        return .license(license)
    }

    private func license(_ name: String, _ offset: Int) throws(LicenseError) -> LicenseExpression {
        if let known = Self.listed(name, offset) { return .license(known) }
        if isLenient {
            if let known = LicenseNames.expression(name) { return known }
            let words = name.split(whereSeparator: { $0 == " " || $0 == "," })
            let parts = words.compactMap { word in
                Self.listed(String(word), offset).map(LicenseExpression.license)
                    ?? LicenseNames.expression(String(word))
            }
            if words.count > 1, parts.count == words.count { return .all(parts) }
        }
        throw LicenseError(offset: offset, reason: "\"\(name.prefix(80))\" is no license of SPDX's list")
    }

    private static func listed(_ name: String, _ offset: Int) -> LicenseExpression.License? {
        if let id = SPDXLicense.identifier(name) { return .init(id, offset: offset) }
        if name.hasSuffix("+"), let id = SPDXLicense.identifier(String(name.dropLast())) {
            return .init(id, isOrLater: true, offset: offset)
        }
        let reference = name.split(separator: ":", maxSplits: 1).last.map(String.init) ?? name
        let isReference = name == reference || name.hasPrefix("DocumentRef-")
        guard isReference, reference.hasPrefix("LicenseRef-"), reference.utf8.count > 11,
            name.utf8.allSatisfy({ VersionBytes.isDigit($0) || ($0 | 0x20) &- 0x61 < 26 || "-.:".utf8.contains($0) })
        else { return nil }
        return .init(name, offset: offset)
    }

    // MARK: - Tokens

    private var peek: Token? { place < tokens.count ? tokens[place].token : nil }

    private mutating func take(_ token: Token) -> Bool {
        guard peek == token else { return false }
        place += 1
        return true
    }

    private func error(_ reason: String) -> LicenseError {
        LicenseError(offset: place < tokens.count ? tokens[place].offset : end, reason: reason)
    }

    private static func tokens(_ bytes: [UInt8], _ lenient: Bool) -> [(token: Token, offset: Int)] {
        var out: [(token: Token, offset: Int)] = []
        var place = 0
        while place < bytes.count {
            let start = place
            switch bytes[place] {
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            case UInt8(ascii: "("):
                out.append((.open, place))
                place += 1
            case UInt8(ascii: ")"):
                out.append((.close, place))
                place += 1
            default:
                while place < bytes.count, !" \t\n\r()".utf8.contains(bytes[place]) { place += 1 }
                let word = String(decoding: bytes[start..<place], as: UTF8.self)
                append(word, start, lenient, &out)
            }
        }
        return out
    }

    /// Operators are upper case, or all lower case.
    private static func append(
        _ word: String, _ offset: Int, _ lenient: Bool, _ out: inout [(token: Token, offset: Int)]
    ) {
        switch lenient ? word.lowercased() : word {
        case "AND", "and": out.append((.all, offset))
        case "OR", "or", "and/or": out.append((.any, offset))
        case "WITH", "with": out.append((.with, offset))
        default:
            if lenient, case .name(let before)? = out.last?.token {
                out[out.count - 1].token = .name("\(before) \(word)")
            } else {
                out.append((.name(word), offset))
            }
        }
    }
}
