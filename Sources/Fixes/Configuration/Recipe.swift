import JSON

/// How a check says that its flaw is put right; see docs/fixes.md. Made from its annotations.
struct Recipe: Sendable {
    /// A value at a path of keys; the path is empty for the place itself.
    struct Setting: Sendable {
        var path: [String]
        var value: JSON
    }

    enum Base: String { case resource, found, parent }

    /// What paths begin at: the resource, the place of the flaw, or what that is in.
    var base: Base
    var settings: [Setting]
    var removals: [[String]]
    /// Elements to be added to lists that are there.
    var additions: [Setting]
    /// Blocks of Terraform to be added, by type.
    var blocks: [(type: String, attributes: JSONObject)]
    /// What holds a value has to be there already.
    var needsParent: Bool
    var json: JSON

    init(_ json: JSON) {
        self.json = json
        base = json["base"]?.string.flatMap(Base.init(rawValue:)) ?? .resource
        settings = Self.settings(json["set"])
        additions = Self.settings(json["append_to"])
        removals = (json["remove"]?.array ?? []).compactMap(\.string).map(Self.path)
        blocks = (json["add"]?.object ?? [:]).compactMap { key, value in value.object.map { (key, $0) } }
        needsParent = json["existing"]?.bool ?? false
    }

    /// Alternatives, the first that helps counts.
    static func all(_ json: JSON?) -> [Recipe] {
        (json?.array ?? json.map { [$0] } ?? []).filter { $0.object != nil }.map(Recipe.init)
    }

    func text(_ key: String) -> String? { json[key]?.string }
    func texts(_ key: String) -> [String] { json[key]?.array?.compactMap(\.string) ?? [] }

    private static func settings(_ json: JSON?) -> [Setting] {
        (json?.object ?? [:]).map { key, value in Setting(path: path(key), value: value) }
    }

    private static func path(_ text: String) -> [String] { text.split(separator: ".").map(String.init) }
}

/// Where a flaw is, as its finding says.
struct Site: Sendable {
    var format: String
    var type: String
    var name: String
    var line: Int
    var column: Int
    /// From the resource to the flaw; numbers are places in lists, or of blocks of one type.
    var path: [JSON]

    /// Nil for a finding that does not say.
    init?(_ json: JSON?) {
        guard let json, let format = json["format"]?.string, let type = json["type"]?.string,
            let name = json["name"]?.string, let line = json["line"]?.int, let column = json["column"]?.int,
            let path = json["path"]?.array
        else { return nil }
        (self.format, self.type, self.name) = (format, type, name)
        (self.line, self.column, self.path) = (line, column, path)
    }

    func start(_ recipe: Recipe) -> [JSON] {
        switch recipe.base {
        case .resource: []
        case .found: path
        case .parent: Array(path.dropLast())
        }
    }
}
