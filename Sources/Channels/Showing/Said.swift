import Core
import Hub
import JSON

/// What the house says to a text, as a channel shows it: a ``Hub/Reply`` as it was given or as it was kept.
struct Said: Sendable, Hashable {
    struct Plan: Sendable, Hashable {
        var title: String
        /// Names and values, in order.
        var facts: [Fact]
    }

    struct Fact: Sendable, Hashable {
        var name: String
        var value: String
    }

    var text: String
    var plan: Plan?
    var columns: [String] = []
    var rows: [[String]] = []
    /// How many rows there were.
    var total = 0
    /// `apr_…`
    var approval: String?
    /// `act_…`
    var action: String?
    /// A path of the console.
    var link: String?

    init(_ text: String) { self.text = text }

    init(_ json: JSON) {
        text = json["text"]?.string ?? ""
        plan = json["plan"].map(Plan.init)
        if let table = json["table"] {
            columns = (table["columns"]?.array ?? []).compactMap(\.string)
            rows = (table["rows"]?.array ?? []).map { ($0.array ?? []).compactMap(\.string) }
            total = table["total"]?.int ?? rows.count
        }
        (approval, action, link) = (json["approval"]?.string, json["action"]?.string, json["link"]?.string)
    }
}

extension [Said.Fact] {
    var pairs: [(name: String, value: String)] { map { ($0.name, $0.value) } }
}

extension Said.Plan {
    init(_ json: JSON) {
        title = json["title"]?.string ?? ""
        facts = []
        for key in ["tool", "target", "effect"] {
            if let value = json[key]?.string { facts.append(Said.Fact(name: key, value: value)) }
        }
        for (name, value) in json["arguments"]?.object ?? [:] {
            facts.append(Said.Fact(name: name, value: value.string ?? value.text()))
        }
        if let until = json["expires"]?.string { facts.append(Said.Fact(name: "until", value: until)) }
    }
}
