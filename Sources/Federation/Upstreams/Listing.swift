import Core
import JSON

/// What a server offered when it was last asked.
struct Listing: Sendable {
    /// Most tools, and most prompts, of one server; see ``Federation``.
    static let mostTools = 2000

    var items: [ListedItem] = []
    var readable: ReadableList?
    /// What was left out, and why.
    var refused: [String] = []

    init() {}

    /// - Parameters:
    ///   - identity: of the server, as configured and as it names itself.
    ///   - lists: as the server sent them.
    init(server: String, identity: JSON, lists: ServerLists, scanner: DefinitionScanner) {
        let taker = Taker(server: server, identity: identity, scanner: scanner)
        take(lists.tools, .tool, taker)
        take(lists.prompts, .prompt, taker)
        guard let readable = lists.readable else { return }
        let templates = readable.templates.prefix(ReadableList.mostTemplates).sorted { $0.text() < $1.text() }
        take(["templates": .array(templates)], named: ItemKind.resourcesName, .resources, taker)
        let list = ReadableList(readable, of: server, scanner)
        self.readable = list
        refused += list.refused
    }

    private struct Taker {
        let server: String
        let identity: JSON
        let scanner: DefinitionScanner
    }

    private mutating func take(_ sent: [JSON], _ kind: ItemKind, _ taker: Taker) {
        var names: Set<String> = []
        for one in sent.prefix(Self.mostTools) {
            guard let name = one["name"]?.string, Self.isName(name) else {
                refused.append("a \(kind.rawValue) without a name that can be used")
                continue
            }
            guard names.insert(name).inserted else {
                refused.append("\(name): there are two of that name")
                continue
            }
            take(one, named: name, kind, taker)
        }
        if sent.count > Self.mostTools { refused.append("all \(kind.rawValue)s after the first \(Self.mostTools)") }
    }

    private mutating func take(_ sent: JSON, named name: String, _ kind: ItemKind, _ taker: Taker) {
        do throws(GatehouseError) {
            let definition = try Definition(
                kind, server: taker.server, identity: taker.identity, name: name, sent)
            let found = try taker.scanner.suspicions(in: sent)
            items.append(ListedItem(definition, found))
        } catch { refused.append("\(name): \(error.message)") }
    }

    private static func isName(_ name: String) -> Bool { (1...128).contains(name.utf8.count) }
}

/// Something that a server offers, with what does not change for as long as it offers it.
struct ListedItem: Sendable {
    let definition: Definition
    let suspicions: [Suspicion]
    let publicName: String
    /// How clients see it: as the server sent it, under its public name.
    let offered: JSON

    init(_ definition: Definition, _ suspicions: [Suspicion]) {
        self.definition = definition
        self.suspicions = suspicions
        publicName = PublicName.make(server: definition.server, tool: definition.name)
        var offered = definition.sent
        offered["name"] = .string(publicName)
        self.offered = offered
    }
}
