import Core
import Dialects
import Models
import Web

/// What the model gateway's formats cost, without network and detection.
enum ModelsBenchmark {
    static func run() throws -> [Figure] { [try cutting(), try rewriting(), try routing()] }

    private static func cutting() throws -> Figure {
        let stream = chatStream(chunks: 63)
        let parsing = try Spent.measure {
            for _ in 0..<2_000 {
                var parser = EventParser()
                keep(try parser.push(stream))
            }
        }
        return Figure(
            name: "models: cut a stream of 63 chunks into events", value: parsing.cpu / 2_000 * 1e6, unit: "µs")
    }

    /// Nothing in it changes: what is left is the cost of reading, of channels and of writing.
    private static func rewriting() throws -> Figure {
        struct Unchanged: TextTransform {
            func push(_ text: [UInt8]) -> [UInt8] { text }
            func finish() -> [UInt8] { [] }
        }
        let stream = chatStream(chunks: 63)
        let spent = try Spent.measure {
            for _ in 0..<2_000 {
                var rewriter = StreamRewriter(AnswerStream(surface: .openAIChat)) { _ in Unchanged() }
                keep(try rewriter.push(stream))
                keep(try rewriter.finish())
            }
        }
        return Figure(
            name: "models: pass a stream of 63 chunks", value: spent.cpu / 2_000 * 1e6, unit: "µs", goal: .atMost(80))
    }

    /// Eight providers, of which half are cleared for what the request holds.
    private static func routing() throws -> Figure {
        let providers = (0..<8).map { number in
            Provider(
                id: "p\(number)", baseURL: "http://127.0.0.1", dialect: .openAI, auth: .none,
                clearance: Clearance(number % 2 == 0 ? [.pii, .untrusted] : [.untrusted]))
        }
        let router = Router(providers: providers, prices: .builtIn, strategy: .sticky)
        let models = providers.map { ModelName(provider: $0.id, model: "m") }
        let request = RouteRequest(models: models, labels: [.pii], stickiness: "session")
        let spent = try Spent.measure {
            for _ in 0..<20_000 { keep(try router.route(request) { _ in ModelState() }) }
        }
        return Figure(name: "models: choose among eight providers", value: spent.cpu / 20_000 * 1e6, unit: "µs")
    }

    private static func chatStream(chunks: Int) -> [UInt8] {
        let words = ["The ", "deployment ", "restarts ", "because ", "its ", "probe ", "fails. "]
        var text = ""
        for index in 0..<chunks {
            text +=
                #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1760000000,"model":"gpt-5.4","#
            text +=
                #""choices":[{"index":0,"delta":{"content":"\#(words[index % words.count])"},"finish_reason":null}]}"#
            text += "\n\n"
        }
        return [UInt8]((text + "data: [DONE]\n\n").utf8)
    }
}
