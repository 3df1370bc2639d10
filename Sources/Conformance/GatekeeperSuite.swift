import Core
import JSON
import Rego

/// Gatekeeper's library (`gatekeeper.jsonl.gz`): a template in Rego v0, a constraint and an object, and whether the
/// object violates it. Reviews are made of the object as Gatekeeper makes them of a request to create it.
struct GatekeeperSuite: ConformanceSuite {
    let name = "gatekeeper"

    func failure(of testCase: ConformanceCase) -> String? {
        let json = testCase.json
        guard let modules = Self.modules(json), let object = json["object"],
            let assertions = json["assertions"]?.array
        else { return "not a case of this suite" }
        do {
            let count = try Self.violations(modules, json, object)
            for assertion in assertions where assertion["message"] == nil {
                guard let wanted = assertion["violations"], !Self.holds(wanted, count) else { continue }
                return "\(json["id"]?.string ?? ""): \(count) violations"
            }
            return nil
        } catch { return "\(json["id"]?.string ?? ""): \(error)" }
    }

    /// The policy first, then its libraries; newer templates have them by engine.
    private static func modules(_ json: JSON) -> [String]? {
        guard let target = json["template"]?["spec"]?["targets"]?.array?.first else { return nil }
        let source = target["code"]?.array?.first { $0["engine"]?.string == "Rego" }?["source"] ?? target
        guard let rego = source["rego"]?.string else { return nil }
        return [rego] + (source["libs"]?.array ?? []).compactMap(\.string)
    }

    private static func holds(_ wanted: JSON, _ count: Int) -> Bool {
        wanted.int.map { $0 == count } ?? wanted.bool.map { $0 == (count > 0) } ?? false
    }

    private static func violations(_ modules: [String], _ json: JSON, _ object: JSON) throws -> Int {
        var options = CompilerOptions()
        options.version = .v0
        var compiler = Compiler(options)
        for (number, text) in modules.enumerated() { try compiler.add(module: text, name: "module-\(number).rego") }
        let path = (compiler.modules[0].package + ["violation"]).joined(separator: "/")
        let query = try PreparedQuery(Program(compiler.compile([.entryPoint(path)])), entryPoint: path)
        var input: RegoObject = ["review": review(object)]
        let parameters = json["constraint"]?["spec"]?["parameters"]
        input.updateValue(parameters.map { RegoValue($0) } ?? .object(RegoObject()), forKey: "parameters")
        let data: RegoValue = ["inventory": inventory(json["inventory"]?.array ?? [])]
        return try query.evaluate(input: .object(input), data: data).value?.set?.count ?? 0
    }

    private static func review(_ object: JSON) -> RegoValue {
        if object["kind"]?.string == "AdmissionReview", let request = object["request"] { return RegoValue(request) }
        let version = (object["apiVersion"]?.string ?? "v1").split(separator: "/")
        let kind: RegoValue = [
            "group": RegoValue(version.count > 1 ? String(version[0]) : ""),
            "version": RegoValue(String(version.last ?? "")), "kind": RegoValue(object["kind"]?.string ?? ""),
        ]
        return [
            "kind": kind, "name": RegoValue(object["metadata"]?["name"]?.string ?? ""),
            "namespace": RegoValue(object["metadata"]?["namespace"]?.string ?? ""), "operation": "CREATE",
            "object": RegoValue(object),
        ]
    }

    /// `namespace[NAMESPACE][VERSION][KIND][NAME]` and `cluster[VERSION][KIND][NAME]`.
    private static func inventory(_ objects: [JSON]) -> RegoValue {
        var root: RegoValue = .object(RegoObject())
        for object in objects {
            let metadata = object["metadata"]
            let own = ["apiVersion", "kind"].map { object[$0]?.string ?? "" } + [metadata?["name"]?.string ?? ""]
            let path = metadata?["namespace"]?.string.map { ["namespace", $0] + own } ?? ["cluster"] + own
            root = put(RegoValue(object), into: root, path[...])
        }
        return root
    }

    private static func put(_ value: RegoValue, into root: RegoValue, _ path: ArraySlice<String>) -> RegoValue {
        guard let first = path.first else { return value }
        var object = root.object ?? RegoObject()
        let inner = object[first] ?? .object(RegoObject())
        object.updateValue(put(value, into: inner, path.dropFirst()), forKey: RegoValue(first))
        return .object(object)
    }
}
