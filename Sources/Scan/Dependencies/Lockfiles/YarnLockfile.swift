import Formats

/// `yarn.lock` of yarn 1 and of the later ones ("berry").
enum YarnLockfile {
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let root = try BlockMapping.parse(bytes, spaced: true)
        var reading = LockfileReading()
        var places: [String: Int] = [:]
        var wants: [(index: Int?, entry: BlockMapping)] = []
        for (key, entry) in root.members where key != "__metadata" {
            let descriptors = key.split(separator: ",").map(descriptor)
            guard let version = entry["version"]?.value, let name = descriptors.first.map(packageName) else {
                throw TextError(line: entry.line, reason: "\"\(key.prefix(100))\" has no version")
            }
            guard entry["linkType"]?.value != "soft" else {
                wants.append((nil, entry))
                continue
            }
            for descriptor in descriptors { places[descriptor] = reading.dependencies.count }
            wants.append((reading.dependencies.count, entry))
            reading.dependencies.append(
                Dependency(ecosystem: "npm", name: real(entry, name), version: version, line: entry.line))
        }
        var graph = DependencyGraph()
        for want in wants {
            let targets = ["dependencies", "optionalDependencies"].flatMap { want.entry[$0]?.members ?? [] }
                .compactMap { places["\($0.key)@\($0.value.value)"] ?? places["\($0.key)@npm:\($0.value.value)"] }
            graph.lead(from: want.index, to: targets)
        }
        graph.apply(to: &reading.dependencies)
        return reading
    }

    private static func descriptor(_ text: Substring) -> String {
        String(text.drop { $0 == " " || $0 == "\"" }.reversed().drop { $0 == " " || $0 == "\"" }.reversed())
    }

    /// `@scope/name@range`: the name ends at the second at sign of a scope.
    private static func packageName(_ descriptor: String) -> String {
        let at = descriptor.dropFirst().firstIndex(of: "@") ?? descriptor.endIndex
        return String(descriptor[..<at])
    }

    /// An alias stands for the package that its resolution names.
    private static func real(_ entry: BlockMapping, _ name: String) -> String {
        if let resolution = entry["resolution"]?.value { return packageName(resolution) }
        guard let address = entry["resolved"]?.value, let dash = address.firstRange(of: "/-/") else { return name }
        let parts = address[..<dash.lowerBound].split(separator: "/")
        guard let last = parts.last else { return name }
        let scope = parts.dropLast().last.map { $0.hasPrefix("@") || $0.hasPrefix("%40") ? $0 : "" } ?? ""
        return scope.isEmpty
            ? String(last) : "@\(scope.drop { $0 == "@" || $0 == "%" || $0 == "4" || $0 == "0" })/\(last)"
    }
}
