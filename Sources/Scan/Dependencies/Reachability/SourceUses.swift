/// The languages whose imports are told.
enum SourceLanguage: String, Sendable, CaseIterable {
    case python, javascript, go, rust, java

    /// Of a file of the project itself; nil for another one, for packages that lie in the tree, and for Go's tests,
    /// which are not part of what is built.
    init?(_ path: String) {
        let parts = path.split(separator: "/")
        guard let name = parts.last, let dot = name.lastIndex(of: "."), !name.hasSuffix("_test.go"),
            let language = Self.byEnding[String(name[name.index(after: dot)...])],
            !parts.dropLast().contains(where: { Self.foreign.contains(String($0)) })
        else { return nil }
        self = language
    }

    /// By the ecosystem of the packages that it imports.
    init?(ecosystem: String) {
        switch Ecosystems.base(ecosystem) {
        case "PyPI": self = .python
        case "npm": self = .javascript
        case "Go": self = .go
        case "crates.io": self = .rust
        case "Maven": self = .java
        default: return nil
        }
    }

    private static let byEnding: [String: SourceLanguage] = [
        "py": .python, "js": .javascript, "mjs": .javascript, "cjs": .javascript, "jsx": .javascript,
        "ts": .javascript, "tsx": .javascript, "mts": .javascript, "cts": .javascript,
        "vue": .javascript,
        "svelte": .javascript, "go": .go, "rs": .rust, "java": .java, "kt": .java, "kts": .java,
        "scala": .java,
        "groovy": .java,
    ]
    private static let foreign: Set<String> = [
        "node_modules", "vendor", "site-packages", "dist-packages", "bower_components", ".venv", "venv",
        "target",
    ]
}

/// What one source file imports and calls: all that is kept of it.
struct SourceUses: Sendable, Hashable {
    var language: SourceLanguage
    /// As the language names them: `yaml`, `@scope/name`, `golang.org/x/net/html`, `tokio`, `org.slf4j.Logger`.
    var imports: Set<String> = []
    /// Functions of a package that are called by its name: `golang.org/x/net/html Parse`.
    var calls: Set<String> = []
    /// Names of functions and methods that are called, whatever they are of.
    var names: Set<String> = []
    /// Something is imported by a name that is only known when it runs.
    var isDynamic = false

    init(_ language: SourceLanguage) { self.language = language }

    private static let mark = Array("uses of a source file\n".utf8)
    private static let maximum = 20_000

    static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: mark) }

    /// As it is kept until the tree is judged.
    var bytes: [UInt8] {
        var lines = ["l \(language.rawValue)"]
        if isDynamic { lines.append("d ") }
        for (kind, list) in [("i", imports), ("c", calls), ("n", names)] {
            lines += list.sorted().prefix(Self.maximum).map { "\(kind) \($0)" }
        }
        return Self.mark + Array(lines.joined(separator: "\n").utf8)
    }

    init?(kept bytes: [UInt8]) {
        guard Self.isOne(bytes) else { return nil }
        var uses: SourceUses?
        for line in String(decoding: bytes.dropFirst(Self.mark.count), as: UTF8.self).split(
            separator: "\n")
        {
            let value = String(line.dropFirst(2))
            switch line.first {
            case "l": uses = SourceLanguage(rawValue: value).map(SourceUses.init)
            case "d": uses?.isDynamic = true
            case "i": uses?.imports.insert(value)
            case "c": uses?.calls.insert(value)
            case "n": uses?.names.insert(value)
            default: break
            }
        }
        guard let uses else { return nil }
        self = uses
    }
}
