import Formats

/// What a distribution's package manager says is installed, in an unpacked image. The distribution and its release stand
/// in another file: until they are known, the ecosystem is the manager's name.
enum SystemPackages {
    static let debian = "dpkg"
    static let alpine = "apk"
    static let rpm = "rpm"

    static func isDebian(_ name: String, _ path: String) -> Bool {
        path.hasSuffix("var/lib/dpkg/status")
            || (path.contains("var/lib/dpkg/status.d/") && !name.hasSuffix(".md5sums"))
    }

    static func isAlpine(_ name: String, _ path: String) -> Bool {
        path.hasSuffix("lib/apk/db/installed")
    }

    static func isRPM(_ name: String, _ path: String) -> Bool {
        ["rpmdb.sqlite", "packages", "packages.db"].contains(name)
            && (path.contains("var/lib/rpm/") || path.contains("usr/lib/sysimage/rpm/"))
    }

    static func isRPMJournal(_ name: String, _ path: String) -> Bool {
        name == "rpmdb.sqlite-wal" && isRPM("rpmdb.sqlite", path)
    }

    /// Beside the database, with what was not yet written into it.
    static func readRPMJournal(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        guard bytes.isEmpty else {
            throw TextError(line: 1, reason: "holds changes that are not in the database yet, which are not read")
        }
        return LockfileReading()
    }

    /// The database of installed packages. It has no lines: all of them stand in the first.
    static func readRPM(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let database = try RPMDatabase(bytes)
        var reading = LockfileReading()
        for package in database.packages {
            var dependency = Dependency(
                ecosystem: rpm, name: package.name, version: package.fullVersion, line: 1, license: package.license)
            dependency.source = package.source == package.name ? nil : package.source
            reading.dependencies.append(dependency)
        }
        if database.unreadable > 0 { reading.gap(1, "\(database.unreadable) entries of the database cannot be read") }
        return reading
    }

    /// Stanzas of `Key: value` (deb-control(5)). Advisories are about source packages, so these are named.
    static func readDebian(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        try stanzas(bytes, separator: ":") { (fields, line, reading) throws(TextError) in
            guard let package = fields["Package"] else { return }
            if let status = fields["Status"], !status.hasSuffix(" installed") { return }
            guard let version = fields["Version"] else {
                return reading.gap(line, "\(package.prefix(100)) has no version")
            }
            // `name` or `name (version)`
            let source = fields["Source"]?.split(separator: " ") ?? []
            let sourceVersion = source.count > 1 ? String(source[1].dropFirst().dropLast()) : version
            var dependency = Dependency(
                ecosystem: debian, name: source.first.map(String.init) ?? package, version: sourceVersion, line: line)
            dependency.binary = package
            reading.dependencies.append(dependency)
        }
    }

    /// Stanzas of `K:value` (apk's installed database); `o` is the source package.
    static func readAlpine(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        try stanzas(bytes, separator: ":") { (fields, line, reading) throws(TextError) in
            guard let package = fields["P"] else { return }
            guard let version = fields["V"] else {
                return reading.gap(line, "\(package.prefix(100)) has no version")
            }
            reading.dependencies.append(
                Dependency(
                    ecosystem: alpine, name: fields["o"] ?? package, version: version, line: line, license: fields["L"])
            )
        }
    }

    private static func stanzas(
        _ bytes: [UInt8], separator: Character,
        _ body: (_ fields: [String: String], _ line: Int, _ reading: inout LockfileReading) throws(TextError) -> Void
    ) throws(TextError) -> LockfileReading {
        var reading = LockfileReading()
        var (fields, start): ([String: String], Int) = ([:], 1)
        let text = String(decoding: bytes, as: UTF8.self)
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isLineEnd).enumerated() {
            if line.isEmpty {
                if !fields.isEmpty { try body(fields, start, &reading) }
                fields = [:]
                continue
            }
            if fields.isEmpty { start = index + 1 }
            // A line that goes on.
            if line.first == " " || line.first == "\t" { continue }
            guard let mark = line.firstIndex(of: separator) else {
                throw TextError(line: index + 1, reason: "is no field of a package")
            }
            fields[String(line[..<mark])] = String(line[line.index(after: mark)...].drop { $0 == " " })
        }
        if !fields.isEmpty { try body(fields, start, &reading) }
        return reading
    }
}
