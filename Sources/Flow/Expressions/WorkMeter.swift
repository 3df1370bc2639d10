import Core
import JSON

/// What an expression may cost: a unit for each value that is looked at, and for each 256 bytes of text.
struct WorkMeter {
    static let expression = 100_000
    /// Bytes of the greatest text that is made.
    static let resultBytes = 4 << 20

    private(set) var left: Int

    init(units: Int = WorkMeter.expression) { left = units }

    mutating func spend(_ units: Int = 1) throws(ExpressionProblem) {
        guard units <= left else {
            left = 0
            throw ExpressionProblem(
                "the work is more than an expression may do", column: 0,
                hint: "let the tool give less, or take the work apart in several steps", code: .exhausted)
        }
        left -= units
    }

    mutating func spend(bytes: Int) throws(ExpressionProblem) { try spend(bytes / 256 + 1) }

    /// For a look at all of a value. - Returns: about the bytes of its text.
    @discardableResult
    mutating func spend(on value: JSON) throws(ExpressionProblem) -> Int {
        try spend()
        switch value {
        case .null, .bool: return 5
        case .number(let number):
            try spend(number.spelling.utf8.count / 256)
            return number.spelling.utf8.count + 1
        case .string(let text):
            try spend(text.utf8.count / 256)
            return text.utf8.count + 3
        case .array(let elements):
            var bytes = 3
            for element in elements { bytes += try spend(on: element) }
            return bytes
        case .object(let object):
            var bytes = 3
            for (key, value) in object { bytes += try key.utf8.count + 4 + spend(on: value) }
            return bytes
        }
    }

    /// Of a text that is about to be made.
    mutating func admit(bytes: Int) throws(ExpressionProblem) {
        try bound(bytes: bytes)
        try spend(bytes: bytes)
    }

    /// Of a text that grows: each part is paid for by itself.
    func bound(bytes: Int) throws(ExpressionProblem) {
        guard bytes <= Self.resultBytes else {
            throw ExpressionProblem(
                "the text would be larger than \(Self.resultBytes) bytes", column: 0, code: .exhausted)
        }
    }
}
