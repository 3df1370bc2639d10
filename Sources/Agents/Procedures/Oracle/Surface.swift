import JSON

/// Where strangers come in: which findings lie in what serves them.
struct Surface {
    private static let mostEntries = 300

    private struct Entry {
        var name: String
        var folder: Substring
    }

    private let entries: [Entry]

    /// - Parameter map: as the explorer gives it.
    init(_ map: JSON) {
        let all = (map["entry_points"]?.array ?? []).prefix(Self.mostEntries)
        entries = all.filter { $0["public"]?.bool == true }.compactMap { entry in
            guard let path = entry["path"]?.string, let name = entry["name"]?.string else { return nil }
            return Entry(name: name.cut(to: 80), folder: Self.folder(of: path))
        }
    }

    /// How strangers get near it, in words; nil where none is known to.
    func way(to finding: FindingBrief) -> String? {
        guard !finding.path.isEmpty else { return nil }
        let folder = Self.folder(of: finding.path)
        let entry = entries.first { entry in
            folder == entry.folder || (!entry.folder.isEmpty && folder.hasPrefix(entry.folder + "/"))
        }
        return entry.map { "it lies with what answers \($0.name) to the public" }
    }

    private static func folder(of path: String) -> Substring {
        path.lastIndex(of: "/").map { path[..<$0] } ?? ""
    }
}
