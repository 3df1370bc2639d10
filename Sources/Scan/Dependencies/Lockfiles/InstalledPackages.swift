import Formats
import JSON

/// What a Python package says of itself once it is installed: `METADATA` of a wheel, `PKG-INFO` of an egg (core
/// metadata 2.5: header lines, then a text).
enum PythonMetadata {
    static func isNamed(_ name: String, _ path: String) -> Bool {
        let folder = path.split(separator: "/").dropLast().last ?? ""
        switch name {
        case "metadata": return folder.hasSuffix(".dist-info")
        case "pkg-info": return folder.hasSuffix(".egg-info") || folder == "EGG-INFO"
        default: return name.hasSuffix(".egg-info")
        }
    }

    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        var fields: [(key: String, value: String, line: Int)] = []
        let text = String(decoding: bytes.prefix(1 << 20), as: UTF8.self)
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isLineEnd).enumerated() {
            if line.isEmpty { break }
            // A line that goes on.
            if line.first == " " || line.first == "\t" {
                if !fields.isEmpty { fields[fields.count - 1].value += "\n" + line }
                continue
            }
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            fields.append((line[..<colon].lowercased(), String(value), index + 1))
        }
        func first(_ key: String) -> (key: String, value: String, line: Int)? { fields.first { $0.key == key } }
        guard let name = first("name"), let version = first("version")?.value, !name.value.isEmpty, !version.isEmpty
        else { throw TextError(line: 1, reason: "has no name or no version") }
        var reading = LockfileReading()
        let classifiers = fields.filter { $0.key == "classifier" }.map(\.value)
        reading.dependencies.append(
            Dependency(
                ecosystem: "PyPI", name: name.value, version: version, line: name.line,
                license: first("license-expression")?.value ?? license(first("license")?.value, classifiers)))
        return reading
    }

    /// The field holds what people like; a classifier is one of a list.
    private static func license(_ field: String?, _ classifiers: [String]) -> String? {
        let field = field.flatMap { $0.contains("\n") || $0.isEmpty || $0 == "UNKNOWN" ? nil : $0 }
        if let field, (try? LicenseExpression(lenient: field)) != nil { return field }
        let named = classifiers.filter { $0.hasPrefix("License ::") }
            .compactMap { $0.split(separator: ":").last.map { String($0.drop { $0 == " " }) } }
            .filter { $0 != "OSI Approved" }
        return named.isEmpty ? field : named.joined(separator: " AND ")
    }
}

/// `package.json` of a package that lies in `node_modules`.
enum NodePackage {
    static func isNamed(_ name: String, _ path: String) -> Bool {
        guard name == "package.json" else { return false }
        let parts = path.split(separator: "/")
        guard parts.count >= 3 else { return false }
        let isScoped = parts[parts.count - 3].hasPrefix("@")
        return parts.dropLast(isScoped ? 3 : 2).last == "node_modules"
    }

    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let file = try JSONLockfile(bytes)
        var reading = LockfileReading()
        guard let name = file.root["name"]?.string, let version = file.root["version"]?.string, !name.isEmpty else {
            reading.gap(1, "has no name or no version")
            return reading
        }
        let license = file.root["license"]
        let listed = file.root["licenses"]?.elements.compactMap { $0["type"]?.string ?? $0.string } ?? []
        reading.dependencies.append(
            Dependency(
                ecosystem: "npm", name: name, version: version, line: file.root["name"].map(file.line) ?? 1,
                license: license?.string ?? license?["type"]?.string
                    ?? (listed.isEmpty ? nil : listed.joined(separator: " OR "))))
        return reading
    }
}

/// `Cargo.toml` of a crate that `cargo vendor` put into the tree.
enum VendoredCrate {
    static func isNamed(_ name: String, _ path: String) -> Bool {
        name == "cargo.toml" && path.split(separator: "/").dropLast(2).last == "vendor"
    }

    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let root = try TOML.parse(bytes)
        var reading = LockfileReading()
        guard let package = root["package"], let name = package["name"]?.string,
            let version = package["version"]?.string
        else {
            reading.gap(1, "has no package with a name and a version")
            return reading
        }
        // Before expressions, a slash stood for a choice.
        let license = package["license"]?.string?.replacing("/", with: " OR ")
        reading.dependencies.append(
            Dependency(
                ecosystem: "crates.io", name: name, version: version, line: package["name"]?.line ?? package.line,
                license: license))
        return reading
    }
}
