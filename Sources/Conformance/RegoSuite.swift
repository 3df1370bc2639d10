import Core
import JSON
import Rego

/// OPA's compliance cases from their source (`cases.jsonl.gz`): parser, compiler, evaluator and builtins.
struct RegoSuite: ConformanceSuite {
    let name: String
    private let isObserved: Bool

    /// - Parameter isObserved: whether the policies are compiled to be observed, and are: they must give the same.
    init(isObserved: Bool = false) {
        name = isObserved ? "rego-observed" : "rego"
        self.isObserved = isObserved
    }

    func failure(of testCase: ConformanceCase) -> String? {
        let json = testCase.json
        guard let query = json["query"]?.string else { return "not a case of this suite" }
        let modules = json["modules"]?.array?.compactMap(\.string) ?? []
        let reason = RegoCase(json: json, isObserved: isObserved).failure(wanting: json["want_result"] ?? .null) {
            () throws(RegoCase.Failure) in
            try prepare(query, modules, version: json["rego_version"]?.string == "v0" ? .v0 : .v1)
        }
        return reason.map { "\(json["id"]?.string ?? "") \(json["note"]?.string ?? ""): \($0)" }
    }

    private func prepare(
        _ query: String, _ modules: [String], version: RegoVersion
    ) throws(RegoCase.Failure) -> PreparedQuery {
        var options = CompilerOptions()
        options.version = version
        var compiler = Compiler(options)
        do {
            for (number, text) in modules.enumerated() { try compiler.add(module: text, name: "test-\(number).rego") }
            let policy = try compiler.compile([Compiler.Query(name: "eval", text: query)], isObserved: isObserved)
            return try PreparedQuery(Program(policy), entryPoint: "eval")
        } catch {
            throw RegoCase.Failure(description: "\(error)")
        }
    }
}
