/// A list of names that things of one kind have: services, namespaces, repositories, environments.
public struct Gazetteer: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        /// What a slot gets.
        public var value: String
        /// Other names of it.
        public var aliases: [String]

        public init(_ value: String, aliases: [String] = []) {
            self.value = value
            self.aliases = aliases
        }
    }

    /// What its slots are called: `service`.
    public var name: String
    public var entries: [Entry]
    /// Words beside a name that say that it is one of these: `service`, `app`. The gazetteer's own name is one always.
    public var cues: [String]

    public init(_ name: String, _ entries: [Entry], cues: [String] = []) {
        self.name = name
        self.entries = entries
        self.cues = cues
    }

    public init(_ name: String, values: [String], cues: [String] = []) {
        self.init(name, values.map { Entry($0) }, cues: cues)
    }
}

/// The usual words for kinds of things, beside which a name stands.
enum Cues {
    static let byName: [String: [String]] = [
        "service": ["service", "services", "svc", "app", "application", "workload"],
        "namespace": ["namespace", "namespaces", "ns"],
        "repository": ["repository", "repositories", "repo", "repos"],
        "environment": ["environment", "environments", "env"],
        "cluster": ["cluster", "clusters"],
        "deployment": ["deployment", "deployments"],
        "pod": ["pod", "pods"],
        "region": ["region", "regions"],
    ]

    static func words(for gazetteer: Gazetteer) -> [String] {
        let name = gazetteer.name.lowercased()
        return (byName[name] ?? [name, name + "s"]) + gazetteer.cues.map { $0.lowercased() }
    }
}
