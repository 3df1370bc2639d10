import JSON
import Synchronization
import TestSupport

/// A collector as a real server, which answers as it is told and keeps all that came.
final class Collector: Sendable {
    /// - Parameter number: of all that came to the path, from one.
    typealias Script = @Sendable (_ number: Int, _ path: String) -> TestServer.Reply

    private let server: TestServer

    init(_ script: @escaping Script = { _, _ in .answer(200) }) async throws {
        server = try await TestServer(Self.counting(script))
    }

    private static func counting(_ script: @escaping Script) -> TestServer.Script {
        let counts = Counts()
        return { _, arrival in script(counts.next(arrival.path), arrival.path) }
    }

    private final class Counts: Sendable {
        private let byPath = Mutex<[String: Int]>([:])

        func next(_ path: String) -> Int {
            byPath.withLock { counts in
                counts[path, default: 0] += 1
                return counts[path, default: 0]
            }
        }
    }

    var address: String { server.address }
    var arrivals: [TestServer.Arrival] { server.arrivals }
    func arrivals(_ path: String) -> [TestServer.Arrival] { arrivals.filter { $0.path == path } }
    func answers(_ script: @escaping Script) { server.answers(Self.counting(script)) }
    func stop() async throws { try await server.stop() }

    /// All spans that were taken, in the order in which they came.
    var spans: [Span] {
        arrivals("/v1/traces").flatMap { arrival in
            (arrival.json["resourceSpans"]?[0]?["scopeSpans"]?[0]?["spans"]?.array ?? []).map { Span(json: $0) }
        }
    }

    /// Of the newest export, by name.
    var metrics: [String: JSON] {
        let metrics = arrivals("/v1/metrics").last?.json["resourceMetrics"]?[0]?["scopeMetrics"]?[0]?["metrics"]
        return Dictionary((metrics?.array ?? []).map { ($0["name"]?.string ?? "", $0) }) { first, _ in first }
    }

    struct Span: Sendable {
        let json: JSON
        var name: String { json["name"]?.string ?? "" }
        subscript(name: String) -> JSON? {
            let value = json["attributes"]?.array?.first { $0["key"]?.string == name }?["value"]?.object?.first?.value
            return value?["values"].map { values in .array(values.array?.compactMap { $0["stringValue"] } ?? []) }
                ?? value
        }
    }
}
