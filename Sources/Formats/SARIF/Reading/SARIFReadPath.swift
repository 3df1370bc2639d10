import JSON
import Web

extension SARIF {
    /// What an `artifactLocation` points at, decoded.
    public struct ReadPath: Sendable, Hashable {
        /// From the root that the tool had, without dot segments.
        public var relative: String?
        /// On the machine that the tool ran on.
        public var absolute: String?
        /// `http` or `https`, without query, fragment and credentials.
        public var address: String?

        /// Whether it is one that could not be understood.
        public var isUnusable: Bool { relative == nil && absolute == nil && address == nil }

        init(relative: String? = nil, absolute: String? = nil, address: String? = nil) {
            self.relative = relative
            self.absolute = absolute
            self.address = address
        }
    }

    /// A location that cannot be used, and why.
    struct PathError: Error { var reason: String }

    /// Tells what artifact locations of one run mean (3.4 and 3.14.14 of the standard).
    struct PathResolver {
        private let bases: JSONObject
        private let artifacts: [JSON]
        private static let greatestDepth = 16
        private static let greatestLength = 4096

        init(_ run: JSON) {
            bases = run["originalUriBaseIds"]?.object ?? [:]
            artifacts = run["artifacts"]?.array ?? []
        }

        /// Absolute folders among the bases.
        var roots: [String] {
            bases.prefix(100).compactMap { key, _ in
                guard let path = try? base(key, depth: 0), let absolute = path.absolute else { return nil }
                return absolute.hasSuffix("/") ? absolute : absolute + "/"
            }
        }

        func path(_ location: JSON) throws(PathError) -> ReadPath {
            if let uri = location["uri"]?.string { return try path(uri, location["uriBaseId"]?.string, depth: 0) }
            guard let index = location["index"]?.int, artifacts.indices.contains(index),
                let inner = artifacts[index]["location"], let uri = inner["uri"]?.string
            else { throw PathError(reason: "names no file") }
            return try path(uri, inner["uriBaseId"]?.string, depth: 0)
        }

        private func path(_ uri: String, _ baseID: String?, depth: Int) throws(PathError) -> ReadPath {
            guard uri.utf8.count <= Self.greatestLength else { throw PathError(reason: "has an address without end") }
            var reference = URIReference(uri)
            // `c:\a`, and folders divided as on Windows.
            if reference.path.contains("\\"), !reference.path.contains("/") {
                reference.path = String(reference.path.map { $0 == "\\" ? "/" : $0 })
            }
            switch reference.scheme {
            case nil: break
            case "file": return ReadPath(absolute: try Self.normal(Self.decoded(reference.path), isAbsolute: true))
            case "http", "https": return ReadPath(address: try Self.address(reference))
            case let scheme?: throw PathError(reason: "is at \(scheme.prefix(20)):, and not in a file")
            }
            let path = try Self.decoded(reference.path)
            if path.hasPrefix("/") { return ReadPath(absolute: try Self.normal(path, isAbsolute: true)) }
            guard let baseID, let base = try base(baseID, depth: depth) else {
                return ReadPath(relative: try Self.normal(path, isAbsolute: false))
            }
            var joined = ReadPath()
            // Below a base that is absolute, a path is relative to what the tool looked at.
            joined.relative = try Self.normal((base.relative.map { $0 + "/" } ?? "") + path, isAbsolute: false)
            if let absolute = base.absolute {
                joined.absolute = try Self.normal(absolute + "/" + path, isAbsolute: true)
            }
            return joined
        }

        /// What a base stands for; nil for one that is left to the reader to know.
        private func base(_ id: String, depth: Int) throws(PathError) -> ReadPath? {
            guard depth < Self.greatestDepth else { throw PathError(reason: "has bases that lead in a circle") }
            guard let base = bases[id] else { return nil }
            guard let uri = base["uri"]?.string, !uri.isEmpty else {
                guard let outer = base["uriBaseId"]?.string else { return nil }
                return try self.base(outer, depth: depth + 1)
            }
            return try path(uri, base["uriBaseId"]?.string, depth: depth + 1)
        }

        private static func decoded(_ text: String) throws(PathError) -> String {
            guard let decoded = Percent.decode(text) else {
                throw PathError(reason: "has an address that is not encoded as it should be")
            }
            guard !decoded.utf8.contains(0) else { throw PathError(reason: "has an address with a NUL in it") }
            return decoded
        }

        private static func normal(_ path: String, isAbsolute: Bool) throws(PathError) -> String {
            var kept: [Substring] = []
            for part in path.split(separator: "/") where part != "." {
                if part != ".." {
                    kept.append(part)
                } else if kept.popLast() == nil {
                    throw PathError(reason: "leads out of what was looked at")
                }
            }
            return (isAbsolute ? "/" : "") + kept.joined(separator: "/")
        }

        /// Queries may hold tokens, and so may the part before the host.
        private static func address(_ reference: URIReference) throws(PathError) -> String {
            guard let scheme = reference.scheme, var host = reference.authority, !host.isEmpty else {
                throw PathError(reason: "has an address without a host")
            }
            if let mark = host.lastIndex(of: "@") { host = String(host[host.index(after: mark)...]) }
            let text = "\(scheme)://\(host)\(reference.path)"
            guard text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x3C && $0 != 0x3E }) else {
                throw PathError(reason: "has an address that is not encoded as it should be")
            }
            return text
        }
    }
}
