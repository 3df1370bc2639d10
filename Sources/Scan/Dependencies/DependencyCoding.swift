import Core
import Formats
public import JSON

extension DependencyFile {
    /// As assessments keep it. Members that are not known are left out.
    var json: JSON {
        var json: JSON = [
            "path": .string(path), "kind": .string(kind), "packages": .array(dependencies.map(\.json)),
        ]
        if let layer { json["layer"] = .string(layer) }
        return json
    }

    /// Nil for what is none.
    init?(_ json: JSON) {
        guard let path = json["path"]?.string, let kind = json["kind"]?.string, let packages = json["packages"]?.array
        else { return nil }
        self.init(
            path: path, kind: kind, dependencies: packages.compactMap(Dependency.init), layer: json["layer"]?.string)
    }
}

extension Dependency {
    var json: JSON {
        let members: [(String, JSON?)] = [
            ("ecosystem", .string(ecosystem)), ("name", .string(name)), ("version", .string(version)),
            ("line", JSON(line)), ("purl", purl.map { .string($0.description) }),
            ("direct", isDirect.map { .bool($0) }),
            ("development", isDevelopment.map { .bool($0) }),
            ("via", path.count > 1 ? .array(path.map { .string($0) }) : nil), ("license", license.map { .string($0) }),
            ("license_file", licenseFile.map { .string($0) }), ("binary", binary.map { .string($0) }),
            ("source", source.map { .string($0) }),
        ]
        return .object(JSONObject(members.compactMap { key, value in value.map { (key, $0) } }))
    }

    init?(_ json: JSON) {
        guard let ecosystem = json["ecosystem"]?.string, let name = json["name"]?.string,
            let version = json["version"]?.string, let line = json["line"]?.int
        else { return nil }
        self.init(
            ecosystem: ecosystem, name: name, version: version, line: line, isDirect: json["direct"]?.bool,
            isDevelopment: json["development"]?.bool, license: json["license"]?.string)
        licenseFile = json["license_file"]?.string
        binary = json["binary"]?.string
        source = json["source"]?.string
        path = json["via"]?.array?.compactMap(\.string) ?? (isDirect == true ? [name] : [])
    }
}

extension AdvisoryFeed {
    public var json: JSON {
        [
            "ecosystem": .string(ecosystem), "source": .string(source), "as_of": .string(asOf.description),
            "imported": .string(imported.description), "advisories": JSON(advisories), "packages": JSON(packages),
            "unreadable": JSON(unreadable),
        ]
    }

    /// Nil for what is none.
    init?(_ json: JSON) {
        guard let ecosystem = json["ecosystem"]?.string, let asOf = json["as_of"]?.string.flatMap({ Timestamp($0) }),
            let imported = json["imported"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        self.init(
            ecosystem: ecosystem, source: json["source"]?.string ?? "", asOf: asOf, imported: imported,
            advisories: json["advisories"]?.int ?? 0, packages: json["packages"]?.int ?? 0,
            unreadable: json["unreadable"]?.int ?? 0, generation: 0)
    }
}
