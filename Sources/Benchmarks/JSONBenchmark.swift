import Foundation
import JSON

/// Our parser against Foundation's JSONDecoder on the same 5.6 KB chat request; both read out the model and every message.
enum JSONBenchmark {
    struct ChatRequest: Decodable {
        struct Message: Decodable {
            let role: String
            let content: String
        }

        let model: String
        let temperature: Double
        let messages: [Message]
    }

    static func run() throws -> [Figure] {
        let bytes = chatRequest()
        let data = Data(bytes)
        let decoder = JSONDecoder()
        let parsing = try Paired.compare(repetitions: 2_000) {
            keep(try read(JSONDocument(bytes)))
        } _: {
            keep(try decoder.decode(ChatRequest.self, from: data))
        }
        let value = try JSON.parse(bytes)
        let object = try JSONSerialization.jsonObject(with: data)
        let writing = try Paired.compare(repetitions: 2_000) {
            keep(value.bytes())
        } _: {
            keep(try JSONSerialization.data(withJSONObject: object))
        }
        let tree = try Spent.measure { for _ in 0..<10_000 { keep(try JSON.parse(bytes)) } }
        return [
            Figure(
                name: "JSON: parse and read a \(bytes.count)-byte chat request, against JSONDecoder",
                value: parsing.peer / parsing.ours, unit: "×", goal: .atLeast(3),
                note: "\(Figure.text(parsing.ours * 1e6)) µs against \(Figure.text(parsing.peer * 1e6)) µs CPU"),
            Figure(name: "JSON: the same into a value tree", value: tree.cpu / 10_000 * 1e6, unit: "µs"),
            Figure(
                name: "JSON: write it, against JSONSerialization", value: writing.peer / writing.ours, unit: "×",
                note: "\(Figure.text(writing.ours * 1e6)) µs against \(Figure.text(writing.peer * 1e6)) µs CPU"),
        ]
    }

    private static func read(_ document: JSONDocument) throws -> ChatSummary {
        let root = document.root
        var summary = ChatSummary(model: root["model"]?.string ?? "", temperature: root["temperature"]?.double ?? 0)
        guard let messages = root["messages"] else { return summary }
        for message in messages.elements {
            summary.messages.append((message["role"]?.string ?? "", message["content"]?.string ?? ""))
        }
        return summary
    }

    private struct ChatSummary {
        var model: String
        var temperature: Double
        var messages: [(role: String, content: String)] = []
    }

    /// Twelve turns of prose with line breaks, quotes and some characters beyond ASCII, as chats have them.
    static func chatRequest() -> [UInt8] {
        let question =
            "Why does the deployment of “checkout” restart?\nThe log says: \"connection refused\" on port 5432 — since Tuesday. "
        let messages = (0..<12).map { turn -> JSON in
            [
                "role": .string(turn.isMultiple(of: 2) ? "user" : "assistant"),
                "content": .string("\(turn): " + String(repeating: question, count: 3)),
            ]
        }
        let request: JSON = [
            "model": "gpt-5.4", "temperature": 0.2, "stream": false, "max_tokens": 1024, "user": "team-payments",
            "messages": .array(
                [["role": "system", "content": "You are a careful operator. Answer briefly."]] + messages),
            "metadata": ["trace": "4bf92f3577b34da6a3ce929d0e0e4736", "tags": ["a", "b", "c"]],
        ]
        return request.bytes()
    }
}
