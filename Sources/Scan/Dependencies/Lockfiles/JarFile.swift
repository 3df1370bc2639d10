import Archive
import Core
import Formats

/// A Java archive: which Maven packages it is made of, by the `pom.properties` that Maven leaves in it, also in archives
/// within. One without is of no package that can be told.
enum JarFile {
    static func isNamed(_ name: String, _ path: String) -> Bool {
        [".jar", ".war", ".ear", ".hpi"].contains { name.hasSuffix($0) }
    }

    /// What is kept of an archive instead of its bytes: a line for each package. Begins with this.
    private static let mark = "packages of a java archive\n"
    private static let maximumDepth = 3
    private static let maximumMembers = 50_000
    private static let memberBytes = 64 << 20

    /// - Parameter bytes: of the archive, or what was kept of it.
    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        var reading = LockfileReading()
        let kept = bytes.starts(with: Array(mark.utf8)) ? bytes : condensed(bytes)
        for line in String(decoding: kept.dropFirst(mark.utf8.count), as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            switch parts.first {
            case "gap" where parts.count == 2: reading.gap(1, parts[1])
            case "damaged" where parts.count == 2: throw TextError(line: 1, reason: parts[1])
            case "package" where parts.count == 4:
                reading.dependencies.append(
                    Dependency(
                        ecosystem: "Maven", name: parts[1], version: parts[2], line: 1,
                        license: parts[3].isEmpty ? nil : parts[3]))
            default: break
            }
        }
        return reading
    }

    static func condensed(_ bytes: [UInt8]) -> [UInt8] {
        var listing = Listing()
        listing.look(into: bytes, depth: 0)
        if listing.lines.isEmpty {
            listing.say("gap", "no Maven package says that the archive is of it (META-INF/maven/…/pom.properties)")
        }
        return Array((mark + listing.lines.joined(separator: "\n")).utf8)
    }

    private struct Listing {
        var lines: [String] = []
        private var membersLeft = maximumMembers
        private var bytesLeft = 256 << 20

        mutating func say(_ kind: String, _ words: String...) {
            let clean = words.map { String($0.prefix(1000).map { $0.isNewline || $0 == "\t" ? " " : $0 }) }
            lines.append(([kind] + clean).joined(separator: "\t"))
        }

        mutating func look(into bytes: [UInt8], depth: Int) {
            let entries: [ZipArchive.Entry]
            let archive: ZipArchive
            do throws(GatehouseError) {
                archive = try ZipArchive(MemorySource(bytes))
                entries = archive.entries
            } catch {
                return say(depth == 0 ? "damaged" : "gap", error.message)
            }
            for entry in entries {
                membersLeft -= 1
                guard membersLeft > 0, bytesLeft > 0 else {
                    return say("gap", "has more in it than is read (\(maximumMembers) members)")
                }
                if entry.name.hasPrefix("META-INF/maven/"), entry.name.hasSuffix("/pom.properties") {
                    package(entry, archive)
                } else if JarFile.isNamed(entry.name.lowercased(), ""), !entry.isFolder {
                    guard depth + 1 < maximumDepth else { return say("gap", "archives in it are nested too deeply") }
                    if let inner = content(entry, archive) { look(into: inner, depth: depth + 1) }
                }
            }
        }

        private mutating func content(_ entry: ZipArchive.Entry, _ archive: ZipArchive) -> [UInt8]? {
            do throws(GatehouseError) {
                let bytes = try archive.read(entry, limit: min(memberBytes, bytesLeft))
                bytesLeft -= bytes.count
                return bytes
            } catch {
                say("gap", error.message)
                return nil
            }
        }

        private mutating func package(_ entry: ZipArchive.Entry, _ archive: ZipArchive) {
            guard let bytes = content(entry, archive) else { return }
            var fields: [String: String] = [:]
            for line in String(decoding: bytes.prefix(1 << 16), as: UTF8.self).split(whereSeparator: \.isNewline) {
                guard let equals = line.firstIndex(of: "="), !line.hasPrefix("#") else { continue }
                fields[String(line[..<equals])] = String(line[line.index(after: equals)...])
            }
            guard let group = fields["groupId"], let artifact = fields["artifactId"], let version = fields["version"],
                ![group, artifact, version].contains("")
            else { return say("gap", "\(entry.name) names no package") }
            let pom = entry.name.dropLast("pom.properties".count) + "pom.xml"
            let project = archive.entries.first { $0.name == pom }.flatMap { content($0, archive) }
            say("package", "\(group):\(artifact)", version, project.flatMap(Self.license) ?? "")
        }

        /// Of several, one may be chosen (POM reference, "Licenses").
        private static func license(_ bytes: [UInt8]) -> String? {
            let names = (try? XML.parse(bytes))?.first("licenses")?.all("license").compactMap { $0.first("name")?.text }
            guard let names, !names.isEmpty else { return nil }
            return names.joined(separator: " or ")
        }
    }
}
