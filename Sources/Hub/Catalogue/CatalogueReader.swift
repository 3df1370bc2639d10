import Config
import Core
import JSON

/// Reads a file of intents: YAML, in the form that docs/conversation.md gives.
struct CatalogueReader {
    private static let mostIntents = 500
    private static let mostPhrases = 200
    private static let members: Set<String> = [
        "name", "title", "uses", "target", "with", "does", "becomes", "slots", "tell", "link", "next", "say", "phrases",
    ]

    private var problems = Problems()

    /// - Throws: `invalid` with all that is wrong, each with its place.
    static func read(_ bytes: [UInt8], file: String) throws(GatehouseError) -> [ConversationIntent] {
        var reader = CatalogueReader()
        let raw = YAMLReader.read(bytes, file: file, limits: ConfigLimits(), problems: &reader.problems)
        let intents = raw.map { reader.intents($0) } ?? []
        if reader.problems.count == 0, intents.isEmpty {
            reader.problems.error(ConfigPlace(file: file, line: 1, column: 1), "", "the file has no intents")
        }
        guard reader.problems.count == 0 else {
            let told = reader.problems.errors.map { "\($0)" }.joined(separator: "\n")
            throw GatehouseError("hub", .invalid, told)
        }
        return intents
    }

    private mutating func intents(_ raw: RawNode) -> [ConversationIntent] {
        guard let list = members(of: raw, "", ["intents"])["intents"], case .list(let nodes, let place) = list else {
            problems.error(raw.place, "intents", "is no list of intents")
            return []
        }
        if nodes.count > Self.mostIntents { problems.error(place, "intents", "has more than \(Self.mostIntents)") }
        var intents: [ConversationIntent] = []
        for (index, node) in nodes.prefix(Self.mostIntents).enumerated() {
            guard let intent = intent(node, "intents[\(index)]") else { continue }
            if intents.contains(where: { $0.name == intent.name }) {
                problems.error(node.place, "intents[\(index)].name", "\"\(intent.name)\" is another's name already")
            }
            intents.append(intent)
        }
        let names = Set(intents.map(\.name))
        for (intent, node) in zip(intents, nodes) {
            for next in intent.next where !names.contains(next) {
                problems.error(node.place, "next", "there is no intent \"\(next)\"")
            }
        }
        return intents
    }

    private mutating func intent(_ node: RawNode, _ path: String) -> ConversationIntent? {
        let all = members(of: node, path, Self.members)
        guard let name = text(all["name"], "\(path).name"), !name.isEmpty else {
            problems.error(node.place, path, "an intent has no name")
            return nil
        }
        var intent = ConversationIntent(
            name: name, title: text(all["title"], "\(path).title") ?? name,
            phrases: texts(all["phrases"], "\(path).phrases"), sayings: texts(all["say"], "\(path).say"))
        intent.slots = slots(all["slots"], "\(path).slots")
        intent.link = text(all["link"], "\(path).link")
        intent.next = texts(all["next"], "\(path).next")
        intent.becomesWorkflow = text(all["becomes"], "\(path).becomes") == "workflow"
        if let does = text(all["does"], "\(path).does") {
            intent.reflex = ConversationIntent.Reflex(rawValue: does)
            if intent.reflex == nil { problems.error(node.place, "\(path).does", "\"\(does)\" is nothing I do") }
        }
        if let tool = text(all["uses"], "\(path).uses") {
            intent.call = ToolCall(
                tool: tool, target: ArgumentTemplate(.string(text(all["target"], "\(path).target") ?? tool)),
                arguments: ArgumentTemplate(all["with"]?.json ?? [:]))
        }
        if let node = all["tell"] { intent.telling = telling(node, "\(path).tell") }
        check(intent, node, path)
        return intent
    }

    private mutating func check(_ intent: ConversationIntent, _ node: RawNode, _ path: String) {
        if intent.call == nil, intent.reflex == nil {
            problems.error(node.place, path, "does nothing", hint: "say which tool it uses, or what it does")
        }
        if intent.phrases.isEmpty { problems.error(node.place, "\(path).phrases", "nobody could say it: no phrases") }
        if intent.phrases.count > Self.mostPhrases {
            problems.error(node.place, "\(path).phrases", "more than \(Self.mostPhrases)")
        }
        let known = Set(intent.slots.map(\.name))
        for phrase in intent.phrases + intent.sayings {
            for name in ArgumentTemplate.names(in: phrase) where !known.contains(name) {
                problems.error(node.place, "\(path).phrases", "\"\(phrase)\" has an unknown slot \"\(name)\"")
            }
        }
        let used = intent.call.map { $0.arguments.names.union($0.target.names) } ?? []
        for name in used.subtracting(known) where name != Deed.keySlot {
            problems.error(node.place, "\(path).with", "there is no slot \"\(name)\"")
        }
    }

    private mutating func slots(_ node: RawNode?, _ path: String) -> [SlotNeed] {
        guard let node else { return [] }
        guard case .map(let slots, _) = node else {
            problems.error(node.place, path, "is \(node.kindName), not slots by their names")
            return []
        }
        return slots.compactMap { slot(named: $0.key, $0.value, "\(path).\($0.key)") }
    }

    private mutating func slot(named name: String, _ node: RawNode, _ path: String) -> SlotNeed? {
        let all = members(of: node, path, ["kind", "required", "from", "ask"])
        guard let kind = text(all["kind"], path).flatMap(SlotKind.init(rawValue:)) else {
            let kinds = SlotKind.allCases.map(\.rawValue).joined(separator: ", ")
            problems.error(node.place, "\(path).kind", "is no kind of slot", hint: "one of: \(kinds)")
            return nil
        }
        var need = SlotNeed(
            name: name, kind: kind, isRequired: text(all["required"], path) == "true",
            question: text(all["ask"], path) ?? "Which \(name)?")
        if let from = text(all["from"], path) {
            need.source = SlotNeed.Source(rawValue: from)
            if need.source == nil { problems.error(node.place, "\(path).from", "\"\(from)\" is nothing I remember") }
        }
        return need
    }

    private mutating func telling(_ node: RawNode, _ path: String) -> Telling {
        let all = members(of: node, path, ["text", "empty", "list", "columns", "body", "counts"])
        return Telling(
            text: text(all["text"], path) ?? "", empty: text(all["empty"], path), list: text(all["list"], path),
            columns: texts(all["columns"], path), body: text(all["body"], path), counts: text(all["counts"], path))
    }

    // MARK: Of YAML

    private mutating func members(of node: RawNode, _ path: String, _ known: Set<String>) -> [String: RawNode] {
        guard case .map(let members, _) = node else {
            problems.error(node.place, path, "is \(node.kindName), not a mapping")
            return [:]
        }
        var all: [String: RawNode] = [:]
        for member in members {
            if known.contains(member.key) {
                all[member.key] = member.value
            } else {
                problems.error(
                    member.place, path, "unknown key \"\(member.key)\"",
                    hint: Suggestion.nearest(to: member.key, among: known).map { "did you mean \"\($0)\"?" })
            }
        }
        return all
    }

    private mutating func text(_ node: RawNode?, _ path: String) -> String? {
        guard let node else { return nil }
        guard case .scalar(let scalar) = node else {
            problems.error(node.place, path, "is \(node.kindName), not a text")
            return nil
        }
        return scalar.text
    }

    private mutating func texts(_ node: RawNode?, _ path: String) -> [String] {
        guard let node else { return [] }
        guard case .list(let nodes, _) = node else {
            problems.error(node.place, path, "is \(node.kindName), not a list")
            return []
        }
        return nodes.enumerated().compactMap { text($0.element, "\(path)[\($0.offset)]") }
    }
}
