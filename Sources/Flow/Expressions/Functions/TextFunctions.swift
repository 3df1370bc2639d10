import JSON

/// Functions over texts. Texts are compared by code point, case included.
enum TextFunctions {
    static let all: [ExpressionFunction] = [
        ExpressionFunction("contains", "text or list, part", 2...2, contains),
        ExpressionFunction("startsWith", "text, part", 2...2) { call throws(ExpressionProblem) in
            try affix(&call) { $0.starts(with: $1) }
        },
        ExpressionFunction("endsWith", "text, part", 2...2) { call throws(ExpressionProblem) in
            try affix(&call) { $0.reversed().starts(with: $1.reversed()) }
        },
        ExpressionFunction("lower", "text", 1...1) { call throws(ExpressionProblem) in
            try changed(&call) { $0.lowercased() }
        },
        ExpressionFunction("upper", "text", 1...1) { call throws(ExpressionProblem) in
            try changed(&call) { $0.uppercased() }
        },
        ExpressionFunction("trim", "text", 1...1) { call throws(ExpressionProblem) in try changed(&call, trimmed) },
        ExpressionFunction("format", "'{0} of {1}', x, y", 1...64, format),
        ExpressionFunction("join", "list, ', '", 1...2, join),
        ExpressionFunction("split", "text, ','", 2...2, split),
    ]

    private static func contains(_ call: inout FunctionCall) throws(ExpressionProblem) -> JSON {
        switch call.arguments[0] {
        case .string(let text):
            let part = try call.text(1)
            try call.meter.spend(bytes: text.utf8.count + part.utf8.count)
            return .bool(part.isEmpty || !places(of: part, in: text, most: 1).isEmpty)
        case .array(let elements):
            for element in elements {
                try call.meter.spend(on: element)
                if ComparableValue(element).isEqual(to: call.arguments[1]) { return true }
            }
            return false
        default: throw call.mismatch(0, "a text or a list")
        }
    }

    private static func affix(
        _ call: inout FunctionCall, _ test: (String.UTF8View, String.UTF8View) -> Bool
    ) throws(ExpressionProblem) -> JSON {
        let (text, part) = (try call.text(0), try call.text(1))
        try call.meter.spend(bytes: part.utf8.count)
        return .bool(test(text.utf8, part.utf8))
    }

    private static func changed(
        _ call: inout FunctionCall, _ change: (String) -> String
    ) throws(ExpressionProblem) -> JSON {
        let text = try call.text(0)
        try call.meter.spend(bytes: text.utf8.count)
        let out = change(text)
        try call.meter.admit(bytes: out.utf8.count)
        return .string(out)
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    /// `{0}` is the first value after the text; `{{` and `}}` are braces.
    private static func format(_ call: inout FunctionCall) throws(ExpressionProblem) -> JSON {
        let values = try pieces(&call, Array(call.arguments.dropFirst()))
        var out: [UInt8] = []
        var rest = Array(try call.text(0).utf8)[...]
        try call.meter.spend(bytes: rest.count)
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}"), rest.first == byte {
                rest.removeFirst()
                out.append(byte)
            } else if byte == UInt8(ascii: "{") {
                let value = values[try place(&rest, of: values.count)]
                try call.meter.bound(bytes: out.count + value.utf8.count)
                try call.meter.spend(bytes: value.utf8.count)
                out += value.utf8
            } else {
                out.append(byte)
            }
        }
        return .string(String(decoding: out, as: UTF8.self))
    }

    private static func place(_ rest: inout ArraySlice<UInt8>, of count: Int) throws(ExpressionProblem) -> Int {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        guard rest.popFirst() == UInt8(ascii: "}"), let place = Int(String(decoding: digits, as: UTF8.self)) else {
            throw ExpressionProblem(
                "format's text has a brace that holds no number", column: 0,
                hint: "write {0} for the first value, and {{ for a brace")
        }
        guard place < count else {
            throw ExpressionProblem(
                "format's text asks for value {\(place)}, and there \(count == 1 ? "is 1" : "are \(count)")", column: 0,
                hint: "the first is {0}")
        }
        return place
    }

    private static func join(_ call: inout FunctionCall) throws(ExpressionProblem) -> JSON {
        let separator = call.arguments.count > 1 ? try call.text(1) : ", "
        let pieces = try pieces(&call, try call.list(0))
        let gaps = max(0, pieces.count - 1).multipliedReportingOverflow(by: separator.utf8.count)
        guard !gaps.overflow else { throw call.mismatch(1, "a short text") }
        try call.meter.admit(bytes: pieces.reduce(gaps.partialValue) { $0 + $1.utf8.count })
        return .string(pieces.joined(separator: separator))
    }

    private static func split(_ call: inout FunctionCall) throws(ExpressionProblem) -> JSON {
        let (text, separator) = (try call.text(0), try call.text(1))
        guard !separator.isEmpty else { throw call.mismatch(1, "a text that is not empty") }
        try call.meter.spend(bytes: text.utf8.count)
        let utf8 = Array(text.utf8)
        var (parts, start): ([JSON], Int) = ([], 0)
        for place in places(of: separator, in: text, most: .max) {
            try call.meter.spend()
            parts.append(.string(String(decoding: utf8[start..<place], as: UTF8.self)))
            start = place + separator.utf8.count
        }
        return .array(parts + [.string(String(decoding: utf8[start...], as: UTF8.self))])
    }

    /// The values as text, each paid for.
    private static func pieces(_ call: inout FunctionCall, _ values: [JSON]) throws(ExpressionProblem) -> [String] {
        var pieces: [String] = []
        for value in values {
            try call.meter.spend(on: value)
            pieces.append(value.interpolated)
        }
        return pieces
    }

    /// Where a text stands in another, in bytes, without overlaps: by Knuth, Morris and Pratt, in time that is linear
    /// whatever the texts are.
    private static func places(of part: String, in text: String, most: Int) -> [Int] {
        let (part, text) = (Array(part.utf8), Array(text.utf8))
        let fallbacks = fallbacks(of: part)
        var (places, matched): ([Int], Int) = ([], 0)
        for (index, byte) in text.enumerated() {
            while matched > 0, part[matched] != byte { matched = fallbacks[matched - 1] }
            if part[matched] == byte { matched += 1 }
            guard matched == part.count else { continue }
            places.append(index + 1 - matched)
            matched = 0
            if places.count == most { break }
        }
        return places
    }

    /// For each beginning of a text, how long its longest beginning is that is also its end.
    private static func fallbacks(of part: [UInt8]) -> [Int] {
        var fallbacks = [Int](repeating: 0, count: part.count)
        var length = 0
        for index in part.indices.dropFirst() {
            while length > 0, part[length] != part[index] { length = fallbacks[length - 1] }
            if part[length] == part[index] { length += 1 }
            fallbacks[index] = length
        }
        return fallbacks
    }
}

extension JSON {
    /// As it stands in the midst of a text: null as nothing, lists and objects as JSON on one line.
    var interpolated: String {
        switch self {
        case .null: ""
        case .string(let text): text
        case .bool, .number, .array, .object: text()
        }
    }
}
