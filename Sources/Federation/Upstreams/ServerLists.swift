import JSON

/// All that a server offers, as it sent it.
struct ServerLists: Sendable, Hashable {
    var tools: [JSON] = []
    var prompts: [JSON] = []
    /// Nil for a server without anything to be read.
    var readable: Readable?

    struct Readable: Sendable, Hashable {
        var resources: [JSON] = []
        var templates: [JSON] = []
    }
}

extension ServerLists {
    /// What several users are offered, by user; of what has the same name, the first user's.
    init(merging lists: [String: ServerLists]) {
        let all = lists.sorted { $0.key < $1.key }.map(\.value)
        tools = Self.distinct(all.flatMap(\.tools), by: "name")
        prompts = Self.distinct(all.flatMap(\.prompts), by: "name")
        let readable = all.compactMap(\.readable)
        guard !readable.isEmpty else { return }
        self.readable = Readable(
            resources: Self.distinct(readable.flatMap(\.resources), by: "uri"),
            templates: Self.distinct(readable.flatMap(\.templates), by: "uriTemplate"))
    }

    private static func distinct(_ items: [JSON], by key: String) -> [JSON] {
        var seen: Set<JSON> = []
        return items.filter { seen.insert($0[key] ?? .null).inserted }
    }
}
