import HCL
import JSON
import Testing

/// Names that mean what a test says.
struct FixedScope: HCLScope {
    var values: [String: HCLValue] = [:]
    var files: [String: String] = [:]

    func resolve(_ path: HCLPath) throws(HCLProblem) -> HCLResolution {
        if let value = values[path.root] { return HCLResolution(value, consumed: 0) }
        return HCLResolution(.unknown(HCLUnknown(path.reference)), consumed: path.steps.count)
    }

    func readFile(_ path: String) -> String? { files[path] }
}

func evaluate(_ text: String, _ scope: FixedScope = FixedScope()) throws -> HCLValue {
    let expression = try HCLParser.parseExpression(text)
    return try HCLEvaluator(scope: scope, budget: HCLBudget(steps: 200_000)).evaluate(expression)
}

/// The value as JSON text; what is not known as the text that it is known by.
func json(_ text: String, _ scope: FixedScope = FixedScope()) throws -> String { show(try evaluate(text, scope)) }

func show(_ value: HCLValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let bool): "\(bool)"
    case .number(let number): HCLValue.spelling(number)
    case .string(let text): JSON.string(text).text()
    case .list(let elements), .set(let elements): "[" + elements.map(show).joined(separator: ",") + "]"
    case .object(let object):
        "{" + object.members.map { "\($0.key):" + show($0.value) }.joined(separator: ",") + "}"
    case .unknown(let unknown): "?\(unknown.text)"
    }
}

struct MemoryFiles: TerraformFiles {
    var files: [String: String]

    func names(in folder: String) -> [String] {
        files.keys.compactMap { path in
            let slash = path.lastIndex(of: "/")
            let parent = slash.map { String(path[..<$0]) } ?? ""
            return parent == folder ? String(slash.map { path[path.index(after: $0)...] } ?? path[...]) : nil
        }.sorted()
    }

    func read(_ path: String) -> [UInt8]? { files[path].map { Array($0.utf8) } }
}
