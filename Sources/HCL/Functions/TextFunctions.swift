enum TextFunctions {
    static let all: [HCLFunction] =
        [
            HCLFunction("chomp", 1...1) { a throws(HCLFunctionProblem) in
                var bytes = Array(try a.text(0).utf8)
                while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
                return .string(String(decoding: bytes, as: UTF8.self))
            },
            HCLFunction("endswith", 2...2) { a throws(HCLFunctionProblem) in
                .bool(try a.text(0).utf8.reversed().starts(with: try a.text(1).utf8.reversed()))
            },
            HCLFunction("startswith", 2...2) { a throws(HCLFunctionProblem) in
                .bool(try a.text(0).utf8.starts(with: try a.text(1).utf8))
            },
            HCLFunction("strcontains", 2...2) { a throws(HCLFunctionProblem) in
                let (text, part) = (try a.text(0), try a.text(1))
                return .bool(part.isEmpty || split(text, part, limit: 1).count > 1)
            },
            HCLFunction("lower", 1...1) { a throws(HCLFunctionProblem) in .string(try a.text(0).lowercased()) },
            HCLFunction("upper", 1...1) { a throws(HCLFunctionProblem) in .string(try a.text(0).uppercased()) },
            HCLFunction("title", 1...1) { a throws(HCLFunctionProblem) in .string(title(try a.text(0))) },
            HCLFunction("strrev", 1...1) { a throws(HCLFunctionProblem) in .string(String(try a.text(0).reversed())) },
            HCLFunction("substr", 3...3) { a throws(HCLFunctionProblem) in
                try substring(try a.text(0), try a.integer(1), try a.integer(2))
            },
            HCLFunction("split", 2...2) { a throws(HCLFunctionProblem) in
                .list(split(try a.text(1), try a.text(0)).map { .string($0) })
            },
            HCLFunction("replace", 3...3) { a throws(HCLFunctionProblem) in
                let (text, wanted, by) = (try a.text(0), try a.text(1), try a.text(2))
                // Between slashes it is a pattern, which is not run here.
                if wanted.utf8.count > 2, wanted.hasPrefix("/"), wanted.hasSuffix("/") {
                    return .unknown(HCLUnknown())
                }
                let pieces = split(text, wanted)
                guard pieces.count * by.utf8.count <= HCLBudget.textBytes else {
                    throw HCLFunctionProblem("the text becomes too long")
                }
                return .string(pieces.joined(separator: by))
            },
            HCLFunction("join", 2..., acceptsUnknown: true) { a throws(HCLFunctionProblem) in try join(a) },
            HCLFunction("indent", 2...2) { a throws(HCLFunctionProblem) in
                let spaces = try a.integer(0)
                guard (0...1000).contains(spaces) else { throw HCLFunctionProblem("that many spaces are not put in") }
                let lines = split(try a.text(1), "\n")
                guard lines.count * spaces <= HCLBudget.textBytes else {
                    throw HCLFunctionProblem("the text becomes too long")
                }
                return .string(lines.joined(separator: "\n" + String(repeating: " ", count: spaces)))
            },
        ] + trims

    private static let trims: [HCLFunction] = [
        HCLFunction("trim", 2...2) { a throws(HCLFunctionProblem) in
            let cut = Set(try a.text(1).unicodeScalars)
            return .string(trim(try a.text(0)) { cut.contains($0) })
        },
        HCLFunction("trimspace", 1...1) { a throws(HCLFunctionProblem) in
            .string(trim(try a.text(0)) { $0.properties.isWhitespace })
        },
        HCLFunction("trimprefix", 2...2) { a throws(HCLFunctionProblem) in
            let (text, cut) = (try a.text(0), try a.text(1))
            return .string(text.utf8.starts(with: cut.utf8) ? String(text.dropFirst(cut.count)) : text)
        },
        HCLFunction("trimsuffix", 2...2) { a throws(HCLFunctionProblem) in
            let (text, cut) = (try a.text(0), try a.text(1))
            return .string(text.hasSuffix(cut) ? String(text.dropLast(cut.count)) : text)
        },
        HCLFunction("basename", 1...1) { a throws(HCLFunctionProblem) in
            .string(split(try a.text(0), "/").last { !$0.isEmpty } ?? ".")
        },
        HCLFunction("dirname", 1...1) { a throws(HCLFunctionProblem) in
            let parts = split(try a.text(0), "/")
            return .string(parts.count < 2 ? "." : parts.dropLast().joined(separator: "/"))
        },
    ]

    private static func trim(_ text: String, _ isCut: (Unicode.Scalar) -> Bool) -> String {
        var scalars = Substring(text).unicodeScalars
        while let first = scalars.first, isCut(first) { scalars.removeFirst() }
        while let last = scalars.last, isCut(last) { scalars.removeLast() }
        return String(scalars)
    }

    private static func title(_ text: String) -> String {
        var startsWord = true
        return text.reduce(into: "") { out, character in
            out += startsWord ? character.uppercased() : String(character)
            startsWord = !character.isLetter && !character.isNumber
        }
    }

    private static func substring(_ text: String, _ offset: Int, _ length: Int) throws(HCLFunctionProblem) -> HCLValue {
        let characters = Array(text)
        let start = offset < 0 ? characters.count + offset : offset
        guard start >= 0, start <= characters.count else {
            throw HCLFunctionProblem("the text does not reach to \(offset)")
        }
        let end = length < 0 ? characters.count : min(characters.count, start + min(length, characters.count))
        return .string(String(characters[start..<max(start, end)]))
    }

    /// By bytes; an empty separator parts every character.
    static func split(_ text: String, _ separator: String, limit: Int = .max) -> [String] {
        if separator.isEmpty { return text.map { String($0) } }
        let (bytes, mark) = (Array(text.utf8), Array(separator.utf8))
        var parts: [String] = []
        var (start, at) = (0, 0)
        while at + mark.count <= bytes.count, parts.count < limit {
            if bytes[at] == mark[0], bytes[at..<at + mark.count].elementsEqual(mark) {
                parts.append(String(decoding: bytes[start..<at], as: UTF8.self))
                at += mark.count
                start = at
            } else {
                at += 1
            }
        }
        parts.append(String(decoding: bytes[start...], as: UTF8.self))
        return parts
    }

    private static func join(_ arguments: HCLArguments) throws(HCLFunctionProblem) -> HCLValue {
        guard !arguments[0].isUnknown else { throw HCLFunctionProblem("the separator is not known") }
        let separator = try arguments.text(0)
        var out = HCLText()
        var isFirst = true
        for at in 1..<arguments.count {
            guard let elements = arguments[at].elements else {
                guard let unknown = arguments[at].unknown else { throw HCLFunctionProblem("join takes lists") }
                if !isFirst { out.append(separator) }
                isFirst = false
                out.append(unknown: unknown)
                continue
            }
            for element in elements {
                if !isFirst { out.append(separator) }
                isFirst = false
                guard out.append(element) else { throw HCLFunctionProblem("an element is no string") }
                guard out.text.utf8.count <= HCLBudget.textBytes else {
                    throw HCLFunctionProblem("the text becomes too long")
                }
            }
        }
        return out.value
    }
}
