internal import JSON

/// What a value is, and casts between types.
enum TypeBuiltins {
    static let all: [Builtin] =
        [
            test("is_null", .null), test("is_boolean", .boolean), test("is_number", .number),
            test("is_string", .string), test("is_array", .array), test("is_object", .object), test("is_set", .set),
            Builtin("type_name", [.any], .string) { arguments, _ in RegoValue(arguments[0].typeName) },
            Builtin(
                "to_number", [.either(.number, .string, .boolean, .null)], .number, run: toNumber),
            cast("cast_array", .array) { value in
                switch value {
                case .array: value
                case .set(let set): .array(RegoArray(set))
                default: nil
                }
            },
            cast("cast_set", .set) { value in
                switch value {
                case .set: value
                case .array(let array): .set(RegoSet(array))
                default: nil
                }
            },
            cast("cast_string", .string) { $0.kind == .string ? $0 : nil },
            cast("cast_boolean", .boolean) { $0.kind == .boolean ? $0 : nil },
            cast("cast_null", .null) { $0.kind == .null ? $0 : nil },
            cast("cast_object", .object) { $0.kind == .object ? $0 : nil },
        ]

    private static func test(_ name: String, _ kind: RegoValue.Kind) -> Builtin {
        Builtin(name, [.any], .boolean) { arguments, _ in .bool(arguments[0].kind == kind) }
    }

    private static func cast(
        _ name: String, _ kind: RegoValue.Kind, _ convert: @escaping @Sendable (RegoValue) -> RegoValue?
    ) -> Builtin {
        Builtin(name, [.any], .any) { arguments, _ throws(BuiltinError) in
            guard let value = convert(arguments[0]) else {
                switch kind {
                case .array, .set: throw .operand(1, arguments[0], mustBe: .array, .set)
                default: throw .operand(1, arguments[0], mustBe: kind)
                }
            }
            return value
        }
    }

    private static func toNumber(_ arguments: [RegoValue], _: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        switch arguments[0] {
        case .null: return 0
        case .bool(let bool): return bool ? 1 : 0
        case .number: return arguments[0]
        case .string(let string): return .number(try number(string.text))
        default: throw .operand(1, arguments[0], mustBe: .null, .boolean, .number, .string)
        }
    }

    /// What Go's `strconv.ParseFloat` reads, kept exactly.
    private static func number(_ text: String) throws(BuiltinError) -> RegoNumber {
        if let number = RegoNumber(spelling: text) { return number }
        let unsigned = text.lowercased().drop { $0 == "+" || $0 == "-" }
        if ["inf", "infinity", "nan"].contains(unsigned) {
            throw .operand(1, "must be valid number string but got string")
        }
        if let number = RegoNumber(relaxed: text) { return number }
        throw .failure("strconv.ParseFloat: parsing \(GoText.quote(text)): invalid syntax")
    }
}

extension RegoNumber {
    /// Also `+1`, `.5`, `5.` and leading zeros.
    init?(relaxed text: String) {
        var rest = Substring(text)
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest = rest.dropFirst() }
        let whole = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(whole.count)
        var spelling = isNegative ? "-" : ""
        let digits = whole.drop { $0 == "0" }
        spelling += digits.isEmpty ? "0" : digits
        var hasDigits = !whole.isEmpty
        if rest.first == "." {
            let fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(fraction.count + 1)
            hasDigits = hasDigits || !fraction.isEmpty
            if !fraction.isEmpty { spelling += "." + fraction }
        }
        guard hasDigits else { return nil }
        self.init(spelling: spelling + rest)
    }
}
