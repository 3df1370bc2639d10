/// Reads imports and calls off source files, line by line and without grammars: what is said in odd ways is not seen, so
/// that a package counts as not imported only where nothing speaks against it.
enum SourceReading {
    /// Of a file that is longer than this, nothing is told.
    static let maximumBytes = 8 << 20

    static func uses(_ language: SourceLanguage, _ bytes: [UInt8]) -> SourceUses {
        guard bytes.count <= maximumBytes else {
            var uses = SourceUses(language)
            uses.isDynamic = true
            return uses
        }
        return switch language {
        case .python: python(bytes)
        case .javascript: javascript(SourceText.withoutComments(bytes, keepingTexts: true))
        case .go: go(bytes)
        case .rust: rust(SourceText.withoutComments(bytes, keepingTexts: false))
        case .java: java(SourceText.withoutComments(bytes, keepingTexts: false))
        }
    }

    private static func lines(_ bytes: [UInt8]) -> [Substring] {
        String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map {
            $0.drop { $0 == " " || $0 == "\t" }
        }
    }

    // MARK: - Python

    private static func python(_ bytes: [UInt8]) -> SourceUses {
        var uses = SourceUses(.python)
        for line in lines(bytes) {
            if line.hasPrefix("import ") {
                for part in line.dropFirst("import ".count).prefix(while: { $0 != "#" && $0 != ";" }).split(
                    separator: ",")
                {
                    uses.imports.insert(String(part.drop { $0 == " " }.prefix { $0 != " " }))
                }
            } else if line.hasPrefix("from ") {
                let name = line.dropFirst("from ".count).drop { $0 == " " }.prefix { $0 != " " }
                if !name.hasPrefix("."), line.contains("import") { uses.imports.insert(String(name)) }
            }
            if line.contains("import_module(") || line.contains("__import__(")
                || line.contains("INSTALLED_APPS")
            {
                uses.isDynamic = true
            }
        }
        return uses
    }

    // MARK: - JavaScript and TypeScript

    private static func javascript(_ bytes: [UInt8]) -> SourceUses {
        var uses = SourceUses(.javascript)
        for line in lines(bytes)
        where line.contains("require") || line.contains("import") || line.contains("from") {
            for word in ["require(", "import(", "from", "import"] {
                for range in line.ranges(of: word) {
                    let rest = line[range.upperBound...].drop { $0 == " " }
                    guard let quote = rest.first, quote == "\"" || quote == "'" || quote == "`" else {
                        if word.hasSuffix("("), rest.first != ")" { uses.isDynamic = true }
                        continue
                    }
                    let name = rest.dropFirst().prefix { $0 != quote }
                    if let package = package(name) { uses.imports.insert(package) }
                }
            }
        }
        return uses
    }

    /// `@scope/name` of `@scope/name/lib/x`; nil for a file and for what the runtime brings.
    private static func package(_ name: Substring) -> String? {
        guard let first = name.first, first != ".", first != "/", !name.hasPrefix("node:"),
            !name.contains("$")
        else {
            return nil
        }
        return name.split(separator: "/").prefix(first == "@" ? 2 : 1).joined(separator: "/")
    }

    // MARK: - Go

    private static func go(_ bytes: [UInt8]) -> SourceUses {
        var uses = SourceUses(.go)
        var aliases: [Substring: String] = [:]
        var isInBlock = false
        for line in lines(SourceText.withoutComments(bytes, keepingTexts: true)) {
            if isInBlock, line.hasPrefix(")") { isInBlock = false }
            let isImport = line.hasPrefix("import ") || line.hasPrefix("import(")
            if isImport, line.contains("("), !line.contains("\"") { isInBlock = true }
            guard isImport || isInBlock, let start = line.firstIndex(of: "\"") else {
                if line.hasPrefix("func ") { break }
                continue
            }
            let path = String(line[line.index(after: start)...].prefix { $0 != "\"" })
            uses.imports.insert(path)
            let words = line[..<start].split { $0 == " " || $0 == "\t" || $0 == "(" }
            aliases[words.last.flatMap { $0 == "import" ? nil : $0 } ?? Substring(goName(path))] = path
        }
        for (base, name, isCall) in qualified(
            SourceText.withoutComments(bytes, keepingTexts: false), separator: ".")
        {
            if isCall { uses.names.insert(String(name)) }
            if let path = aliases[base] { uses.calls.insert("\(path) \(name)") }
        }
        return uses
    }

    /// What a package is called by its path: `yaml` of `gopkg.in/yaml.v3`, `echo` of `github.com/labstack/echo/v4`.
    private static func goName(_ path: String) -> String {
        var parts = path.split(separator: "/")
        if let last = parts.last, parts.count > 1, last.first == "v",
            last.dropFirst().allSatisfy(\.isNumber)
        {
            parts.removeLast()
        }
        let name = parts.last ?? ""
        let plain = name.firstRange(of: ".v").map { name[..<$0.lowerBound] } ?? name
        return plain.hasPrefix("go-") ? String(plain.dropFirst(3)) : String(plain)
    }

    // MARK: - Rust

    private static func rust(_ bytes: [UInt8]) -> SourceUses {
        var uses = SourceUses(.rust)
        for line in lines(bytes) {
            let plain = line.hasPrefix("pub ") ? line.dropFirst(4) : line
            for word in ["use ", "extern crate "] where plain.hasPrefix(word) {
                let rest = plain.dropFirst(word.count).drop { $0 == ":" || $0 == " " }
                uses.imports.insert(String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }))
            }
        }
        for (base, name, isCall) in qualified(bytes, separator: ":") {
            uses.imports.insert(String(base))
            if isCall { uses.names.insert(String(name)) }
        }
        for (_, name, isCall) in qualified(bytes, separator: ".") where isCall {
            uses.names.insert(String(name))
        }
        for name in calledNames(bytes) { uses.names.insert(name) }
        return uses
    }

    // MARK: - Java and its kin

    private static func java(_ bytes: [UInt8]) -> SourceUses {
        var uses = SourceUses(.java)
        for line in lines(bytes) where line.hasPrefix("import ") {
            let words = line.dropFirst("import ".count).split { $0 == " " || $0 == ";" }
            if let name = words.first(where: { $0 != "static" }) { uses.imports.insert(String(name)) }
        }
        return uses
    }

    // MARK: - Names

    private static func isName(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte >= 0x80
    }

    /// Each `base.name` or `base::name`, and whether it is called.
    private static func qualified(
        _ bytes: [UInt8], separator: Character
    ) -> [(base: Substring, name: Substring, isCall: Bool)] {
        let mark = separator == ":" ? Array("::".utf8) : [UInt8(ascii: ".")]
        var out: [(Substring, Substring, Bool)] = []
        var place = 1
        while place + mark.count < bytes.count {
            guard bytes[place] == mark[0], bytes[place..<place + mark.count].elementsEqual(mark) else {
                place += 1
                continue
            }
            var (start, end) = (place, place + mark.count)
            while start > 0, isName(bytes[start - 1]) { start -= 1 }
            while end < bytes.count, isName(bytes[end]) { end += 1 }
            let name = bytes[(place + mark.count)..<end]
            if !name.isEmpty {
                let isCall =
                    end < bytes.count && (bytes[end] == UInt8(ascii: "(") || bytes[end] == UInt8(ascii: "["))
                out.append(
                    (
                        Substring(String(decoding: bytes[start..<place], as: UTF8.self)),
                        Substring(String(decoding: name, as: UTF8.self)), isCall
                    ))
            }
            place = max(end, place + mark.count)
            // The name may be a base itself.
            if place < bytes.count, bytes[place] == mark[0] { continue }
        }
        return out
    }

    private static func calledNames(_ bytes: [UInt8]) -> Set<String> {
        var out: Set<String> = []
        for place in bytes.indices where bytes[place] == UInt8(ascii: "(") {
            var start = place
            while start > 0, isName(bytes[start - 1]) { start -= 1 }
            if start < place { out.insert(String(decoding: bytes[start..<place], as: UTF8.self)) }
        }
        return out
    }
}
