import Formats

/// `usr/share/doc/PACKAGE/copyright` of an unpacked image: Debian's machine-readable form (copyright-format 1.0), which
/// names a license for each part of a package. Of a text that is not, nothing can be told.
enum DebianCopyright {
    /// Of which installed package; nil for another file.
    static func package(_ path: String) -> String? {
        let parts = path.split(separator: "/")
        guard parts.count >= 5, parts.suffix(5).dropLast(2).elementsEqual(["usr", "share", "doc"]),
            parts.last == "copyright"
        else { return nil }
        return String(parts[parts.count - 2])
    }

    /// All licenses that its parts have, since all parts are in the package; nil where none is named.
    static func read(_ bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes.prefix(4 << 20), as: UTF8.self)
        var seen: Set<String> = []
        var names: [String] = []
        var isPart = false
        guard text.prefix(4096).contains("copyright-format/1.0") else { return nil }
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isLineEnd) {
            if line.isEmpty { isPart = false }
            if line.hasPrefix("Files:") { isPart = true }
            // Of the whole, in the header.
            guard line.hasPrefix("License:"), isPart || names.isEmpty else { continue }
            let name = String(line.dropFirst("License:".count).drop { $0 == " " })
            if !name.isEmpty, isPart, seen.insert(name).inserted { names.append(name) }
        }
        guard !names.isEmpty else { return nil }
        return names.count == 1 ? names[0] : names.map { "(\($0))" }.joined(separator: " and ")
    }
}
