import Formats
import JSON

/// `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3.
enum NPMLockfile {
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let file = try JSONLockfile(bytes)
        if let packages = file.root["packages"], packages.kind == .object { return readPackages(packages, file) }
        var reading = LockfileReading()
        if let dependencies = file.root["dependencies"] {
            readNested(dependencies, file, [], &reading)
        } else if file.root["lockfileVersion"] == nil {
            throw TextError(line: 1, reason: "has neither packages nor dependencies")
        }
        return reading
    }

    // MARK: - Versions 2 and 3

    /// `node_modules/a/node_modules/b`: what `b` is for `a`.
    private static func readPackages(_ packages: JSONView, _ file: JSONLockfile) -> LockfileReading {
        var reading = LockfileReading()
        var places: [String: Int] = [:]
        var wants: [Int: (folder: String, names: [String])] = [:]
        var roots: [(folder: String, names: [String])] = []
        for member in packages.members {
            let (folder, entry) = (member.key, member.value)
            let names = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"].flatMap {
                entry[$0]?.members.map(\.key) ?? []
            }
            guard let name = name(folder) else {
                roots.append((folder, names))
                continue
            }
            if entry["link"]?.bool == true { continue }
            let line = file.line(member.keyView)
            guard let version = version(entry, name, line, &reading) else { continue }
            places[folder] = reading.dependencies.count
            wants[reading.dependencies.count] = (folder, names)
            reading.dependencies.append(
                Dependency(
                    ecosystem: "npm", name: entry["name"]?.string ?? name, version: version, line: line,
                    isDevelopment: entry["dev"]?.bool ?? false, license: entry["license"]?.string))
        }
        var graph = DependencyGraph()
        for (index, want) in wants {
            graph.edges[index] = want.names.compactMap { resolve($0, from: want.folder, places) }
        }
        graph.direct = roots.flatMap { root in root.names.compactMap { resolve($0, from: root.folder, places) } }
        graph.apply(to: &reading.dependencies)
        return reading
    }

    /// Nil for the project itself and its workspaces.
    private static func name(_ folder: String) -> String? {
        let mark = "node_modules/"
        guard let place = folder.ranges(of: mark).last else { return nil }
        return String(folder[place.upperBound...])
    }

    /// As node looks for it: in the folder's own modules, then in those of each folder above.
    private static func resolve(_ name: String, from folder: String, _ places: [String: Int]) -> Int? {
        var folder = folder[...]
        while true {
            let candidate = folder.isEmpty ? "node_modules/\(name)" : "\(folder)/node_modules/\(name)"
            if let place = places[candidate] { return place }
            guard !folder.isEmpty else { return nil }
            if let inner = folder.ranges(of: "/node_modules/").last {
                folder = folder[..<inner.lowerBound]
            } else {
                folder = ""
            }
        }
    }

    private static func version(
        _ entry: JSONView, _ name: String, _ line: Int, _ reading: inout LockfileReading
    ) -> String? {
        guard let version = entry["version"]?.string else {
            reading.gap(line, "\(name) has no version")
            return nil
        }
        guard version.utf8.first.map({ (0x30...0x39).contains($0) }) ?? false else {
            reading.gap(line, "\(name) comes from \(version.prefix(100)), which has no version to compare")
            return nil
        }
        return version
    }

    // MARK: - Version 1

    private static func readNested(
        _ dependencies: JSONView, _ file: JSONLockfile, _ path: [String], _ reading: inout LockfileReading
    ) {
        for member in dependencies.members {
            let (name, entry) = (member.key, member.value)
            let line = file.line(member.keyView)
            // `npm:other@1.0.0` is another package under this name.
            let spelled = entry["version"]?.string ?? ""
            if spelled.hasPrefix("npm:"), let at = spelled.lastIndex(of: "@") {
                let real = String(spelled[..<at].dropFirst(4))
                add(real, String(spelled[spelled.index(after: at)...]), entry, line, &reading)
            } else if let version = version(entry, name, line, &reading) {
                add(name, version, entry, line, &reading)
            }
            if let inner = entry["dependencies"], path.count < 64 {
                readNested(inner, file, path + [name], &reading)
            }
        }
    }

    private static func add(
        _ name: String, _ version: String, _ entry: JSONView, _ line: Int, _ reading: inout LockfileReading
    ) {
        reading.dependencies.append(
            Dependency(
                ecosystem: "npm", name: name, version: version, line: line,
                isDevelopment: entry["dev"]?.bool ?? false))
    }
}
