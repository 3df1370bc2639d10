import Core
import JSON

/// What can be read of one server, as clients see it: under addresses that lead here.
struct ReadableList: Sendable {
    typealias Entry = (address: String, definition: JSON)

    /// Each in the order of the addresses.
    private(set) var resources: [Entry] = []
    private(set) var templates: [Entry] = []
    /// What was left out, and why.
    private(set) var refused: [String] = []

    static let mostResources = 5000
    static let mostTemplates = 500
    private static let longestAddress = 2048

    init(_ lists: ServerLists.Readable, of server: String, _ scanner: DefinitionScanner) {
        resources = take(lists.resources, "uri", Self.mostResources, server, scanner)
        templates = take(lists.templates, "uriTemplate", Self.mostTemplates, server, scanner)
    }

    private mutating func take(
        _ sent: [JSON], _ key: String, _ most: Int, _ server: String, _ scanner: DefinitionScanner
    ) -> [Entry] {
        if sent.count > most { refused.append("all after the first \(most) addresses") }
        var entries: [String: JSON] = [:]
        for one in sent.prefix(most) {
            guard let uri = one[key]?.string, (1...Self.longestAddress).contains(uri.utf8.count) else {
                refused.append("a resource without an address that can be used")
                continue
            }
            // What a server says of its resources reaches models, and changes too often to be looked at by people.
            guard let found = try? scanner.suspicions(in: one), found.isEmpty else {
                refused.append("\(uri.prefix(120)): what is said of it reads like an attack")
                continue
            }
            let address = ResourceAddress(server: server, uri: uri).text
            var shown = one
            shown[key] = .string(address)
            entries[address] = shown
        }
        return entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
