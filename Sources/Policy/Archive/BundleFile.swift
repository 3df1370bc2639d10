internal import Core

/// A file of a bundle.
struct BundleFile {
    /// From the bundle's root, with slashes and none at the start.
    let path: String
    let bytes: [UInt8]

    var name: Substring { path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...] }
    /// The folders that it lies in.
    var folders: [String] { path.split(separator: "/").dropLast().map(String.init) }
}

extension GatehouseError {
    static func bundle(_ code: Code, _ message: String, hint: String? = nil) -> GatehouseError {
        GatehouseError("policy", code, "the bundle \(message)", hint: hint)
    }
}

/// Paths of entries. They never reach a file system: what is refused here is what no honest tool writes.
enum EntryPath {
    /// The steps of an entry's path joined by slashes; empty for the root. `opa build` starts paths with a slash.
    ///
    /// - Throws: `invalid` for what leads out of the bundle or can be read in two ways; `too_large`.
    static func normalized(_ bytes: ArraySlice<UInt8>, _ limits: BundleLimits) throws(GatehouseError) -> String {
        guard bytes.count <= limits.pathBytes else {
            throw .bundle(.tooLarge, "has an entry whose path has more than \(limits.pathBytes) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .bundle(.invalid, "has an entry whose path is no UTF-8: \(shown(bytes))")
        }
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) else {
            throw .bundle(.invalid, "has an entry whose path has a control character or backslash: \(shown(bytes))")
        }
        var relative = text[...]
        if relative.hasPrefix("/") { relative = relative.dropFirst() }
        if relative.hasSuffix("/") { relative = relative.dropLast() }
        if relative.isEmpty { return "" }
        var steps: [Substring] = []
        for step in relative.split(separator: "/", omittingEmptySubsequences: false) where step != "." {
            guard step != "..", !step.isEmpty else {
                throw .bundle(.invalid, "has an entry whose path leads elsewhere: \(shown(bytes))")
            }
            steps.append(step)
        }
        guard steps.count <= limits.depth else {
            throw .bundle(.tooLarge, "has an entry in more than \(limits.depth) folders: \(shown(bytes))")
        }
        return steps.joined(separator: "/")
    }

    /// For messages: printable and short.
    static func shown(_ bytes: some Collection<UInt8>) -> String {
        let text = bytes.prefix(120).map { (0x20..<0x7F).contains($0) ? Character(Unicode.Scalar($0)) : "?" }
        return String(text) + (bytes.count > 120 ? "…" : "")
    }
}
