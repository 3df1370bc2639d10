import JSON

/// What was said between the house and a model so far, as it is put to the model again with each turn. When it grows too
/// long, what came first is summed up by rule.
struct Conversation: Sendable {
    /// A call of the model's, and what it is answered.
    struct Exchange: Sendable {
        let name: String
        let arguments: JSON
        /// In a fence where others wrote it.
        var answer: String
    }

    private enum Turn: Sendable {
        case calls([Exchange])
        /// What the model said, and what is said to it.
        case words(String, String)

        var bytes: Int {
            switch self {
            case .calls(let all): all.reduce(0) { $0 + $1.arguments.bytes().count + $1.answer.utf8.count + 100 }
            case .words(let said, let answer): said.utf8.count + answer.utf8.count
            }
        }
    }

    static let longestAnswer = 48 << 10
    private static let longestWords = 16 << 10
    private static let mostSummed = 40

    private let system: String
    private let opening: String
    private var turns: [Turn] = []
    /// One line for each exchange that is no longer told.
    private var summed: [String] = []

    init(system: String, opening: String) {
        self.system = system
        self.opening = opening
    }

    /// What is told, roughly: of the messages' texts.
    var bytes: Int {
        system.utf8.count + opening.utf8.count + summed.reduce(0) { $0 + $1.utf8.count }
            + turns.reduce(0) { $0 + $1.bytes }
    }

    mutating func add(_ exchanges: [Exchange]) { turns.append(.calls(exchanges)) }

    mutating func add(said: String, answer: String) {
        turns.append(.words(String(said.prefix(Self.longestWords)), answer))
    }

    /// Sums up the first turns until what is told has at most so many bytes; the last one stays, as long as it can be
    /// made short enough.
    mutating func compact(to limit: Int) {
        while bytes > limit, turns.count > 1 { sumUp(turns.removeFirst()) }
        guard bytes > limit, case .calls(var all)? = turns.last else { return }
        let each = max(512, (limit - (bytes - (turns.last?.bytes ?? 0))) / max(1, all.count) - 200)
        for index in all.indices where all[index].answer.utf8.count > each {
            all[index].answer = "the answer has \(all[index].answer.utf8.count) bytes, for which there is no room"
        }
        turns = [.calls(all)]
    }

    private mutating func sumUp(_ turn: Turn) {
        guard case .calls(let all) = turn else { return }
        for one in all where summed.count < Self.mostSummed {
            let arguments = DataFence.around(one.arguments, from: "arguments", most: 300)
            summed.append("\(one.name) with \(arguments): answered with \(one.answer.utf8.count) bytes")
        }
    }

    /// As a chat completion takes them.
    var messages: JSON {
        var messages: [JSON] = [
            ["role": "system", "content": .string(system)], ["role": "user", "content": .string(opening)],
        ]
        if !summed.isEmpty {
            let told = "You called these before; their answers are no longer shown:\n" + summed.joined(separator: "\n")
            messages.append(["role": "user", "content": .string(told)])
        }
        for (index, turn) in turns.enumerated() {
            switch turn {
            case .words(let said, let answer):
                messages.append(["role": "assistant", "content": .string(said)])
                messages.append(["role": "user", "content": .string(answer)])
            case .calls(let all): messages += Self.messages(all, turn: index + summed.count)
            }
        }
        return .array(messages)
    }

    /// The ids are the house's own: a model may give the same one twice, or none.
    private static func messages(_ exchanges: [Exchange], turn: Int) -> [JSON] {
        let calls: [JSON] = exchanges.enumerated().map { index, one in
            [
                "id": .string("call_\(turn)_\(index)"), "type": "function",
                "function": ["name": .string(one.name), "arguments": .string(one.arguments.text())],
            ]
        }
        let asked: JSON = ["role": "assistant", "content": .null, "tool_calls": .array(calls)]
        return [asked]
            + exchanges.enumerated().map { index, one in
                [
                    "role": "tool", "tool_call_id": .string("call_\(turn)_\(index)"), "content": .string(one.answer),
                ]
            }
    }
}
