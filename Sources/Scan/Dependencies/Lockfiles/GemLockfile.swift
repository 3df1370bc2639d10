import Formats

/// Bundler's `Gemfile.lock`.
enum GemLockfile {
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        var file = File()
        let text = String(decoding: bytes, as: UTF8.self)
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isLineEnd).enumerated() {
            try file.take(line, index + 1)
        }
        return try file.finish()
    }

    private struct File {
        private var reading = LockfileReading()
        private var section = ""
        private var places: [String: Int] = [:]
        private var wants: [Int: [String]] = [:]
        private var direct: [String] = []
        private var sections = 0

        mutating func take(_ line: Substring, _ number: Int) throws(TextError) {
            let indent = line.prefix { $0 == " " }.count
            let content = line.dropFirst(indent)
            guard !content.isEmpty else { return }
            guard !content.hasPrefix("<<<<<<<"), !content.hasPrefix(">>>>>>>") else {
                throw TextError(line: number, reason: "is left from a merge")
            }
            if indent == 0 {
                section = String(content)
                sections += 1
                return
            }
            switch (section, indent) {
            case ("GEM", 4), ("GIT", 4): try spec(content, number)
            case ("GEM", 6), ("GIT", 6):
                wants[reading.dependencies.count - 1, default: []].append(Self.word(content))
            case ("DEPENDENCIES", 2): direct.append(String(Self.word(content).prefix { $0 != "!" }))
            default: break
            }
        }

        /// `name (version)` or `name (version-platform)`
        private mutating func spec(_ content: Substring, _ number: Int) throws(TextError) {
            let name = Self.word(content)
            let rest = content.dropFirst(name.utf8.count)
            guard rest.hasPrefix(" ("), rest.hasSuffix(")") else {
                throw TextError(line: number, reason: "\(name.prefix(100)) has no version")
            }
            let version = rest.dropFirst(2).dropLast().prefix { $0 != "-" }
            let known = places[name].map { reading.dependencies[$0].version == version } ?? false
            // The same version for another platform.
            if known { return }
            places[name] = reading.dependencies.count
            reading.dependencies.append(
                Dependency(ecosystem: "RubyGems", name: name, version: String(version), line: number))
        }

        func finish() throws(TextError) -> LockfileReading {
            guard sections > 0 else { throw TextError(line: 1, reason: "has no section") }
            var reading = reading
            var graph = DependencyGraph()
            graph.direct = direct.compactMap { places[$0] }
            for (index, names) in wants { graph.edges[index] = names.compactMap { places[$0] } }
            graph.apply(to: &reading.dependencies)
            return reading
        }

        private static func word(_ text: Substring) -> String { String(text.prefix { $0 != " " }) }
    }
}
