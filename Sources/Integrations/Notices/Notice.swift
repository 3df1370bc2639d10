public import Core
public import JSON

/// What is to be told to another system, in one shape for all of them.
public struct Notice: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case finding, incident, approval, digest, run, custom
    }

    /// Where what it tells about stands. A later notice with the same ``dedupeKey`` moves it on.
    public enum State: String, Sendable, Hashable, CaseIterable {
        case open, acknowledged, resolved
    }

    /// Bounds, in characters; of ``facts`` in bytes as they are written.
    package enum Limits {
        package static let title = 2000
        package static let text = 60_000
        package static let link = 2048
        package static let dedupeKey = 255
        package static let facts = 64 << 10
    }

    public let kind: Kind
    /// One line.
    public let title: String
    /// Plain text; `#` headings, `-` lists and fenced code are understood where a destination can show them.
    public let text: String
    public let severity: Severity
    /// An http or https address.
    public let link: String?
    /// What two notices about one thing have in common.
    public let dedupeKey: String
    /// An object.
    public let facts: JSON
    public var state: State
    /// When it happened, where that is known.
    public let time: Timestamp?

    /// Takes control characters, and those that turn a line's direction, out of what is shown.
    /// - Throws: `invalid` or `too_large`, naming the part.
    public init(
        kind: Kind = .custom, title: String, text: String = "", severity: Severity = .info, link: String? = nil,
        dedupeKey: String, facts: JSON = [:], state: State = .open, time: Timestamp? = nil
    ) throws(GatehouseError) {
        self.kind = kind
        self.title = try Self.bounded(PlainText.line(title), Limits.title, "title")
        self.text = try Self.bounded(PlainText.lines(text), Limits.text, "text")
        self.severity = severity
        self.link = try link.map { link throws(GatehouseError) in try Self.address(link) }
        self.dedupeKey = try Self.key(dedupeKey)
        self.facts = try Self.object(facts)
        self.state = state
        self.time = time
        guard !self.title.isEmpty else { throw Self.wrong(.invalid, "title", "is empty") }
    }

    private static func bounded(_ text: String, _ limit: Int, _ name: String) throws(GatehouseError) -> String {
        guard text.unicodeScalars.count <= limit else {
            throw wrong(.tooLarge, name, "takes at most \(limit) characters")
        }
        return text
    }

    private static func address(_ link: String) throws(GatehouseError) -> String {
        guard link.utf8.count <= Limits.link, OutsideAddress(link) != nil else {
            throw wrong(.invalid, "link", "is no http or https address, or has a user in it")
        }
        return link
    }

    private static func key(_ key: String) throws(GatehouseError) -> String {
        guard (1...Limits.dedupeKey).contains(key.utf8.count), PlainText.line(key) == key else {
            throw wrong(.invalid, "dedupe_key", "takes 1 to \(Limits.dedupeKey) bytes on one line")
        }
        return key
    }

    private static func object(_ facts: JSON) throws(GatehouseError) -> JSON {
        guard case .object = facts else { throw wrong(.invalid, "facts", "is no object") }
        guard facts.bytes().count <= Limits.facts else {
            throw wrong(.tooLarge, "facts", "takes at most \(Limits.facts) bytes")
        }
        return facts
    }

    private static func wrong(_ code: GatehouseError.Code, _ name: String, _ what: String) -> GatehouseError {
        GatehouseError("integrations", code, "the notice's \(name) \(what)")
    }
}
