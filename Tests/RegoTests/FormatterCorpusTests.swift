import Formats
import Foundation
import JSON
import TestSupport
import Testing

@testable import Rego

/// What holds of every formatted module: the same meaning, the same comments, and nothing left to format.
struct FormatterCorpusTests {
    struct Source: Hashable {
        var text: String
        var version: RegoVersion
    }

    /// OPA's compliance suite, whose modules `opa fmt` has been over.
    static let compliance: [Source] = lines("rego/cases.jsonl.gz") { json in
        (json["modules"]?.array ?? []).compactMap(\.string).map { Source(text: $0, version: .v1) }
    }

    /// Gatekeeper's library, as people write.
    static let templates: [Source] = lines("admission/gatekeeper.jsonl.gz") { json in
        guard let target = json["template"]?["spec"]?["targets"]?.array?.first else { return [] }
        let source = target["code"]?.array?.first { $0["engine"]?.string == "Rego" }?["source"] ?? target
        let texts = [source["rego"]?.string].compactMap { $0 } + (source["libs"]?.array ?? []).compactMap(\.string)
        return texts.map { Source(text: $0, version: .v0) }
    }

    private static func lines(_ name: String, _ sources: (JSON) -> [Source]) -> [Source] {
        guard let file = shared(name), let text = try? gunzip(file) else { return [] }
        var found: Set<Source> = []
        return text.split(separator: UInt8(ascii: "\n")).flatMap { line in
            (try? JSON.parse(Array(line))).map(sources) ?? []
        }.filter { found.insert($0).inserted }
    }

    /// Where `GATEHOUSE_SHARED` says, or `shared/data` beside this folder or one above it.
    private static func shared(_ name: String) -> URL? {
        var places = ProcessInfo.processInfo.environment["GATEHOUSE_SHARED"].map { [URL(filePath: $0)] } ?? []
        var folder = URL(filePath: FileManager.default.currentDirectoryPath)
        for _ in 0..<4 {
            folder.deleteLastPathComponent()
            places.append(folder.appending(path: "shared"))
        }
        return places.map { $0.appending(path: "data/" + name) }
            .first { FileManager.default.fileExists(atPath: $0.path) }
    }

    private static func gunzip(_ file: URL) throws -> Data {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", file.path]
        process.standardOutput = output
        try process.run()
        defer { process.waitUntilExit() }
        return output.fileHandleForReading.readDataToEndOfFile()
    }

    // MARK: What holds

    struct Reading {
        var tree: RegoValue
        var comments: Int
        var entries: [TokenRecorder.Entry]

        init(_ text: [UInt8], _ version: RegoVersion) throws {
            let recorder = TokenRecorder()
            let source = SourceText(name: "m.rego", bytes: text)
            var (module, found) = try Parser.module(source, version: version, limits: SyntaxLimits(), recorder)
            module.imports = []
            (tree, comments, entries) = (module.syntaxTree, found.count, recorder.entries)
        }
    }

    /// Says what is wrong with the formatted text of a source; nil for one that is no module.
    static func problem(_ source: Source, _ target: FormatterOptions.Target) -> String? {
        guard let before = try? Reading(Array(source.text.utf8), source.version) else { return nil }
        var options = FormatterOptions()
        options.target = target
        let formatter = Formatter(options)
        let version = target == .v1 ? .v1 : source.version
        do {
            let output = try formatter.format(Array(source.text.utf8), name: "m.rego", version: source.version)
            let after = try Reading(output, version)
            if after.tree != before.tree { return "another meaning" }
            if after.comments != before.comments { return "\(before.comments) comments became \(after.comments)" }
            let again = try formatter.format(output, name: "m.rego", version: version)
            guard again == output else {
                return "changes again:\n" + text(UnifiedDiff(from: output, to: again).text(name: "m.rego"))
            }
            return nil
        } catch { return "\(error)" }
    }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test(.enabled(if: !compliance.isEmpty, "the compliance suite is not beside this folder"))
    func formattedModulesMeanTheSame() {
        for source in Self.compliance {
            let problem = Self.problem(source, source.text.contains("\nimport ") ? .v1 : .keep)
            #expect(problem == nil, "\(problem ?? "")\n\(source.text)")
        }
        #expect(Self.compliance.count > 1000)
    }

    /// `opa fmt` has nothing to change in these, so there should be nothing here either.
    @Test(.enabled(if: !compliance.isEmpty, "the compliance suite is not beside this folder"))
    func whatOPAFormattedStays() {
        var changed: [String] = []
        var count = 0
        for source in Self.compliance {
            let bytes = Array(source.text.utf8)
            guard let output = try? Formatter().format(bytes, name: "m.rego") else { continue }
            count += 1
            if output != bytes { changed.append(Self.text(UnifiedDiff(from: bytes, to: output).text(name: "m.rego"))) }
        }
        if let folder = ProcessInfo.processInfo.environment["FORMATTER_DIFFERENCES"] {
            try? changed.joined(separator: "\n").write(toFile: folder, atomically: true, encoding: .utf8)
        }
        #expect(Double(changed.count) / Double(count) < 0.11, "\(changed.count) of \(count)")
    }

    @Test(.enabled(if: !templates.isEmpty, "Gatekeeper's library is not beside this folder"))
    func templatesMeanTheSame() {
        for source in Self.templates {
            for target in [FormatterOptions.Target.keep, .v1] {
                let problem = Self.problem(source, target)
                #expect(problem == nil, "\(problem ?? "")\n\(source.text)")
            }
        }
        #expect(Self.templates.count > 20)
    }

    // MARK: Modules that nobody would write

    private static let samples = [
        """
        package a.b
        import data.x
        import data.y as z
        import rego.v1
        default p := {"a": [1, 2], "b": {3, 4}}
        p.q[x] contains y if { some x, y in input.z; every k, v in y { k > v; not v } }
        f(a, [b, c]) := a + (b * c) if { a with input.x as 1 with data.y as [2] } else := -3 if g({"k": a}) else := 4
        q := [v | v := $"x {input.a} {f(1, [2, 3])}"; v != set()] if { x["a"]["b c"][_] == {k: v | some k, v in {"a": 1}} }
        r if (x, y in z)
        """,
        """
        package a
        import future.keywords.in
        import input.x
        default p = false
        p { x[_] == 1; not y } { some i, j; input[i][j] }
        q[x] { x = {"a": 1}[_] with input as {1 | true} } else { false }
        s[x] = y { y := f(x) } else = 3 { true }
        f(x) = y { y = [1, x] } { y = x }
        t.u
        """,
    ]

    /// Breaks, blanks and comments wherever tokens do not have to touch.
    private static func scattered(_ source: Source, _ random: inout SeededRandom) -> Source? {
        guard let reading = try? Reading(Array(source.text.utf8), source.version) else { return nil }
        let bytes = Array(source.text.utf8)
        var text: [UInt8] = []
        var at = 0
        for entry in reading.entries where !entry.token.isAdjacent {
            let offset = Int(entry.token.place.offset)
            text += bytes[at..<offset]
            at = offset
            switch Int.random(in: 0..<8, using: &random) {
            case 0: text += Array(" # c\(offset)\n".utf8)
            case 1: text += Array("\n# d\(offset)\n\n\n# e\n".utf8)
            case 2: text += Array("\n".utf8)
            case 3: text += Array("\n\n\t".utf8)
            case 4: text += Array("  ".utf8)
            default: break
            }
        }
        return Source(text: Self.text(text + bytes[at...]), version: source.version)
    }

    @Test
    func scatteredModulesMeanTheSame() {
        var random = SeededRandom(seed: 11)
        var count = 0
        let sources =
            Self.samples.enumerated().map { Source(text: $1, version: $0 == 0 ? .v1 : .v0) }
            + Self.compliance.prefix(400) + Self.templates
        let start = ContinuousClock.now
        for round in 0..<200 where round < 20 || start.duration(to: .now) < .seconds(2) {
            for source in round < 1 ? sources : Array(sources.prefix(2)) {
                guard let changed = Self.scattered(source, &random) else { continue }
                let problem = Self.problem(changed, source.version == .v0 && round.isMultiple(of: 2) ? .v1 : .keep)
                #expect(problem == nil, "\(problem ?? "")\n\(changed.text)")
                if problem != nil { return }
                count += 1
            }
        }
        #expect(count > 30)
    }

    /// What is short because bodies share a head cannot be made into gigabytes, nor take long.
    @Test
    func manyBodiesOfOneHeadAreBounded() throws {
        let name = String(repeating: "x", count: 50_000)
        let long = "package a\n\(name)" + String(repeating: "{a}", count: 20_000)
        #expect(throws: RegoErrors.self) { try Formatter().format(Array(long.utf8), name: "m.rego", version: .v0) }
        let many = Source(text: "package a\np" + String(repeating: " {a}{true}\n", count: 1000), version: .v0)
        #expect(Self.problem(many, .v1) == nil)
    }

    /// Broken modules give errors, never anything else.
    @Test
    func brokenModulesAreRefused() {
        var random = SeededRandom(seed: 5)
        let start = ContinuousClock.now
        for _ in 0..<3000 where start.duration(to: .now) < .seconds(1) {
            var bytes = Array((Self.samples.randomElement(using: &random) ?? "").utf8)
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let at = Int.random(in: bytes.indices, using: &random)
                bytes[at] = Array("{}[]()\"`#\n,;:=|$ax. ".utf8).randomElement(using: &random) ?? 0
            }
            let source = Source(text: Self.text(bytes), version: Bool.random(using: &random) ? .v0 : .v1)
            let problem = Self.problem(source, .keep)
            #expect(problem == nil, "\(problem ?? "")\n\(source.text)")
            if problem != nil { return }
        }
    }
}
