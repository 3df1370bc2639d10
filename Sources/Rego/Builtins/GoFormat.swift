internal import BigInt

/// Go's `fmt.Sprintf` over what `sprintf` passes to it: integers, floats and texts, everything else as text.
struct GoFormat {
    enum Argument {
        case integer(BigInt, isSmall: Bool)
        case float(Double)
        case text(String)
    }

    struct Flags {
        var plus = false, minus = false, sharp = false, space = false, zero = false
        var width: Int?
        var precision: Int?
    }

    private let format: [Unicode.Scalar]
    private let arguments: RegoArray
    private let context: BuiltinContext
    private var output = ""
    private var at = 0
    private var next = 0
    private var isReordered = false
    private var isGoodIndex = true

    /// Go refuses larger widths.
    private static let greatestWidth = 1_000_000

    init(_ format: String, _ arguments: RegoArray, _ context: BuiltinContext) {
        self.format = Array(format.unicodeScalars)
        self.arguments = arguments
        self.context = context
    }

    mutating func run() throws(BuiltinError) -> String {
        while at < format.count {
            guard format[at] == "%" else {
                output.unicodeScalars.append(format[at])
                at += 1
                continue
            }
            at += 1
            let before = output.utf8.count
            try directive()
            try context.charge(memory: output.utf8.count - before)
        }
        if !isReordered, next < arguments.count { try reportExtra() }
        return output
    }

    private mutating func reportExtra() throws(BuiltinError) {
        let extra = arguments[next...].map { value in
            let argument = Self.argument(value)
            return "\(Self.typeName(argument))=\(FormatVerb.plain(argument))"
        }
        let text = "%!(EXTRA \(extra.joined(separator: ", ")))"
        try context.charge(memory: text.utf8.count)
        output += text
    }

    private mutating func directive() throws(BuiltinError) {
        var flags = readFlags()
        isGoodIndex = true
        var afterIndex = readIndex()
        flags.width = try readCount(&flags, isWidth: true, &afterIndex)
        if at < format.count, format[at] == "." {
            at += 1
            if afterIndex { isGoodIndex = false }
            afterIndex = readIndex()
            flags.precision = try readCount(&flags, isWidth: false, &afterIndex) ?? 0
        }
        if !afterIndex { afterIndex = readIndex() }
        guard at < format.count else {
            output += "%!(NOVERB)"
            return
        }
        let verb = format[at]
        at += 1
        perform(verb, flags)
    }

    private mutating func perform(_ verb: Unicode.Scalar, _ flags: Flags) {
        if verb == "%" {
            output += "%"
        } else if !isGoodIndex {
            output += "%!\(verb)(BADINDEX)"
        } else if next >= arguments.count {
            output += "%!\(verb)(MISSING)"
        } else {
            let argument = Self.argument(arguments[next])
            next += 1
            output += FormatVerb(verb, flags).format(argument)
        }
    }

    private mutating func readFlags() -> Flags {
        var flags = Flags()
        while at < format.count {
            switch format[at] {
            case "#": flags.sharp = true
            case "0": flags.zero = true
            case "+": flags.plus = true
            case "-": flags.minus = true
            case " ": flags.space = true
            default: return flags
            }
            at += 1
        }
        return flags
    }

    /// `[3]`, from 1; says whether there was one.
    private mutating func readIndex() -> Bool {
        guard at < format.count, format[at] == "[" else { return false }
        isReordered = true
        guard let close = format[at...].firstIndex(of: "]") else {
            isGoodIndex = false
            at += 1
            return false
        }
        let digits = format[(at + 1)..<close]
        at = close + 1
        guard digits.allSatisfy({ ("0"..."9").contains($0) }),
            let index = Int(String(String.UnicodeScalarView(digits))),
            index >= 1, index <= arguments.count
        else {
            isGoodIndex = false
            return true
        }
        next = index - 1
        return true
    }

    private mutating func readCount(
        _ flags: inout Flags, isWidth: Bool, _ afterIndex: inout Bool
    ) throws(BuiltinError) -> Int? {
        if at < format.count, format[at] == "*" {
            at += 1
            afterIndex = false
            return countArgument(&flags, isWidth)
        }
        var count: Int?
        while at < format.count, let digit = Int(String(format[at])) {
            count = min((count ?? 0) * 10 + digit, Self.greatestWidth)
            at += 1
        }
        if count != nil, afterIndex { isGoodIndex = false }
        try context.charge(memory: count ?? 0)
        return count
    }

    private mutating func countArgument(_ flags: inout Flags, _ isWidth: Bool) -> Int? {
        guard next < arguments.count, case .number(let number) = arguments[next], let count = number.int,
            count.magnitude <= Self.greatestWidth
        else {
            output += isWidth ? "%!(BADWIDTH)" : "%!(BADPREC)"
            next += 1
            return nil
        }
        next += 1
        if isWidth, count < 0 {
            flags.minus = true
            flags.zero = false
            return -count
        }
        return count < 0 ? nil : count
    }

    static func argument(_ value: RegoValue) -> Argument {
        switch value {
        case .number(.int(let int)): .integer(BigInt(int), isSmall: true)
        case .number(.decimal(let decimal)): argument(decimal)
        case .string(let string): .text(string.text)
        default: .text(value.description)
        }
    }

    private static func argument(_ decimal: RegoDecimal) -> Argument {
        if decimal.exponent == 0, decimal.spelling.utf8.allSatisfy({ $0 != UInt8(ascii: ".") && $0 | 0x20 != 0x65 }) {
            return .integer(decimal.significand, isSmall: Int(exactly: decimal.significand) != nil)
        }
        return decimal.double.isFinite ? .float(decimal.double) : .text(decimal.spelling)
    }

    static func typeName(_ argument: Argument) -> String {
        switch argument {
        case .integer(_, let isSmall): isSmall ? "int" : "*big.Int"
        case .float: "float64"
        case .text: "string"
        }
    }

    /// As Go prints the value that JSON would decode to: `map[a:1]`, `[1 2]`.
    static func goValue(_ value: RegoValue) -> String {
        switch value {
        case .null: "<nil>"
        case .bool(let bool): bool ? "true" : "false"
        case .number(let number): number.spelling
        case .string(let string): string.text
        case .array(let array): "[\(array.map(goValue).joined(separator: " "))]"
        case .set(let set): "[\(set.map(goValue).joined(separator: " "))]"
        case .object(let object):
            "map[\(object.map { "\(goValue($0.key)):\(goValue($0.value))" }.joined(separator: " "))]"
        }
    }
}
