import Core
import Crypto
import JSON

/// Functions over any value, and those that tell what became of the steps before.
enum ValueFunctions {
    static let all: [ExpressionFunction] = [
        ExpressionFunction("default", "x, y", 2...2) { call throws(ExpressionProblem) in
            call.arguments[0].isNull ? call.arguments[1] : call.arguments[0]
        },
        ExpressionFunction("toJSON", "x", 1...1, toJSON),
        ExpressionFunction("fromJSON", "text", 1...1, fromJSON),
        ExpressionFunction("hash", "x", 1...1, hash),
        ExpressionFunction("success", "", 0...0) { call throws(ExpressionProblem) in
            .bool(call.outcome == .succeeded)
        },
        ExpressionFunction("failure", "", 0...0) { call throws(ExpressionProblem) in .bool(call.outcome == .failed) },
        ExpressionFunction("cancelled", "", 0...0) { call throws(ExpressionProblem) in
            .bool(call.outcome == .cancelled)
        },
        ExpressionFunction("always", "", 0...0) { call throws(ExpressionProblem) in true },
    ]

    private static func toJSON(_ call: inout FunctionCall) throws(ExpressionProblem) -> JSON {
        try call.meter.admit(bytes: try call.meter.spend(on: call.arguments[0]))
        let text = call.arguments[0].text()
        // Escapes make it longer than it was thought to be.
        try call.meter.admit(bytes: text.utf8.count)
        return .string(text)
    }

    private static func fromJSON(_ call: inout FunctionCall) throws(ExpressionProblem) -> JSON {
        let text = try call.text(0)
        try call.meter.admit(bytes: text.utf8.count)
        let limits = JSON.Limits(bytes: WorkMeter.resultBytes, depth: 64, values: max(1, call.meter.left))
        let value: JSON
        do throws(JSONError) {
            value = try JSON.parse(text, limits: limits)
        } catch {
            throw ExpressionProblem(
                "fromJSON was given no JSON: \(error.code.rawValue) at line \(error.line), column \(error.column)",
                column: 0)
        }
        try call.meter.spend(on: value)
        return value
    }

    /// SHA-256 of the canonical form (RFC 8785) in hexadecimal: of one value it is one, whatever the order of members.
    private static func hash(_ call: inout FunctionCall) throws(ExpressionProblem) -> JSON {
        try call.meter.admit(bytes: try call.meter.spend(on: call.arguments[0]))
        do throws(JSONError) {
            let bytes = try call.arguments[0].canonicalBytes(keepsPrecision: true)
            return .string(Hex.encode(SHA256.hash(data: bytes)))
        } catch {
            throw ExpressionProblem("hash cannot tell numbers of this size or precision apart", column: 0)
        }
    }
}
