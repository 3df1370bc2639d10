import JSON

extension SARIF {
    /// What a tool says about one of its rules.
    public struct ReadRule: Sendable, Hashable {
        public var id: String
        public var name: String?
        public var title: String?
        public var help: String?
        public var helpURI: String?
        public var level: Level?
        /// 0–10, as code scanning services rank.
        public var securitySeverity: Double?
        /// `very-high`, `high`, `medium`, `low`.
        public var precision: String?
        public var tags: [String] = []
        public var weaknesses: [Int] = []

        init(id: String) { self.id = id }

        init?(_ json: JSON) {
            guard let id = json["id"]?.string else { return nil }
            self.id = id
            name = json["name"]?.string
            title = json["shortDescription"]?["text"]?.string
            help = json["fullDescription"]?["text"]?.string ?? json["help"]?["text"]?.string
            helpURI = json["helpUri"]?.string
            level = json["defaultConfiguration"]?["level"]?.string.flatMap(Level.init)
            let properties = json["properties"]
            securitySeverity = SARIF.number(properties?["security-severity"])
            precision = properties?["precision"]?.string
            tags = (properties?["tags"]?.array ?? []).prefix(100).compactMap(\.string)
            let targets = (json["relationships"]?.array ?? []).prefix(100).compactMap { $0["target"] }
            weaknesses = Weaknesses.numbers(tags: tags, references: targets)
        }
    }

    /// As a number or spelled in a text; nil for what is neither, and for what is out of 0–10.
    static func number(_ json: JSON?) -> Double? {
        guard let number = json?.double ?? json?.string.flatMap(Double.init), (0...10).contains(number) else {
            return nil
        }
        return number
    }

    /// Numbers of CWE, as the many spellings of tags have them: `CWE-79: Cross-site …`, `external/cwe/cwe-079`.
    enum Weaknesses {
        static func numbers(tags: [String], references: [JSON]) -> [Int] {
            var found = tags.compactMap(number)
            for reference in references {
                guard let id = reference["id"]?.string else { continue }
                let isWeakness = reference["toolComponent"]?["name"]?.string?.lowercased().contains("cwe") ?? false
                if let number = isWeakness ? Int(id) ?? number(in: id) : number(in: id) { found.append(number) }
            }
            var seen: Set<Int> = []
            return found.filter { seen.insert($0).inserted }
        }

        private static func number(in tag: String) -> Int? {
            let bytes = Array(tag.utf8.prefix(200)).map { $0 | 0x20 }
            let word = Array("cwe".utf8)
            guard bytes.count > word.count else { return nil }
            for start in 0..<(bytes.count - word.count) where bytes[start..<start + 3].elementsEqual(word) {
                // `-`, `_`, `:`, ` ` and none, by the bit that makes letters small.
                let rest = bytes[(start + 3)...].drop { [0x2D, 0x7F, 0x3A, 0x20].contains($0) }
                let digits = rest.prefix { (0x30...0x39).contains($0) }
                if !digits.isEmpty, digits.count <= 5 { return Int(String(decoding: digits, as: UTF8.self)) }
            }
            return nil
        }
    }

    /// The rules of a run's tool and of what extends it (3.52 of the standard).
    struct RuleTable {
        private struct Component {
            var name: String?
            var guid: String?
            var rules: [ReadRule?]
            var messages: [JSONObject]
            var byID: [String: Int]
            var globals: JSONObject
        }

        /// The driver first.
        private let components: [Component]

        init(_ tool: JSON) {
            components = ([tool["driver"] ?? .null] + (tool["extensions"]?.array ?? []).prefix(1000)).map { json in
                let list = json["rules"]?.array ?? []
                let rules = list.map { ReadRule($0) }
                let ids = rules.enumerated().compactMap { index, rule in rule.map { ($0.id, index) } }
                return Component(
                    name: json["name"]?.string, guid: json["guid"]?.string, rules: rules,
                    messages: list.map { $0["messageStrings"]?.object ?? [:] },
                    byID: Dictionary(ids, uniquingKeysWith: { first, _ in first }),
                    globals: json["globalMessageStrings"]?.object ?? [:])
            }
        }

        /// The rule of a result, and the texts that its message may name.
        func rule(of result: JSON) -> (rule: ReadRule, messages: [JSONObject]) {
            let reference = result["rule"]
            let id = result["ruleId"]?.string ?? reference?["id"]?.string
            let index = result["ruleIndex"]?.int ?? reference?["index"]?.int
            let named = component(reference?["toolComponent"])
            if let index, let found = at(index, in: named ?? 0, id) { return found }
            if let id {
                for component in [named].compactMap(\.self) + Array(components.indices) {
                    if let place = components[component].byID[id] { return pair(component, place, id) }
                }
                // `CA1000/1` is a kind of CA1000.
                if let slash = id.lastIndex(of: "/"), let place = components.first?.byID[String(id[..<slash])] {
                    return pair(0, place, id)
                }
            }
            return (ReadRule(id: id ?? "unnamed"), [])
        }

        private func component(_ reference: JSON?) -> Int? {
            guard let reference else { return nil }
            // Extensions are counted from 0 and the driver is none of them.
            if let index = reference["index"]?.int, components.indices.contains(index + 1), index >= 0 {
                return index + 1
            }
            if let guid = reference["guid"]?.string { return components.firstIndex { $0.guid == guid } }
            return reference["name"]?.string.flatMap { name in components.firstIndex { $0.name == name } }
        }

        private func at(_ index: Int, in component: Int, _ id: String?) -> (rule: ReadRule, messages: [JSONObject])? {
            let rules = components[component].rules
            guard rules.indices.contains(index), let rule = rules[index] else { return nil }
            // An index and an id that disagree: the id counts.
            guard id == nil || id == rule.id || id?.hasPrefix(rule.id + "/") == true else { return nil }
            return pair(component, index, id ?? rule.id)
        }

        private func pair(_ component: Int, _ place: Int, _ id: String) -> (rule: ReadRule, messages: [JSONObject]) {
            var rule = components[component].rules[place] ?? ReadRule(id: id)
            rule.id = id
            return (rule, [components[component].messages[place], components[component].globals])
        }
    }
}
