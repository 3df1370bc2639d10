import Core
import JSON
import Rego
import Synchronization

/// OPA's compliance cases as compiled plans (`plans.jsonl.gz`): tests the evaluator and the builtins without a parser.
///
/// `input`, `data` and what error is wanted stand in the case itself or, by `id`, in the file of cases beside it.
struct RegoPlansSuite: ConformanceSuite {
    let name = "rego-plans"
    private let sources = SourceCases()

    func failure(of testCase: ConformanceCase) -> String? {
        let json = testCase.json
        guard let plan = json["plan"], let wanted = json["want_plan_result"] else { return "not a case of this suite" }
        let source =
            json["data"] != nil || json["input"] != nil ? json : sources.find(json, near: testCase.place) ?? json
        let entryPoint = json["entrypoints"]?.array?.first?.string ?? "eval"
        let reason = RegoCase(json: source).failure(wanting: wanted) { () throws(RegoCase.Failure) in
            do {
                return try PreparedQuery(Program(IR.Policy(plan: plan)), entryPoint: entryPoint)
            } catch {
                throw RegoCase.Failure(description: "\(error)")
            }
        }
        return reason.map { "\(json["id"]?.string ?? "") \(json["note"]?.string ?? ""): \($0)" }
    }

    /// The cases that plans were made of, read once.
    private final class SourceCases: Sendable {
        private let byPath = Mutex<[String: [String: JSON]]>([:])

        func find(_ json: JSON, near place: String) -> JSON? {
            guard let id = json["id"]?.string, let colon = place.lastIndex(of: ":") else { return nil }
            let path = Self.sibling(String(place[..<colon]))
            return byPath.withLock { known in
                let cases = known[path] ?? Self.read(path)
                known[path] = cases
                return cases[id]
            }
        }

        private static func sibling(_ path: String) -> String {
            guard let slash = path.lastIndex(of: "/") else { return "cases.jsonl.gz" }
            return path[...slash] + "cases.jsonl.gz"
        }

        private static func read(_ path: String) -> [String: JSON] {
            let cases = (try? CaseFiles.read(path)) ?? []
            return Dictionary(cases.compactMap { one in one.json["id"]?.string.map { ($0, one.json) } }) { _, last in
                last
            }
        }
    }
}
