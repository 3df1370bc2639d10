import Formats
import JSON

/// NuGet's `packages.lock.json`.
enum NuGetLockfile {
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let file = try JSONLockfile(bytes)
        guard let frameworks = file.root["dependencies"] else {
            throw TextError(line: 1, reason: "has no dependencies")
        }
        var reading = LockfileReading()
        for framework in frameworks.members {
            var places: [String: Int] = [:]
            var wants: [(Int, [String])] = []
            var graph = DependencyGraph()
            var found: [Dependency] = []
            for member in framework.value.members where member.value["type"]?.string != "Project" {
                let line = file.line(member.keyView)
                guard let version = member.value["resolved"]?.string else {
                    reading.gap(line, "\(member.key) has no resolved version")
                    continue
                }
                if member.value["type"]?.string == "Direct" { graph.direct.append(found.count) }
                places[member.key.lowercased()] = found.count
                wants.append((found.count, member.value["dependencies"]?.members.map { $0.key.lowercased() } ?? []))
                found.append(Dependency(ecosystem: "NuGet", name: member.key, version: version, line: line))
            }
            for (index, names) in wants { graph.edges[index] = names.compactMap { places[$0] } }
            graph.apply(to: &found)
            reading.dependencies += found
        }
        return reading
    }
}

/// Composer's `composer.lock`.
enum ComposerLockfile {
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let file = try JSONLockfile(bytes)
        guard let packages = file.root["packages"] else { throw TextError(line: 1, reason: "has no packages") }
        var reading = LockfileReading()
        for (list, isDevelopment) in [(packages, false), (file.root["packages-dev"], true)] {
            for package in list?.elements.map(\.self) ?? [] {
                guard let name = package["name"]?.string, let version = package["version"]?.string else {
                    reading.gap(file.line(package), "a package has no name or no version")
                    continue
                }
                let licenses = package["license"]?.elements.compactMap(\.string) ?? []
                reading.dependencies.append(
                    Dependency(
                        ecosystem: "Packagist", name: name, version: version, line: file.line(package),
                        isDevelopment: isDevelopment,
                        license: licenses.isEmpty ? nil : licenses.joined(separator: " OR ")))
            }
        }
        return reading
    }
}

/// Dart's `pubspec.lock`.
enum PubLockfile {
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let root = try BlockMapping.parse(bytes)
        guard let packages = root["packages"] else { throw TextError(line: 1, reason: "has no packages") }
        var reading = LockfileReading()
        for (name, entry) in packages.members where entry["source"]?.value != "sdk" {
            guard let version = entry["version"]?.value, !version.isEmpty else {
                reading.gap(entry.line, "\(name) has no version")
                continue
            }
            let kind = entry["dependency"]?.value ?? ""
            reading.dependencies.append(
                Dependency(
                    ecosystem: "Pub", name: name, version: version, line: entry.line,
                    isDirect: kind.hasPrefix("direct"), isDevelopment: kind == "direct dev" ? true : nil))
        }
        return reading
    }
}

/// Elixir's `mix.lock`: `"name": {:hex, :name, "version", …},` a line each.
enum MixLockfile {
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        var reading = LockfileReading()
        let text = String(decoding: bytes, as: UTF8.self)
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isLineEnd).enumerated() {
            let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
            guard parts.count >= 3 else {
                let isFrame = line.allSatisfy { "%{} \t\r,".contains($0) }
                guard isFrame else { throw TextError(line: index + 1, reason: "is no entry of a mix.lock") }
                continue
            }
            let kind = parts[2].drop { $0 == ":" || $0 == " " || $0 == "{" }
            guard kind.hasPrefix("hex"), parts.count >= 4 else {
                reading.gap(index + 1, "\(parts[1].prefix(100)) does not come from Hex")
                continue
            }
            let atom = kind.split(separator: ",").dropFirst().first?.drop { $0 == " " || $0 == ":" } ?? parts[1]
            let name = atom.prefix { $0 != " " && $0 != "," }
            reading.dependencies.append(
                Dependency(
                    ecosystem: "Hex", name: String(name.isEmpty ? parts[1] : name), version: String(parts[3]),
                    line: index + 1))
        }
        return reading
    }
}

/// SwiftPM's `Package.resolved`, versions 1 to 3.
enum SwiftLockfile {
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let file = try JSONLockfile(bytes)
        guard let pins = file.root["pins"] ?? file.root["object"]?["pins"] else {
            throw TextError(line: 1, reason: "has no pins")
        }
        var reading = LockfileReading()
        for pin in pins.elements {
            let line = file.line(pin)
            guard let location = pin["location"]?.string ?? pin["repositoryURL"]?.string else {
                reading.gap(line, "a pin has no location")
                continue
            }
            guard let version = pin["state"]?["version"]?.string else {
                reading.gap(line, "\(location.prefix(200)) is pinned to a commit, which is no version to compare")
                continue
            }
            reading.dependencies.append(
                Dependency(ecosystem: "SwiftURL", name: name(location), version: version, line: line))
        }
        return reading
    }

    /// `https://github.com/a/b.git` and `git@github.com:a/b` are `github.com/a/b`.
    private static func name(_ location: String) -> String {
        var text = location.firstRange(of: "://").map { location[$0.upperBound...] } ?? location[...]
        if let at = text.firstIndex(of: "@") { text = text[text.index(after: at)...] }
        if text.hasSuffix(".git") { text = text.dropLast(4) }
        return String(text.map { $0 == ":" ? "/" : $0 })
    }
}

/// Conan's `conan.lock`, of Conan 1 and 2.
enum ConanLockfile {
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let file = try JSONLockfile(bytes)
        var reading = LockfileReading()
        for key in ["requires", "build_requires", "python_requires"] {
            for entry in file.root[key]?.elements.map(\.self) ?? [] {
                take(entry.string ?? "", file.line(entry), key == "build_requires", &reading)
            }
        }
        for node in file.root["graph_lock"]?["nodes"]?.members.map(\.value) ?? [] {
            // The project itself has a reference without a recipe's revision, or none.
            guard let reference = node["ref"]?.string, reference.contains("/") else { continue }
            take(reference, file.line(node), false, &reading)
        }
        return reading
    }

    /// `name/version[@user/channel][#revision][%time]`
    private static func take(_ reference: String, _ line: Int, _ isTool: Bool, _ reading: inout LockfileReading) {
        let plain = reference.prefix { !"@#%".contains($0) }
        let parts = plain.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            return reading.gap(line, "\(reference.prefix(100)) is no reference to a package")
        }
        reading.dependencies.append(
            Dependency(
                ecosystem: "ConanCenter", name: String(parts[0]), version: String(parts[1]), line: line,
                isDevelopment: isTool ? true : nil))
    }
}
