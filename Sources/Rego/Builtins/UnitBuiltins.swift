internal import BigInt

/// `units.*`: amounts with SI and binary suffixes, exactly.
enum UnitBuiltins {
    static let all: [Builtin] = [
        Builtin("units.parse", [.string], .number, run: parse),
        Builtin("units.parse_bytes", [.string], .number, run: parseBytes),
    ]

    private static let powers = ["k", "m", "g", "t", "p", "e"]

    private static func parse(_ arguments: [RegoValue], _: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let (amount, unit) = split(try cleaned(try arguments.text(0)))
        guard !amount.isEmpty else { throw .failure("no amount provided") }
        guard let number = RegoNumber(relaxed: amount) else { throw .failure("could not parse amount to a number") }
        if unit == "m" {
            return .number(try NumberArithmetic.multiply(number, RegoNumber(significand: 1, exponent: -3)))
        }
        guard let factor = factor(unit.lowercased()) else { throw .failure("unit \(unit) not recognized") }
        return .number(try NumberArithmetic.multiply(number, RegoNumber(factor)))
    }

    private static func parseBytes(_ arguments: [RegoValue], _: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let (amount, unit) = split(try cleaned(try arguments.text(0)))
        guard !amount.isEmpty else { throw .failure("no byte amount provided") }
        guard let number = RegoNumber(relaxed: amount) else {
            throw .failure("could not parse byte amount to a number")
        }
        var name = unit.lowercased()
        if name.hasSuffix("b"), name != "b" { name.removeLast() }
        guard let factor = factor(name) else { throw .failure("byte unit \(unit) not recognized") }
        let product = try NumberArithmetic.multiply(number, RegoNumber(factor))
        return .number(try NumberArithmetic.round(product, product.isNegative ? .up : .down))
    }

    private static func factor(_ unit: String) -> BigInt? {
        if unit.isEmpty { return 1 }
        if let power = powers.firstIndex(of: unit) { return BigInt(1000).power(power + 1) }
        guard unit.utf8.count == 2, unit.hasSuffix("i") else { return nil }
        return powers.firstIndex(of: String(unit.prefix(1))).map { BigInt(1024).power($0 + 1) }
    }

    private static func cleaned(_ text: String) throws(BuiltinError) -> String {
        guard !text.utf8.contains(0x20) else { throw .failure("spaces not allowed in resource strings") }
        return text.filter { $0 != "\"" }
    }

    /// An `e` belongs to the amount only where digits follow.
    private static func split(_ text: String) -> (amount: String, unit: String) {
        let characters = Array(text.unicodeScalars)
        func isDigit(_ at: Int) -> Bool { at < characters.count && ("0"..."9").contains(characters[at]) }
        func isSign(_ at: Int) -> Bool { at < characters.count && (characters[at] == "+" || characters[at] == "-") }
        var at = 0
        while at < characters.count {
            if characters[at] == "e" || characters[at] == "E" {
                guard isDigit(at + 1) || isSign(at + 1) else { break }
                if isSign(at + 1) { at += 1 }
            } else if !isDigit(at), !isSign(at), characters[at] != "." {
                break
            }
            at += 1
        }
        func string(_ slice: ArraySlice<Unicode.Scalar>) -> String { String(String.UnicodeScalarView(slice)) }
        return (string(characters[..<at]), string(characters[at...]))
    }
}
