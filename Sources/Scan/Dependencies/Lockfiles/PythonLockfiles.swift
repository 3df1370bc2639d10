import Formats
import JSON

/// `poetry.lock`, `uv.lock` and `pdm.lock`: TOML with a table for each package.
enum PythonLockfile {
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let root = try TOML.parse(bytes)
        var reading = LockfileReading()
        var places: [String: [Int]] = [:]
        var wants: [(index: Int?, names: [String])] = []
        for package in root["package"]?.elements ?? [] {
            guard let name = package["name"]?.string else {
                reading.gap(package.line, "a package has no name")
                continue
            }
            if isProject(package) {
                wants.append((nil, names(package)))
                continue
            }
            guard let version = package["version"]?.string else {
                reading.gap(package.line, "\(name) has no version")
                continue
            }
            places[PackageName.python(name), default: []].append(reading.dependencies.count)
            wants.append((reading.dependencies.count, names(package)))
            var dependency = Dependency(ecosystem: "PyPI", name: name, version: version, line: package.line)
            dependency.isDevelopment = package["category"]?.string.map { $0 == "dev" }
            reading.dependencies.append(dependency)
        }
        var graph = DependencyGraph()
        for want in wants {
            let targets = want.names.flatMap { places[PackageName.python($0)] ?? [] }
            graph.lead(from: want.index, to: targets)
        }
        graph.apply(to: &reading.dependencies)
        return reading
    }

    /// uv lists the projects of the workspace too.
    private static func isProject(_ package: TOML) -> Bool {
        guard let source = package["source"] else { return false }
        return source["virtual"] != nil || source["editable"] != nil
    }

    /// Poetry's are keys, uv's have a name, PDM's are requirements.
    private static func names(_ package: TOML) -> [String] {
        let groups = (package["dev-dependencies"]?.members ?? [:]).values.flatMap(\.elements)
        let listed = (package["dependencies"]?.elements ?? []) + groups
        let names = listed.compactMap { $0["name"]?.string ?? $0.string.map(RequirementsFile.name) }
        return names + (package["dependencies"]?.members.keys.sorted() ?? [])
    }
}

/// `Pipfile.lock`: JSON with exact versions.
enum PipfileLock {
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let file = try JSONLockfile(bytes)
        var reading = LockfileReading()
        for section in file.root.members where section.key != "_meta" {
            for member in section.value.members {
                let line = file.line(member.keyView)
                guard let version = member.value["version"]?.string, version.hasPrefix("==") else {
                    reading.gap(line, "\(member.key) has no exact version")
                    continue
                }
                reading.dependencies.append(
                    Dependency(
                        ecosystem: "PyPI", name: member.key, version: String(version.drop { $0 == "=" }), line: line,
                        isDevelopment: section.key == "develop"))
            }
        }
        return reading
    }
}

/// pip's requirement files (`requirements*.txt`, `requirements/*.txt`, `constraints.txt`).
enum RequirementsFile {
    static func isNamed(_ name: String, _ path: String) -> Bool {
        guard name.hasSuffix(".txt") else { return false }
        return name.hasPrefix("requirements") || name.hasSuffix("requirements.txt") || name == "constraints.txt"
            || path.split(separator: "/").dropLast().last == "requirements"
    }

    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TextError(line: 1, reason: "is not UTF-8")
        }
        var reading = LockfileReading()
        var (pending, start) = ("", 1)
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isLineEnd).enumerated() {
            if pending.isEmpty { start = index + 1 }
            if line.hasSuffix("\\") {
                pending += line.dropLast()
                continue
            }
            take(pending + line, start, &reading)
            pending = ""
        }
        if !pending.isEmpty { take(pending, start, &reading) }
        return reading
    }

    private static func take(_ line: String, _ number: Int, _ reading: inout LockfileReading) {
        // A remark begins at the start of a line or after white space.
        let end = line.hasPrefix("#") ? line.startIndex : line.firstRange(of: " #")?.lowerBound ?? line.endIndex
        let text = line[..<end].drop { $0 == " " || $0 == "\t" }
        guard let first = text.first else { return }
        if first == "-" {
            let isPackage = text.hasPrefix("-e") || text.hasPrefix("--editable")
            if isPackage { reading.gap(number, "an editable install has no version to compare") }
            return
        }
        let requirement = text.prefix { $0 != ";" }
        let name = name(String(requirement))
        let options = requirement.dropFirst(name.count).drop { $0 == " " }
        let rest = options.first == "[" ? options.drop { $0 != "]" }.dropFirst().drop { $0 == " " } : options
        guard !name.isEmpty else { return reading.gap(number, "is no requirement: \(text.prefix(60))") }
        let version = rest.drop { $0 == "=" }.drop { $0 == " " }.prefix { $0 != " " && $0 != "\t" }
        guard rest.hasPrefix("=="), !version.isEmpty, !version.contains("*"), !version.contains(",") else {
            return reading.gap(number, "\(name) is not pinned to one version (==)")
        }
        reading.dependencies.append(
            Dependency(ecosystem: "PyPI", name: name, version: String(version), line: number))
    }

    /// What a requirement (PEP 508) begins with.
    static func name(_ requirement: String) -> String {
        String(requirement.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) })
    }
}
