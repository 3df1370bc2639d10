import Core
import JSON

/// What a task's input says, member by member. A member that is null is as good as none, which is what expressions of
/// workflows yield for what is missing.
struct TaskInput {
    /// The procedure that reads it, for messages.
    let reader: String
    let json: JSON

    init(_ task: AgentTask, of reader: String) {
        (self.reader, json) = (reader, task.input)
    }

    /// - Throws: `invalid` where the member is something else, empty, or longer than so many bytes.
    func text(_ name: String, most: Int = 4096) throws(GatehouseError) -> String? {
        guard let value = member(name) else { return nil }
        guard let text = value.string, !text.isEmpty, text.utf8.count <= most, !text.utf8.contains(0) else {
            throw wrong(name, "is to be a text of 1 to \(most) bytes")
        }
        return text
    }

    func flag(_ name: String) throws(GatehouseError) -> Bool {
        guard let value = member(name) else { return false }
        guard let flag = value.bool else { throw wrong(name, "is to be true or false") }
        return flag
    }

    /// - Returns: nil where there is none.
    /// - Throws: `invalid` for what is no list, `too_large` for one with more elements.
    func list(_ name: String, most: Int) throws(GatehouseError) -> [JSON]? {
        guard let value = member(name) else { return nil }
        guard let list = value.array else { throw wrong(name, "is to be a list") }
        guard list.count <= most else {
            throw GatehouseError(
                "agents", .tooLarge, "\(reader): the input \"\(name)\" has \(list.count) elements",
                hint: "give \(most) at the most")
        }
        return list
    }

    func texts(_ name: String, most: Int) throws(GatehouseError) -> [String] {
        let list = try list(name, most: most) ?? []
        let texts = list.compactMap(\.string)
        guard texts.count == list.count else { throw wrong(name, "is to be a list of texts") }
        return texts
    }

    func object(_ name: String) throws(GatehouseError) -> JSON? {
        guard let value = member(name) else { return nil }
        guard value.object != nil else { throw wrong(name, "is to be an object") }
        return value
    }

    /// - Throws: `invalid`, with those that there are.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws(GatehouseError) -> Choice? where Choice.RawValue == String {
        guard let word = try text(name, most: 64) else { return nil }
        guard let choice = Choice(rawValue: word) else {
            throw wrong(name, "is one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    func missing(_ what: String, hint: String) -> GatehouseError {
        GatehouseError("agents", .invalid, "\(reader): the input names \(what)", hint: hint)
    }

    private func member(_ name: String) -> JSON? { json[name].flatMap { $0.isNull ? nil : $0 } }

    private func wrong(_ name: String, _ what: String) -> GatehouseError {
        GatehouseError("agents", .invalid, "\(reader): the input \"\(name)\" \(what)")
    }
}
