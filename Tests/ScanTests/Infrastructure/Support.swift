@testable import Scan

/// What the scanner finds in a tree, as `path:line rule subject`.
struct Scanned {
    var found: InfrastructureFindings

    init(_ files: [String: String], scanner: InfrastructureScanner = InfrastructureScanner()) {
        found = scanner.scan(
            files.sorted { $0.key < $1.key }.filter { scanner.reads($0.key) }.map {
                SourceFile(path: $0.key, bytes: Array($0.value.utf8))
            })
    }

    var lines: [String] {
        found.findings.map { "\($0.path):\($0.start.line) \($0.rule.id) \($0.subject)" }.sorted()
    }

    func has(_ rule: String, line: Int? = nil, file: String? = nil) -> Bool {
        found.findings.contains {
            $0.rule.id == rule && (line == nil || $0.start.line == line) && (file == nil || $0.path == file)
        }
    }

    var rules: Set<String> { Set(found.findings.map(\.rule.id)) }
}
