/// Reads a TOML document line by line.
struct TOMLParser {
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1

    init(_ bytes: [UInt8]) { self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes }

    mutating func document() throws(TextError) -> TOML {
        var root = TOML.table([:], line: 1)
        var header: [String] = []
        while true {
            skipSpace(overLines: true)
            guard let byte = peek else { return root }
            if byte == UInt8(ascii: "[") {
                let (path, isArray, line) = try readHeader()
                try root.set(.table([:], line: line), at: path[...], appending: isArray)
                header = path
            } else {
                let (path, value) = try pair(0)
                guard header.count + path.count <= TOML.maximumDepth else { throw error("is nested too deeply") }
                try root.set(value, at: (header + path)[...], appending: false)
            }
            try endLine()
        }
    }

    // MARK: - Structure

    private mutating func readHeader() throws(TextError) -> ([String], isArray: Bool, line: Int) {
        let start = line
        place += 1
        let isArray = take("[")
        let path = try key()
        guard path.count <= TOML.maximumDepth else { throw error("is nested too deeply") }
        guard take("]"), !isArray || take("]") else { throw error("a header is not closed") }
        return (path, isArray, start)
    }

    private mutating func pair(_ depth: Int) throws(TextError) -> ([String], TOML) {
        let path = try key()
        guard take("=") else { throw error("an = is missing after the key") }
        skipSpace(overLines: false)
        return (path, try value(depth))
    }

    private mutating func key() throws(TextError) -> [String] {
        var path: [String] = []
        repeat {
            skipSpace(overLines: false)
            switch peek {
            case UInt8(ascii: "\""): path.append(try basic())
            case UInt8(ascii: "'"): path.append(try literal())
            default:
                let start = place
                while let byte = peek, Self.isBare(byte) { place += 1 }
                guard place > start else { throw error("a key is missing") }
                path.append(String(decoding: bytes[start..<place], as: UTF8.self))
            }
            skipSpace(overLines: false)
        } while take(".")
        return path
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        VersionBytes.isLetter(byte) || VersionBytes.isDigit(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }

    private mutating func value(_ depth: Int) throws(TextError) -> TOML {
        guard depth < TOML.maximumDepth else { throw error("is nested too deeply") }
        let start = line
        switch peek {
        case UInt8(ascii: "\""): return .text(try basic(), line: start)
        case UInt8(ascii: "'"): return .text(try literal(), line: start)
        case UInt8(ascii: "["): return .array(try array(depth + 1), line: start)
        case UInt8(ascii: "{"): return try inlineTable(depth + 1)
        default:
            let first = place
            while let byte = peek, byte > 0x20, !",]}#".utf8.contains(byte) { place += 1 }
            guard place > first else { throw error("a value is missing") }
            return .scalar(String(decoding: bytes[first..<place], as: UTF8.self), line: start)
        }
    }

    private mutating func array(_ depth: Int) throws(TextError) -> [TOML] {
        place += 1
        var elements: [TOML] = []
        while true {
            skipSpace(overLines: true)
            if take("]") { return elements }
            elements.append(try value(depth))
            skipSpace(overLines: true)
            guard take(",") || peek == UInt8(ascii: "]") else { throw error("an array is not closed") }
        }
    }

    private mutating func inlineTable(_ depth: Int) throws(TextError) -> TOML {
        var table = TOML.table([:], line: line)
        place += 1
        while true {
            skipSpace(overLines: true)
            if take("}") { return table }
            let (path, value) = try pair(depth)
            try table.set(value, at: path[...], appending: false)
            skipSpace(overLines: true)
            guard take(",") || peek == UInt8(ascii: "}") else { throw error("an inline table is not closed") }
        }
    }

    // MARK: - Texts

    private mutating func basic() throws(TextError) -> String {
        let isLong = bytes[place...].starts(with: [0x22, 0x22, 0x22])
        place += isLong ? 3 : 1
        if isLong { skipFirstLineEnd() }
        var out: [UInt8] = []
        while let byte = peek {
            place += 1
            switch byte {
            case 0x22 where !isLong: return String(decoding: out, as: UTF8.self)
            case 0x22 where bytes[place...].starts(with: [0x22, 0x22]):
                place += 2
                // Up to two quotes may stand before the end.
                while peek == 0x22 {
                    out.append(0x22)
                    place += 1
                }
                return String(decoding: out, as: UTF8.self)
            case 0x5C: out += try escape(isLong)
            case 0x0A where !isLong: throw error("a text is not closed")
            default:
                if byte == 0x0A { line += 1 }
                out.append(byte)
            }
        }
        throw error("a text is not closed")
    }

    private mutating func escape(_ isLong: Bool) throws(TextError) -> [UInt8] {
        guard let byte = peek else { throw error("a text is not closed") }
        place += 1
        switch byte {
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "e"): return [27]
        case 0x22, 0x5C: return [byte]
        case UInt8(ascii: "u"), UInt8(ascii: "U"): return try scalar(byte == UInt8(ascii: "u") ? 4 : 8)
        case 0x20, 0x09, 0x0D, 0x0A:
            guard isLong else { throw error("an unknown escape") }
            place -= 1
            skipSpace(overLines: true, overComments: false)
            return []
        default: throw error("an unknown escape")
        }
    }

    private mutating func scalar(_ count: Int) throws(TextError) -> [UInt8] {
        let end = min(place + count, bytes.count)
        let digits = String(decoding: bytes[place..<end], as: UTF8.self)
        guard digits.utf8.count == count, let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else {
            throw error("an escape is no character")
        }
        place = end
        return Array(String(scalar).utf8)
    }

    private mutating func literal() throws(TextError) -> String {
        let isLong = bytes[place...].starts(with: [0x27, 0x27, 0x27])
        place += isLong ? 3 : 1
        if isLong { skipFirstLineEnd() }
        let start = place
        while let byte = peek {
            if byte == 0x27, !isLong || bytes[place...].starts(with: [0x27, 0x27, 0x27]) {
                defer { place += isLong ? 3 : 1 }
                return String(decoding: bytes[start..<place], as: UTF8.self)
            }
            if byte == 0x0A {
                guard isLong else { break }
                line += 1
            }
            place += 1
        }
        throw error("a text is not closed")
    }

    private mutating func skipFirstLineEnd() {
        if peek == 0x0D { place += 1 }
        if peek == 0x0A {
            place += 1
            line += 1
        }
    }

    // MARK: - Bytes

    private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func skipSpace(overLines: Bool, overComments: Bool = true) {
        while let byte = peek {
            switch byte {
            case 0x20, 0x09: place += 1
            case 0x0D where overLines: place += 1
            case 0x0A where overLines:
                place += 1
                line += 1
            case UInt8(ascii: "#") where overLines && overComments: skipComment()
            default: return
            }
        }
    }

    private mutating func skipComment() {
        while let byte = peek, byte != 0x0A { place += 1 }
    }

    private mutating func endLine() throws(TextError) {
        skipSpace(overLines: false)
        if peek == UInt8(ascii: "#") { skipComment() }
        if peek == 0x0D { place += 1 }
        guard peek == nil || peek == 0x0A else { throw error("the line goes on after its value") }
    }

    private func error(_ reason: String) -> TextError { TextError(line: line, reason: reason) }
}
