import Formats
import JSON
import Risk

/// Whether the project's own code uses what a flaw is in, and by what that is told. It is told by names, not by types and
/// flows: `called` and `imported` were seen, `not-imported` was not seen where it would have to be.
struct Reachability: Sendable, Hashable {
    enum Verdict: String, Sendable, Hashable {
        case called, imported, unknown
        case notImported = "not-imported"
    }

    var verdict: Verdict
    /// In words.
    var method: String
    /// Files that it was seen in; the first of them.
    var files: [String] = []
    /// Not merely unseen: a list of all that is built does not have it.
    var isProven = false

    var json: JSON {
        var json: JSON = ["verdict": .string(verdict.rawValue), "by": .string(method)]
        if !files.isEmpty { json["in"] = .array(files.map { .string($0) }) }
        return json
    }

    /// For people, where there is something to say.
    var words: String {
        guard let first = files.first else { return "" }
        switch verdict {
        case .called: return " Called in \(first), \(method)."
        case .imported: return " Imported in \(first)."
        case .notImported, .unknown: return ""
        }
    }

    /// For the decision. That something was not seen decides nothing; that it is not built does.
    var fact: RiskFacts.Reachability? {
        switch verdict {
        case .called: .called
        case .imported: .imported
        case .notImported: isProven ? .unused : nil
        case .unknown: nil
        }
    }
}

/// The uses of a tree's source files.
struct ReachabilityIndex: Sendable {
    private var files: [(path: String, uses: SourceUses)] = []
    /// Packages that a Go module builds, by the folder of its `go.mod`.
    private var built: [String: Set<String>] = [:]
    private var pythonNames = PythonImports()

    private static let named = 5

    mutating func add(_ path: String, _ uses: SourceUses) { files.append((path, uses)) }

    mutating func add(pythonNames text: [UInt8], _ path: String) { pythonNames.add(text, path) }

    /// Go's `vendor/modules.txt`: each package of another module that is built, a line each.
    mutating func add(modules text: [UInt8], _ path: String) {
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        let packages = lines.filter { !$0.hasPrefix("#") }.map(String.init)
        built[String(path.dropLast("vendor/modules.txt".count))] = Set(packages)
    }

    static func isModules(_ path: String) -> Bool {
        path == "vendor/modules.txt" || path.hasSuffix("/vendor/modules.txt")
    }

    /// - Parameter path: of the file that names the package; code beside it and below counts.
    func verdict(on match: AdvisoryMatch, _ dependency: Dependency, in path: String) -> Reachability {
        guard let language = SourceLanguage(ecosystem: dependency.ecosystem) else {
            return Reachability(verdict: .unknown, method: "imports are not told in this ecosystem")
        }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let sources = files.filter { $0.uses.language == language && $0.path.hasPrefix(folder) }
        if language == .go, let verdict = vendored(match, folder) {
            return called(match, dependency, sources) ?? verdict
        }
        guard !sources.isEmpty else {
            return Reachability(verdict: .unknown, method: "no \(language.rawValue) code lies beside it")
        }
        if let verdict = called(match, dependency, sources) { return verdict }
        let names = importNames(match, dependency)
        let seen = sources.filter { source in names.contains { Self.imports(source.uses, $0) } }
        if !seen.isEmpty {
            return Reachability(
                verdict: .imported, method: "by import of \(names.joined(separator: ", "))",
                files: Self.first(seen))
        }
        return unseen(dependency, names, sources)
    }

    private func unseen(
        _ dependency: Dependency, _ names: [String], _ sources: [(path: String, uses: SourceUses)]
    ) -> Reachability {
        if dependency.isDirect != true {
            return Reachability(
                verdict: .unknown,
                method: "packages in between may use it, and their code was not looked at")
        }
        if sources.contains(where: \.uses.isDynamic) {
            return Reachability(
                verdict: .unknown, method: "something is imported by a name that is not in the code")
        }
        if sources.first?.uses.language == .java {
            return Reachability(
                verdict: .unknown, method: "its classes may have other names than its group")
        }
        return Reachability(
            verdict: .notImported, method: "no code here imports \(names.joined(separator: ", "))")
    }

    // MARK: - Symbols

    /// Functions that the advisory names, called in a file that imports their package.
    private func called(
        _ match: AdvisoryMatch, _ dependency: Dependency, _ sources: [(path: String, uses: SourceUses)]
    ) -> Reachability? {
        let symbols = match.symbols.flatMap { symbol in Self.functions(symbol, dependency) }
        guard !symbols.isEmpty else { return nil }
        var names: Set<String> = []
        let seen = sources.filter { source in
            let found = symbols.filter { Self.calls(source.uses, $0.package, $0.name) }
            names.formUnion(found.map(\.name))
            return !found.isEmpty
        }
        guard !seen.isEmpty else { return nil }
        let list = names.sorted().prefix(Self.named).joined(separator: ", ")
        return Reachability(
            verdict: .called, method: "by the names of flawed functions: \(list)", files: Self.first(seen)
        )
    }

    private static func functions(
        _ symbol: OSVAffected.Symbols, _ dependency: Dependency
    ) -> [(package: String, name: String)] {
        guard Ecosystems.base(dependency.ecosystem) == "crates.io" else {
            return symbol.names.map { (symbol.path, $0) }
        }
        // `crate::module::Type::function`
        guard let last = symbol.path.split(separator: ":").last else { return [] }
        return [(dependency.name.replacing("-", with: "_"), String(last))]
    }

    private static func calls(_ uses: SourceUses, _ package: String, _ name: String) -> Bool {
        guard imports(uses, package) else { return false }
        if uses.language == .go {
            // `Type.Method` is called on values, whose types are not known here.
            guard let dot = name.lastIndex(of: ".") else {
                return uses.calls.contains("\(package) \(name)")
            }
            return uses.names.contains(String(name[name.index(after: dot)...]))
        }
        return uses.names.contains(name)
    }

    // MARK: - Imports

    private func importNames(_ match: AdvisoryMatch, _ dependency: Dependency) -> [String] {
        switch SourceLanguage(ecosystem: dependency.ecosystem) {
        case .python: pythonNames.names(of: dependency)
        case .rust: [dependency.name.replacing("-", with: "_")]
        case .java: [String(dependency.name.prefix { $0 != ":" })]
        case .go:
            match.symbols.isEmpty ? [dependency.name] : Array(Set(match.symbols.map(\.path))).sorted()
        case .javascript, nil: [dependency.name]
        }
    }

    /// A package, or one within it.
    private static func imports(_ uses: SourceUses, _ name: String) -> Bool {
        if uses.imports.contains(name) { return true }
        let separator: String
        switch uses.language {
        case .python, .java: separator = "."
        case .go: separator = "/"
        case .javascript, .rust: return false
        }
        return uses.imports.contains { $0.hasPrefix(name + separator) }
    }

    /// Nil where the module's packages do not lie in the tree.
    private func vendored(_ match: AdvisoryMatch, _ folder: String) -> Reachability? {
        guard let packages = built[folder], !match.symbols.isEmpty else { return nil }
        let paths = Set(match.symbols.map(\.path))
        // The standard library is in no list.
        guard paths.allSatisfy({ $0.split(separator: "/").first?.contains(".") == true }) else {
            return nil
        }
        let list = "vendor/modules.txt, which has each package that is built"
        guard paths.isDisjoint(with: packages) else {
            return Reachability(verdict: .imported, method: "by \(list)")
        }
        return Reachability(verdict: .notImported, method: "by \(list)", isProven: true)
    }

    private static func first(_ files: [(path: String, uses: SourceUses)]) -> [String] {
        Array(files.map(\.path).sorted().prefix(named))
    }
}
