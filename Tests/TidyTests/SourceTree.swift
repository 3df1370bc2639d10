import Foundation

/// The checkout as text: what the tidy tests look at. Nothing is compiled or run.
struct SourceTree: Sendable {
    /// Read once for all tests.
    static let shared = Result { try SourceTree() }

    struct File: Sendable {
        let path: String
        /// `Sources/Gate/Approvals/Approval.swift` → `Gate`.
        let room: String
        let text: String
        /// Lines with string contents and comments blanked out, so that a rule matches code only.
        let code: [String]

        var imports: [String] {
            code.compactMap { line in
                var words = line.split(separator: " ").map(String.init)
                while let first = words.first,
                    first.hasPrefix("@") || ["public", "package", "internal", "private", "fileprivate"].contains(first)
                {
                    words.removeFirst()
                }
                guard words.first == "import", words.count > 1 else { return nil }
                let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
                let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
                return String(name.prefix { $0 != "." })
            }
        }
    }

    let root: String
    let sources: [File]
    let tests: [File]
    /// Folders under Sources, each of them a room or a program.
    let rooms: [String]

    private init() throws {
        root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        let sourcesRoot = root + "/Sources"
        let testsRoot = root + "/Tests"
        sources = try SourceTree.swiftFiles(under: sourcesRoot)
        tests = try SourceTree.swiftFiles(under: testsRoot)
        rooms = try FileManager.default.contentsOfDirectory(atPath: sourcesRoot).filter { !$0.hasPrefix(".") }.sorted()
    }

    private static func swiftFiles(under folder: String) throws -> [File] {
        let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            let text = try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
            return File(
                path: "\(folder)/\(path)", room: String(path.prefix { $0 != "/" }), text: text,
                code: codeLines(of: text))
        }
    }

    /// Blanks out comments and the insides of string literals. Interpolations go with their string, which is good enough here.
    static func codeLines(of text: String) -> [String] {
        var lines: [String] = []
        var insideComment = false
        var insideText = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if insideText || line.contains("\"\"\"") {
                let marks = line.components(separatedBy: "\"\"\"").count - 1
                if !insideText, marks == 1, let start = line.range(of: "\"\"\"") {
                    lines.append(String(line[..<start.lowerBound]))
                } else {
                    lines.append("")
                }
                if marks % 2 == 1 { insideText.toggle() }
                continue
            }
            lines.append(codePart(of: line, insideComment: &insideComment))
        }
        return lines
    }

    private static func codePart(of line: Substring, insideComment: inout Bool) -> String {
        var out = ""
        var insideString = false
        var rest = line
        while let character = rest.first {
            if insideComment {
                if rest.hasPrefix("*/") {
                    insideComment = false
                    rest = rest.dropFirst()
                }
            } else if insideString {
                if character == "\\" {
                    rest = rest.dropFirst()
                } else if character == "\"" {
                    insideString = false
                    out.append(character)
                }
            } else if rest.hasPrefix("//") {
                return out
            } else if rest.hasPrefix("/*") {
                insideComment = true
            } else {
                if character == "\"" { insideString = true }
                out.append(character)
            }
            rest = rest.dropFirst()
        }
        return out
    }
}
