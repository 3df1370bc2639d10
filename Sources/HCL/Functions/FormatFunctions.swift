/// `format` and `formatlist`, with Go's verbs.
enum FormatFunctions {
    static let all: [HCLFunction] = [
        HCLFunction("format", 1..., acceptsUnknown: true) { a throws(HCLFunctionProblem) in
            guard !a[0].isUnknown else { throw HCLFunctionProblem("the format is not known") }
            return try format(try a.text(0), Array(a.values.dropFirst()))
        },
        HCLFunction("formatlist", 1...) { a throws(HCLFunctionProblem) in
            let spec = try a.text(0)
            let rest = a.values.dropFirst()
            guard let count = rest.compactMap({ $0.elements?.count }).max() else {
                return .list([try format(spec, Array(rest))])
            }
            var out: [HCLValue] = []
            for index in 0..<count {
                var row: [HCLValue] = []
                for value in rest {
                    guard let elements = value.elements else {
                        row.append(value)
                        continue
                    }
                    guard elements.count == count else { throw HCLFunctionProblem("the lists differ in length") }
                    row.append(elements[index])
                }
                out.append(try format(spec, row))
            }
            return .list(out)
        },
    ]

    static func format(_ spec: String, _ values: [HCLValue]) throws(HCLFunctionProblem) -> HCLValue {
        var out = HCLText()
        var rest = Array(spec.utf8)[...]
        var next = 0
        while let mark = rest.firstIndex(of: UInt8(ascii: "%")) {
            out.append(String(decoding: rest[..<mark], as: UTF8.self))
            rest = rest[(mark + 1)...]
            var verb = FormatVerb(&rest)
            guard let kind = verb.kind else { throw HCLFunctionProblem("the format ends within a verb") }
            if kind == UInt8(ascii: "%") {
                out.append("%")
                continue
            }
            if let index = verb.argument { next = index - 1 }
            guard values.indices.contains(next) else { throw HCLFunctionProblem("the format has too few arguments") }
            try verb.write(values[next], kind, to: &out)
            next += 1
            guard out.text.utf8.count <= HCLBudget.textBytes else {
                throw HCLFunctionProblem("the text becomes too long")
            }
        }
        out.append(String(decoding: rest, as: UTF8.self))
        return out.value
    }
}

/// `%[1]-08.3f`: flags, width, precision and letter.
private struct FormatVerb {
    var argument: Int?
    private var flags: Set<UInt8> = []
    private var width = 0
    private var precision: Int?
    private(set) var kind: UInt8?

    init(_ rest: inout ArraySlice<UInt8>) {
        while let flag = rest.first, Array("+-# 0".utf8).contains(flag) {
            flags.insert(flag)
            rest.removeFirst()
        }
        if rest.first == UInt8(ascii: "[") {
            rest.removeFirst()
            argument = Self.number(&rest)
            if rest.first == UInt8(ascii: "]") { rest.removeFirst() }
        }
        width = min(Self.number(&rest) ?? 0, 1000)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            precision = min(Self.number(&rest) ?? 0, 100)
        }
        if rest.first == UInt8(ascii: "[") {
            rest.removeFirst()
            argument = Self.number(&rest)
            if rest.first == UInt8(ascii: "]") { rest.removeFirst() }
        }
        kind = rest.popFirst()
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        return Int(String(decoding: digits, as: UTF8.self))
    }

    mutating func write(_ value: HCLValue, _ kind: UInt8, to out: inout HCLText) throws(HCLFunctionProblem) {
        if let unknown = value.unknowns { return out.append(unknown: unknown) }
        out.append(padded(try text(value, kind)))
    }

    private func text(_ value: HCLValue, _ kind: UInt8) throws(HCLFunctionProblem) -> String {
        switch kind {
        case UInt8(ascii: "s"), UInt8(ascii: "q"):
            guard let text = value.stringValue else { throw HCLFunctionProblem("%s takes a string") }
            let cut = precision.map { String(text.prefix($0)) } ?? text
            return kind == UInt8(ascii: "q") ? EncodingFunctions.json(.string(cut)) : cut
        case UInt8(ascii: "v"): return value.stringValue ?? EncodingFunctions.json(value)
        case UInt8(ascii: "t"):
            guard let bool = value.boolValue else { throw HCLFunctionProblem("%t takes a bool") }
            return bool ? "true" : "false"
        default: return try numeral(value, kind)
        }
    }

    private func numeral(_ value: HCLValue, _ kind: UInt8) throws(HCLFunctionProblem) -> String {
        guard let number = value.numberValue else { throw HCLFunctionProblem("the verb takes a number") }
        let sign = number < 0 ? "-" : flags.contains(UInt8(ascii: "+")) ? "+" : ""
        let magnitude = number.magnitude
        switch kind {
        case UInt8(ascii: "f"), UInt8(ascii: "F"): return sign + fixed(magnitude, precision ?? 6)
        case UInt8(ascii: "g"), UInt8(ascii: "G"), UInt8(ascii: "e"), UInt8(ascii: "E"):
            return sign + HCLValue.spelling(magnitude)
        default: break
        }
        guard let whole = Int(exactly: magnitude.rounded(.towardZero)) else {
            throw HCLFunctionProblem("the number is too large for the verb")
        }
        switch kind {
        case UInt8(ascii: "d"): return sign + String(whole)
        case UInt8(ascii: "x"): return sign + String(whole, radix: 16)
        case UInt8(ascii: "X"): return sign + String(whole, radix: 16, uppercase: true)
        case UInt8(ascii: "o"): return sign + String(whole, radix: 8)
        case UInt8(ascii: "b"): return sign + String(whole, radix: 2)
        default: throw HCLFunctionProblem("there is no verb %\(Character(Unicode.Scalar(kind)))")
        }
    }

    private func fixed(_ magnitude: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<min(digits, 15) { scale *= 10 }
        guard let scaled = Int(exactly: (magnitude * scale).rounded()) else { return HCLValue.spelling(magnitude) }
        guard digits > 0 else { return String(scaled) }
        let text = String(scaled)
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        return padded.dropLast(digits) + "." + padded.suffix(digits)
    }

    private func padded(_ text: String) -> String {
        let missing = width - text.count
        guard missing > 0 else { return text }
        if flags.contains(UInt8(ascii: "-")) { return text + String(repeating: " ", count: missing) }
        guard flags.contains(UInt8(ascii: "0")) else { return String(repeating: " ", count: missing) + text }
        let sign = text.hasPrefix("-") || text.hasPrefix("+") ? String(text.prefix(1)) : ""
        return sign + String(repeating: "0", count: missing) + text.dropFirst(sign.count)
    }
}
