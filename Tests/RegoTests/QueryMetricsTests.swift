import JSON
import Rego
import Testing

struct QueryMetricsTests {
    @Test func timesAreKeptUnderOPAsNames() throws {
        var metrics = QueryMetrics()
        var compiler = Compiler()
        try metrics.measure(.moduleParse) { () throws(RegoErrors) in
            try compiler.add(module: "package p\nx := 1", name: "m.rego")
        }
        let policy = try compiler.compile([.entryPoint("p/x")], metrics: &metrics)
        let query = try PreparedQuery(Program(policy), entryPoint: "p/x")
        let result = try metrics.measure(.queryEvaluation) { () throws(EvaluationError) in
            try query.evaluate(input: .null, data: [:])
        }
        #expect(result.value == 1)
        metrics.count(.queryCacheHit)
        let json = try #require(metrics.json.object)
        for name in ["module_parse", "query_parse", "query_compile", "query_eval"] {
            #expect((json["timer_rego_\(name)_ns"]?.int ?? 0) > 0)
        }
        #expect(json["counter_server_query_cache_hit"]?.int == 1)
        #expect(json["timer_server_handler_ns"] == nil)
    }

    @Test func timesAddUp() {
        var metrics = QueryMetrics()
        metrics.add(.nanoseconds(1500), to: .serverHandler)
        var other = QueryMetrics()
        other.add(.seconds(1), to: .serverHandler)
        metrics.merge(other)
        #expect(metrics[.serverHandler] == 1_000_001_500)
        #expect(metrics[.inputParse] == nil)
    }

    @Test func whatFailsIsMeasuredToo() {
        var metrics = QueryMetrics()
        #expect(throws: RegoErrors.self) {
            try Compiler().compile([Compiler.Query(name: "q", text: "x >")], metrics: &metrics)
        }
        #expect(metrics[.queryParse] != nil && metrics[.queryCompile] == nil)
    }
}
