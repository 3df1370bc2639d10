internal import BigInt

/// Texts, counted in code points as OPA does.
enum StringBuiltins {
    private static let textCollection = RegoType.either(.set(.string), .array(of: .string))
    private static let textOrCollection = RegoType.either(.string, .set(.string), .array(of: .string))

    static let all: [Builtin] =
        [
            Builtin("concat", [.string, textCollection], .string, run: concat),
            Builtin("contains", [.string, .string], .boolean) { arguments, context throws(BuiltinError) in
                .bool(try TextSearch.find(arguments, context, limit: 1).isEmpty == false)
            },
            Builtin("startswith", [.string, .string], .boolean) { arguments, _ throws(BuiltinError) in
                .bool(try arguments.text(0).utf8.starts(with: try arguments.text(1).utf8))
            },
            Builtin("endswith", [.string, .string], .boolean) { arguments, _ throws(BuiltinError) in
                .bool(try arguments.text(0).utf8.reversed().starts(with: try arguments.text(1).utf8.reversed()))
            },
            Builtin("format_int", [.number, .number], .string, run: formatInt),
            Builtin("indexof", [.string, .string], .number, run: indexOf),
            Builtin("indexof_n", [.string, .string], .array(of: .number), run: indexesOf),
            mapping("lower") { $0.lowercaseMapping },
            mapping("upper") { $0.uppercaseMapping },
            Builtin("replace", [.string, .string, .string], .string, run: replace),
            Builtin("split", [.string, .string], .array(of: .string), run: split),
            Builtin("substring", [.string, .number, .number], .string, run: substring),
            Builtin("sprintf", [.string, .anyArray], .string, run: sprintf),
            Builtin("strings.any_prefix_match", [textOrCollection, textOrCollection], .boolean) {
                arguments, context throws(BuiltinError) in
                try anyMatch(arguments, context) { $0.starts(with: $1) }
            },
            Builtin("strings.any_suffix_match", [textOrCollection, textOrCollection], .boolean) {
                arguments, context throws(BuiltinError) in
                try anyMatch(arguments, context) { $0.reversed().starts(with: $1.reversed()) }
            },
            Builtin("strings.count", [.string, .string], .number, run: count),
            Builtin("strings.replace_n", [.object(.string, .string), .string], .string, run: replaceAll),
            Builtin("strings.reverse", [.string], .string) { arguments, _ throws(BuiltinError) in
                RegoValue(String(String.UnicodeScalarView(try arguments.text(0).unicodeScalars.reversed())))
            },
            Builtin("strings.render_template", [.string, .object(.string, .any)], .string, run: TextTemplate.render),
            Builtin("internal.template_string", [.anyArray], .string, run: templateString),
        ] + TrimBuiltins.all

    private static func concat(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let separator = try arguments.text(0)
        let parts = try arguments.texts(1)
        let length = parts.reduce(Size.product(separator.utf8.count, parts.count)) { Size.sum($0, $1.utf8.count) }
        try context.charge(memory: length)
        return RegoValue(parts.joined(separator: separator))
    }

    private static func formatInt(_ arguments: [RegoValue], _: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let number = try arguments.number(0)
        guard let base = try arguments.number(1).int, [2, 8, 10, 16].contains(base) else {
            throw .operand(2, "must be one of {2, 8, 10, 16}")
        }
        let rounding: NumberArithmetic.Rounding = number.isNegative ? .up : .down
        guard let integer = try NumberArithmetic.round(number, rounding).bigInt else {
            throw .operand(1, "must be a number that can be written out")
        }
        return RegoValue(String(integer, radix: base))
    }

    private static func indexOf(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue?
    {
        guard try !arguments.string(1).isEmpty else { throw .failure("empty search character") }
        let found = try TextSearch.find(arguments, context, limit: 1)
        return RegoValue(found.first.map { codePoints(in: arguments[0], before: $0) } ?? -1)
    }

    private static func indexesOf(
        _ arguments: [RegoValue], _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        guard try !arguments.string(1).isEmpty else { throw .failure("empty search character") }
        let found = try TextSearch.find(arguments, context, overlapping: true)
        guard !found.isEmpty else { return [] }
        var places = RegoArray()
        var bytes = 0
        var points = 0
        let text = Array(try arguments.text(0).utf8)
        for place in found {
            while bytes < place {
                if text[bytes] & 0xC0 != 0x80 { points += 1 }
                bytes += 1
            }
            places.append(RegoValue(points))
        }
        return .array(places)
    }

    private static func codePoints(in value: RegoValue, before place: Int) -> Int {
        value.text?.utf8.prefix(place).count { $0 & 0xC0 != 0x80 } ?? 0
    }

    /// One code point to one, as Go maps case; what would become several stays.
    private static func mapping(
        _ name: String, _ map: @escaping @Sendable (Unicode.Scalar.Properties) -> String
    ) -> Builtin {
        Builtin(name, [.string], .string) { arguments, _ throws(BuiltinError) in
            var mapped = String.UnicodeScalarView()
            for scalar in try arguments.text(0).unicodeScalars {
                let image = map(scalar.properties).unicodeScalars
                mapped.append(image.count == 1 ? image.first ?? scalar : scalar)
            }
            return RegoValue(String(mapped))
        }
    }

    private static func replace(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue?
    {
        let pair = (old: Array(try arguments.text(1).utf8), new: Array(try arguments.text(2).utf8))
        return RegoValue(try TextSearch.replace(try arguments.text(0), [pair], context))
    }

    /// The pairs are tried in order of their keys at each place.
    private static func replaceAll(
        _ arguments: [RegoValue], _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        var pairs: [TextSearch.Pair] = []
        for (key, value) in try arguments.object(0) {
            guard let old = key.text else {
                throw .operand(1, "must be object of strings but got object containing \(key.typeName)")
            }
            guard let new = value.text else {
                throw .operand(1, "must be object of strings but got object containing \(value.typeName)")
            }
            pairs.append((Array(old.utf8), Array(new.utf8)))
        }
        return RegoValue(try TextSearch.replace(try arguments.text(1), pairs, context))
    }

    private static func split(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let text = try arguments.text(0)
        let separator = Array(try arguments.text(1).utf8)
        if separator.isEmpty {
            try context.charge(memory: Size.product(text.utf8.count, 64))
            return .array(RegoArray(text.unicodeScalars.map { RegoValue(String($0)) }))
        }
        let bytes = Array(text.utf8)
        let found = try TextSearch.find(arguments, context)
        try context.charge(memory: Size.product(found.count, 64) + bytes.count)
        var parts = RegoArray(reserving: found.count + 1)
        var start = 0
        for place in found {
            parts.append(.string(RegoString(decoding: bytes[start..<place])))
            start = place + separator.count
        }
        parts.append(.string(RegoString(decoding: bytes[start...])))
        return .array(parts)
    }

    private static func substring(_ arguments: [RegoValue], _: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let text = try arguments.text(0).unicodeScalars
        let offset = try arguments.int(1)
        let length = try arguments.int(2)
        guard offset >= 0 else { throw .failure("negative offset") }
        let rest = text.dropFirst(offset)
        return RegoValue(String(length < 0 ? rest : rest.prefix(length)))
    }

    private static func sprintf(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue?
    {
        var format = GoFormat(try arguments.text(0), try arguments.array(1), context)
        return RegoValue(try format.run())
    }

    private static func anyMatch(
        _ arguments: [RegoValue], _ context: BuiltinContext, _ matches: ([UInt8], [UInt8]) -> Bool
    ) throws(BuiltinError) -> RegoValue? {
        let (texts, parts) = (try candidates(arguments, 0), try candidates(arguments, 1))
        for text in texts {
            try context.charge(steps: parts.count + 1)
            if parts.contains(where: { matches(text, $0) }) { return true }
        }
        return false
    }

    private static func candidates(_ arguments: [RegoValue], _ at: Int) throws(BuiltinError) -> [[UInt8]] {
        switch arguments[at] {
        case .string(let string): return [Array(string.text.utf8)]
        case .array, .set: return try arguments.texts(at).map { Array($0.utf8) }
        default: throw .operand(at + 1, arguments[at], mustBe: .string, .set, .array)
        }
    }

    private static func count(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let text = try arguments.text(0)
        if try arguments.string(1).isEmpty { return RegoValue(text.unicodeScalars.count + 1) }
        return RegoValue(try TextSearch.find(arguments, context).count)
    }

    /// The parts of a template string: texts, and sets of the one value or none that an expression gave.
    private static func templateString(
        _ arguments: [RegoValue], _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        var text = ""
        for part in try arguments.array(0) {
            if case .set(let values) = part {
                guard values.count <= 1 else {
                    throw BuiltinError(.conflict, "template-strings must not produce multiple outputs")
                }
                text += values.first.map(display) ?? "<undefined>"
            } else {
                text += display(part)
            }
            try context.charge(memory: part.size)
        }
        return RegoValue(text)
    }

    /// A text as it is, anything else as Rego spells it.
    static func display(_ value: RegoValue) -> String { value.text ?? value.description }
}
