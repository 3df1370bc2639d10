import Formats

/// `go.mod`: from Go 1.17 on it names every module that is built. What `go.sum` has beside is not built.
enum GoModule {
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
        private var block: String?
        private var replaced: [String: (name: String, version: String?)] = [:]
        private var release: (number: String, line: Int)?
        private var hasModule = false

        mutating func take(_ line: Substring, _ number: Int) throws(TextError) {
            let mark = line.firstRange(of: "//")
            let remark = mark.map { line[$0.upperBound...] } ?? ""
            var words = (mark.map { line[..<$0.lowerBound] } ?? line).split { $0.isWhitespace }.map(Self.unquoted)
            guard let first = words.first else { return }
            if first == ")" {
                block = nil
                return
            }
            let verb = block ?? first
            if block == nil {
                words.removeFirst()
                if words == ["("] {
                    block = verb
                    return
                }
            }
            try take(verb, words, remark, number)
        }

        private mutating func take(
            _ verb: String, _ words: [String], _ remark: Substring, _ number: Int
        ) throws(TextError) {
            switch verb {
            case "module": hasModule = true
            case "go": release = words.first.map { ($0, number) }
            case "toolchain":
                guard let name = words.first, name.hasPrefix("go") else { return }
                let version = GoModule.semantic(String(name.dropFirst(2)))
                reading.dependencies.append(
                    Dependency(ecosystem: "Go", name: "stdlib", version: version, line: number, isDirect: true))
            case "require":
                guard words.count >= 2 else {
                    throw TextError(line: number, reason: "require needs a module and a version")
                }
                reading.dependencies.append(
                    Dependency(
                        ecosystem: "Go", name: words[0], version: words[1], line: number,
                        isDirect: !remark.split { $0.isWhitespace || $0 == ";" }.contains("indirect")))
            case "replace": try replace(words, number)
            default: break
            }
        }

        /// `old [version] => new [version]`
        private mutating func replace(_ words: [String], _ number: Int) throws(TextError) {
            guard let arrow = words.firstIndex(of: "=>"), arrow > 0, arrow + 1 < words.count else {
                throw TextError(line: number, reason: "replace needs => and what comes instead")
            }
            let key = words[..<arrow].joined(separator: "@")
            replaced[key] = (words[arrow + 1], arrow + 2 < words.count ? words[arrow + 2] : nil)
        }

        mutating func finish() throws(TextError) -> LockfileReading {
            guard hasModule else { throw TextError(line: 1, reason: "has no module line") }
            var kept: [Dependency] = []
            for var dependency in reading.dependencies {
                let full = "\(dependency.name)@\(dependency.version)"
                if let other = replaced[full] ?? replaced[dependency.name] {
                    guard let version = other.version else {
                        reading.gap(
                            dependency.line, "\(dependency.name) is replaced by the folder \(other.name.prefix(100))")
                        continue
                    }
                    (dependency.name, dependency.version) = (other.name, version)
                }
                kept.append(dependency)
            }
            reading.dependencies = kept
            if let release, VersionScheme.semver.compare(release.number, "1.17") == .less {
                reading.gap(
                    release.line, "go \(release.number) does not list indirect modules here; raise it to 1.17 or later")
            }
            return reading
        }

        private static func unquoted(_ word: Substring) -> String {
            String(word.drop { $0 == "\"" }.prefix { $0 != "\"" })
        }
    }

    /// `1.21rc2` is `1.21.0-rc.2`, as advisories spell it.
    private static func semantic(_ version: String) -> String {
        let numbers = version.prefix { $0.isNumber || $0 == "." }
        let rest = version.dropFirst(numbers.count)
        guard !rest.isEmpty else { return version }
        let word = rest.prefix { $0.isLetter }
        let padded = numbers.filter { $0 == "." }.count < 2 ? numbers + ".0" : numbers
        return "\(padded)-\(word).\(rest.dropFirst(word.count))"
    }
}
