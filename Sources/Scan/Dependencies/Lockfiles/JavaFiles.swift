import Formats

/// `gradle.lockfile`: `group:artifact:version=configurations`.
enum GradleLockfile {
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        var reading = LockfileReading()
        let text = String(decoding: bytes, as: UTF8.self)
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isLineEnd).enumerated() {
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix("empty=") { continue }
            let parts = line.prefix { $0 != "=" }.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }), line.contains("=") else {
                throw TextError(line: index + 1, reason: "is not group:artifact:version=configurations")
            }
            let configurations = line.drop { $0 != "=" }.dropFirst().split(separator: ",")
            reading.dependencies.append(
                Dependency(
                    ecosystem: "Maven", name: "\(parts[0]):\(parts[1])", version: String(parts[2]), line: index + 1,
                    isDevelopment: configurations.allSatisfy { $0.lowercased().hasPrefix("test") }))
        }
        return reading
    }
}

/// `pom.xml`: what the project itself declares, with properties of the same file. What its parent decides is not there.
enum MavenProject {
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let project = try XML.parse(bytes)
        guard project.name == "project" else { throw TextError(line: project.line, reason: "is no Maven project") }
        let properties = properties(project)
        var managed: [String: String] = [:]
        for entry in project.first("dependencyManagement")?.first("dependencies")?.all("dependency") ?? [] {
            managed[name(entry, properties)] = resolved(entry.first("version")?.text, properties)
        }
        var reading = LockfileReading()
        let bodies = [project] + (project.first("profiles")?.all("profile") ?? [])
        for entry in bodies.flatMap({ $0.first("dependencies")?.all("dependency") ?? [] }) {
            let name = name(entry, properties)
            guard let version = resolved(entry.first("version")?.text, properties) ?? managed[name] else {
                reading.gap(entry.line, "the version of \(name) is decided outside of this file")
                continue
            }
            guard !version.contains("${"), !version.hasPrefix("["), !version.hasPrefix("(") else {
                reading.gap(entry.line, "the version of \(name) is \(version.prefix(100)), which is not one version")
                continue
            }
            reading.dependencies.append(
                Dependency(
                    ecosystem: "Maven", name: name, version: version, line: entry.line, isDirect: true,
                    isDevelopment: entry.first("scope")?.text == "test"))
        }
        if !reading.dependencies.isEmpty {
            reading.gap(1, "a pom.xml does not name what its dependencies bring with them; lock them, or give an SBOM")
        }
        return reading
    }

    private static func properties(_ project: XML) -> [String: String] {
        var out: [String: String] = [:]
        let parent = project.first("parent")
        for key in ["groupId", "artifactId", "version"] {
            let value = project.first(key)?.text ?? parent?.first(key)?.text
            out["project.\(key)"] = value
            out["pom.\(key)"] = value
            out["project.parent.\(key)"] = parent?.first(key)?.text
        }
        for property in project.first("properties")?.children ?? [] { out[property.name] = property.text }
        return out
    }

    private static func name(_ entry: XML, _ properties: [String: String]) -> String {
        let parts = ["groupId", "artifactId"].map { resolved(entry.first($0)?.text, properties) ?? "" }
        return parts.joined(separator: ":")
    }

    /// With `${name}` replaced; properties may name others, a few levels deep. Nil for an empty text.
    private static func resolved(_ text: String?, _ properties: [String: String]) -> String? {
        guard var text, !text.isEmpty else { return nil }
        for _ in 0..<16 {
            guard let start = text.firstRange(of: "${"), let end = text[start.upperBound...].firstIndex(of: "}"),
                let value = properties[String(text[start.upperBound..<end])], text.utf8.count < 4096
            else { break }
            text.replaceSubrange(start.lowerBound...end, with: value)
        }
        return text
    }
}
