import JSON

/// Holds a model's answer to what the procedure found: nothing of it may vanish or become less. The model may order it,
/// annotate it, and say it in other words where it is only words.
struct Keeping: Sendable {
    /// Members that are only words.
    static let words: Set<String> = ["summary", "reason", "title", "answer"]
    /// Lists that a model may add to: what is to be done, or is missing, and not what is the case.
    static let open: Set<String> = ["gaps", "plan", "left", "timeline", "because", "reasons"]
    private static let levels = ["none", "info", "low", "medium", "high", "critical"]
    static let most = 12
    /// Elements of both lists multiplied, where each has to be compared with each.
    static let greatestComparison = 250_000
    /// Texts of an input for another agent.
    static let mostInput = 100

    /// What such an input may be made of.
    private let asked: [String]
    private(set) var complaints: [String] = []

    /// - Parameter asked: what the work is about, in the words of who wants it.
    init(asked: [String]) { self.asked = asked }

    mutating func compare(_ found: JSONObject, with said: JSONObject) {
        let isRouted = found["route"] != nil
        for (key, value) in found where !(isRouted && key == "kind") { member(key, value, said[key], "/\(key)") }
        for (key, value) in said where found[key] == nil { added(key, value, "/\(key)", isTop: true) }
    }

    // MARK: Members

    private mutating func member(_ key: String, _ found: JSON, _ said: JSON?, _ path: String) {
        guard let said else { return complain(path, "is missing") }
        guard found != said else { return }
        switch (key, found, said) {
        case ("route", .string, .string(let name)):
            if !DefinitionWord.name.allows(name) { complain(path, "is no name of an agent or a workflow") }
        case ("input", .object, .object(let made)): input(made, path)
        case (_, .string(let old), .string(let text)) where Self.words.contains(key):
            words(text, path, before: old)
        case ("markdown", .string(let document), .string(let text)): self.document(document, text, path)
        case ("level", .string(let old), .string(let new)), ("severity", .string(let old), .string(let new)):
            if !Self.isNotBelow(new, old) { complain(path, "may not be lowered") }
        case ("score", .number(let old), .number(let new)):
            if (new.double ?? -.infinity) < (old.double ?? .infinity) {
                complain(path, "may not be lowered")
            }
        case ("safe", .bool(true), .bool(false)): break
        case ("apply", _, _), ("diff", _, _): complain(path, "has to stay as it is")
        case (_, .object(let old), .object(let new)): object(old, new, path)
        case (_, .array(let old), .array(let new)): list(key, old, new, path)
        default: complain(path, "has to stay as it is")
        }
    }

    /// An object within: its members stay, and texts may be added.
    private mutating func object(_ found: JSONObject, _ said: JSONObject, _ path: String) {
        for (key, value) in found { inner(key, value, said[key], "\(path)/\(key)") }
        for (key, value) in said where found[key] == nil { added(key, value, "\(path)/\(key)", isTop: false) }
    }

    /// Of what stands within, no text is only words: it may name something.
    private mutating func inner(_ key: String, _ found: JSON, _ said: JSON?, _ path: String) {
        guard let said, Self.words.contains(key) || ["route", "markdown", "input"].contains(key) else {
            return member(key, found, said, path)
        }
        if found != said { complain(path, "has to stay as it is") }
    }

    private mutating func added(_ key: String, _ value: JSON, _ path: String, isTop: Bool) {
        guard case .string(let text) = value, !isTop || Self.words.contains(key) else {
            return complain(path, "may not be added")
        }
        words(text, path)
    }

    // MARK: Lists

    private mutating func list(_ key: String, _ found: [JSON], _ said: [JSON], _ path: String) {
        guard found.count * said.count <= Self.greatestComparison else {
            return complain(path, "is too long to be compared")
        }
        var left = Array(said.indices)
        for (index, element) in found.enumerated() {
            guard let place = left.firstIndex(where: { covers(element, said[$0]) }) else {
                complain("\(path)/\(index)", "is missing, or changed")
                continue
            }
            left.remove(at: place)
        }
        guard !left.isEmpty else { return }
        guard Self.open.contains(key) else { return complain(path, "has elements that the procedure did not find") }
        for place in left { addition(said[place], "\(path)/\(place)") }
    }

    /// Whether an element is there with all that it had.
    private func covers(_ found: JSON, _ said: JSON) -> Bool {
        guard case .object(let old) = found, case .object(let new) = said else { return found == said }
        var within = Keeping(asked: asked)
        within.object(old, new, "")
        return within.complaints.isEmpty
    }

    private mutating func addition(_ value: JSON, _ path: String) {
        switch value {
        case .string(let text): words(text, path)
        case .object(let members): for (key, value) in members { addition(value, "\(path)/\(key)") }
        case .array(let elements):
            for (index, element) in elements.enumerated() { addition(element, "\(path)/\(index)") }
        case .null, .bool, .number: break
        }
    }

    // MARK: Texts

    private mutating func words(_ text: String, _ path: String, before: String = "") {
        if let objection = Wording.objection(to: text, before: before) { complain(path, objection) }
    }

    /// A document may be added to: each of its lines stays, in its place among the others.
    private mutating func document(_ found: String, _ said: String, _ path: String) {
        func lines(_ text: String) -> [Substring] {
            text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
        }
        var rest = lines(said)[...]
        for line in lines(found) {
            guard let place = rest.firstIndex(of: line) else { return complain(path, "leaves out lines") }
            rest[rest.startIndex..<place].forEach { words(String($0), path) }
            rest = rest[(place + 1)...]
        }
        rest.forEach { words(String($0), path) }
    }

    /// What another agent would be given is taken from what was asked for.
    private mutating func input(_ value: JSONObject, _ path: String) {
        let texts = value.flatMap(\.value.texts)
        guard texts.count <= Self.mostInput else { return complain(path, "has too many texts") }
        let isAsked = texts.allSatisfy { text in asked.contains { $0.contains(text) } }
        if !isAsked { complain(path, "holds something that was not asked for") }
    }

    private static func isNotBelow(_ new: String, _ old: String) -> Bool {
        guard let new = levels.firstIndex(of: new), let old = levels.firstIndex(of: old) else { return false }
        return new >= old
    }

    private mutating func complain(_ path: String, _ what: String) {
        if complaints.count < Self.most { complaints.append("\(path.prefix(120)) \(what)") }
    }
}
