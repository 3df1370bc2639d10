import Formats

/// `Cargo.lock`, versions 1 to 4.
enum CargoLockfile {
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let root = try TOML.parse(bytes)
        var reading = LockfileReading()
        var places: [String: [Int]] = [:]
        var wants: [(index: Int?, names: [String])] = []
        for package in root["package"]?.elements ?? [] {
            guard let name = package["name"]?.string, let version = package["version"]?.string else {
                throw TextError(line: package.line, reason: "a package has no name or no version")
            }
            let names = package["dependencies"]?.elements.compactMap(\.string) ?? []
            guard let source = package["source"]?.string else {
                // What has no source is of the workspace.
                wants.append((nil, names))
                continue
            }
            guard source.hasPrefix("registry+") || source.hasPrefix("sparse+") else {
                reading.gap(package.line, "\(name) comes from \(source.prefix(100)), not from a registry")
                continue
            }
            let index = reading.dependencies.count
            places[name, default: []].append(index)
            places["\(name) \(version)", default: []].append(index)
            wants.append((index, names))
            reading.dependencies.append(
                Dependency(ecosystem: "crates.io", name: name, version: version, line: package.line))
        }
        var graph = DependencyGraph()
        for want in wants {
            // `name`, `name version`, `name version (source)`
            let targets = want.names.flatMap { places[$0.split(separator: " ").prefix(2).joined(separator: " ")] ?? [] }
            graph.lead(from: want.index, to: targets)
        }
        graph.apply(to: &reading.dependencies)
        return reading
    }
}
