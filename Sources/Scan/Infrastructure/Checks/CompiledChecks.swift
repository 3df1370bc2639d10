import Core
import Rego

/// Modules of checks, compiled together.
struct CompiledChecks: Sendable {
    /// By package, and by name in it.
    let checks: [String: [String: Check]]
    private let queries: [(package: String, query: PreparedQuery)]

    var count: Int { checks.values.reduce(0) { $0 + $1.count } }

    /// - Throws: ``RegoErrors`` for what does not compile.
    init(_ modules: [CheckModule]) throws {
        var compiler = Compiler()
        for module in modules { try compiler.add(module: module.text, name: module.name) }
        var checks: [String: [String: Check]] = [:]
        for check in compiler.ruleDescriptions.compactMap(Check.init) {
            checks[check.package.joined(separator: "."), default: [:]][check.name] = check
        }
        self.checks = checks
        let wanted = checks.keys.sorted().map { Compiler.Query(name: $0, text: "result = data.\($0)") }
        let program = try Program(try compiler.compile(wanted))
        queries = try wanted.map { ($0.name, try PreparedQuery(program, entryPoint: $0.name)) }
    }

    struct Found {
        var check: Check
        var resource: String
        var path: [RegoValue]
        var message: String?
    }

    /// - Parameter failed: is told of each package that could not be evaluated.
    func run(_ input: RegoValue, steps: Int, failed: (String, EvaluationError) -> Void) -> [Found] {
        var options = EvaluationOptions()
        options.limits.steps = steps
        options.limits.time = .seconds(20)
        var found: [Found] = []
        for (package, query) in queries {
            do throws(EvaluationError) {
                let answer = try query.evaluate(input: input, data: .object(RegoObject()), options: options)
                for (name, check) in (checks[package] ?? [:]).sorted(by: { $0.key < $1.key }) {
                    guard let results = answer.value?.object?[name]?.set else { continue }
                    found += results.compactMap { Self.found($0, check) }
                }
            } catch { failed(package, error) }
        }
        return found
    }

    private static func found(_ result: RegoValue, _ check: Check) -> Found? {
        guard let object = result.object, let resource = object["resource"]?.text else { return nil }
        return Found(
            check: check, resource: resource, path: object["path"]?.array.map { Array($0) } ?? [],
            message: object["message"]?.text)
    }
}

struct CheckModule: Sendable {
    var name: String
    var text: [UInt8]
}
