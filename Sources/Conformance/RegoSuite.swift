import Core
import JSON
import Rego

/// OPA's compliance cases from their source (`cases.jsonl.gz`): parser, compiler, evaluator and builtins.
struct RegoSuite: ConformanceSuite {
    let name = "rego"

    func failure(of testCase: ConformanceCase) -> String? {
        let json = testCase.json
        guard let query = json["query"]?.string else { return "not a case of this suite" }
        let modules = json["modules"]?.array?.compactMap(\.string) ?? []
        let reason = RegoCase(json: json).failure(wanting: json["want_result"] ?? .null) {
            () throws(RegoCase.Failure) in
            try Self.prepare(query, modules, version: json["rego_version"]?.string == "v0" ? .v0 : .v1)
        }
        return reason.map { "\(json["id"]?.string ?? "") \(json["note"]?.string ?? ""): \($0)" }
    }

    private static func prepare(
        _ query: String, _ modules: [String], version: RegoVersion
    ) throws(RegoCase.Failure) -> PreparedQuery {
        var options = CompilerOptions()
        options.version = version
        var compiler = Compiler(options)
        do {
            for (number, text) in modules.enumerated() { try compiler.add(module: text, name: "test-\(number).rego") }
            let policy = try compiler.compile([Compiler.Query(name: "eval", text: query)])
            return try PreparedQuery(Program(policy), entryPoint: "eval")
        } catch {
            throw RegoCase.Failure(description: "\(error)")
        }
    }
}

/// Whether modules can be read and pass all checks: those of a case, or of a Gatekeeper template (Rego v0).
struct RegoCheckSuite: ConformanceSuite {
    let name = "rego-check"

    func failure(of testCase: ConformanceCase) -> String? {
        let json = testCase.json
        var compiler: Compiler
        var texts = json["modules"]?.array?.compactMap(\.string) ?? []
        if let target = json["template"]?["spec"]?["targets"]?.array?.first {
            var options = CompilerOptions()
            options.version = .v0
            compiler = Compiler(options)
            texts = ([target["rego"]] + (target["libs"]?.array ?? [])).compactMap { $0?.string }
        } else {
            compiler = Compiler()
        }
        do throws(RegoErrors) {
            for (number, text) in texts.enumerated() { try compiler.add(module: text, name: "module-\(number).rego") }
            try compiler.check()
            return nil
        } catch { return "\(json["id"]?.string ?? ""): \(error)" }
    }
}
