import Formats

/// `pnpm-lock.yaml`, versions 5 to 9.
enum PNPMLockfile {
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let root = try BlockMapping.parse(bytes)
        guard root["lockfileVersion"] != nil else { throw TextError(line: 1, reason: "has no lockfileVersion") }
        var reading = LockfileReading()
        var places: [String: Int] = [:]
        for (key, entry) in root["packages"]?.members ?? [] {
            guard let (name, version) = parts(key, entry) else {
                reading.gap(entry.line, "\(key.prefix(100)) has no version to compare")
                continue
            }
            places["\(name)@\(version)"] = reading.dependencies.count
            var dependency = Dependency(ecosystem: "npm", name: name, version: version, line: entry.line)
            dependency.isDevelopment = entry["dev"].map { $0.value == "true" }
            reading.dependencies.append(dependency)
        }
        link(root, places, &reading)
        return reading
    }

    private static func link(_ root: BlockMapping, _ places: [String: Int], _ reading: inout LockfileReading) {
        var graph = DependencyGraph()
        let bodies = (root["packages"]?.members ?? []) + (root["snapshots"]?.members ?? [])
        for (key, entry) in bodies {
            guard let (name, version) = parts(key, entry), let from = places["\(name)@\(version)"] else { continue }
            graph.edges[from, default: []] += targets(entry, places)
        }
        let projects = root["importers"]?.members.map(\.value) ?? [root]
        graph.direct = projects.flatMap { targets($0, places) }
        graph.apply(to: &reading.dependencies)
    }

    private static func targets(_ entry: BlockMapping, _ places: [String: Int]) -> [Int] {
        ["dependencies", "devDependencies", "optionalDependencies"].flatMap { entry[$0]?.members ?? [] }
            .compactMap { member in
                let spelled = member.value["version"]?.value ?? member.value.value
                if let place = places["\(member.key)@\(plain(spelled))"] { return place }
                // An alias names the other package in full.
                return parts(spelled, member.value).flatMap { places["\($0.0)@\($0.1)"] }
            }
    }

    /// `/name/1.0.0_peer`, `/@scope/name@1.0.0(peer)`, `name@1.0.0`. Nil for what is no release of the registry.
    private static func parts(_ key: String, _ entry: BlockMapping) -> (String, String)? {
        let text = key.prefix { $0 != "(" }.drop { $0 == "/" }
        if key.hasPrefix("/"), let old = slashed(text) { return old }
        let start = text.hasPrefix("@") ? text.index(after: text.startIndex) : text.startIndex
        let separator: String.Index?
        if let at = text[start...].lastIndex(of: "@") {
            separator = at
        } else {
            separator = text.lastIndex(of: "/")
        }
        guard let separator else { return nil }
        let version = plain(String(text[text.index(after: separator)...]))
        guard version.utf8.first.map({ (0x30...0x39).contains($0) }) ?? false else { return nil }
        return (String(text[..<separator]), version)
    }

    /// `name/1.0.0_peer@2.0.0`: as versions before 6 spell it.
    private static func slashed(_ text: Substring) -> (String, String)? {
        let parts = text.split(separator: "/")
        let count = text.hasPrefix("@") ? 2 : 1
        guard parts.count == count + 1, let version = parts.last, version.utf8.first.map(isDigit) ?? false else {
            return nil
        }
        return (parts.prefix(count).joined(separator: "/"), plain(String(version)))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Without the peers that it was resolved for.
    private static func plain(_ version: String) -> String { String(version.prefix { $0 != "(" && $0 != "_" }) }
}
