internal import BigInt

/// One directive of ``GoFormat`` applied to an argument.
struct FormatVerb {
    private let verb: Unicode.Scalar
    private let flags: GoFormat.Flags

    init(_ verb: Unicode.Scalar, _ flags: GoFormat.Flags) {
        self.verb = verb
        self.flags = flags
    }

    static func plain(_ argument: GoFormat.Argument) -> String { FormatVerb("v", GoFormat.Flags()).format(argument) }

    func format(_ argument: GoFormat.Argument) -> String {
        if verb == "T" { return pad(GoFormat.typeName(argument)) }
        switch argument {
        case .integer(let value, let isSmall): return integer(value, isSmall) ?? bad(argument)
        case .float(let value): return float(value) ?? bad(argument)
        case .text(let text): return self.text(text) ?? bad(argument)
        }
    }

    private func bad(_ argument: GoFormat.Argument) -> String {
        "%!\(verb)(\(GoFormat.typeName(argument))=\(Self.plain(argument)))"
    }

    // MARK: - Integers

    private func integer(_ value: BigInt, _ isSmall: Bool) -> String? {
        switch verb {
        case "v", "d": return digits(value, 10, prefix: "")
        case "s": return isSmall ? nil : digits(value, 10, prefix: "")
        case "b": return digits(value, 2, prefix: flags.sharp ? "0b" : "")
        case "o": return digits(value, 8, prefix: flags.sharp ? "0" : "")
        case "O": return digits(value, 8, prefix: "0o")
        case "x": return digits(value, 16, prefix: flags.sharp ? "0x" : "")
        case "X": return digits(value, 16, prefix: flags.sharp ? "0X" : "", uppercase: true)
        case "c", "q", "U": return isSmall ? character(value) : nil
        default: return nil
        }
    }

    private func digits(_ value: BigInt, _ radix: Int, prefix: String, uppercase: Bool = false) -> String {
        var digits = String(value.magnitude, radix: radix, uppercase: uppercase)
        let sign = value.signum() < 0 ? "-" : flags.plus ? "+" : flags.space ? " " : ""
        if let precision = flags.precision {
            if precision == 0, value.signum() == 0 { return pad("", allowsZeros: false) }
            digits = String(repeating: "0", count: max(0, precision - digits.utf8.count)) + digits
        } else if flags.zero, !flags.minus, let width = flags.width {
            let missing = width - digits.utf8.count - sign.utf8.count
            digits = String(repeating: "0", count: max(0, missing)) + digits
        }
        return pad(sign + prefix + digits, allowsZeros: false)
    }

    private func character(_ value: BigInt) -> String? {
        let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
        switch verb {
        case "c": return pad(String(scalar))
        case "q": return pad("'\(scalar == "'" ? "\\'" : scalar == "\"" ? "\"" : quotedBody(String(scalar)))'")
        default:
            let hex = String(value.magnitude, radix: 16, uppercase: true)
            let text = "U+" + String(repeating: "0", count: max(0, max(flags.precision ?? 4, 4) - hex.utf8.count)) + hex
            return pad(flags.sharp ? "\(text) '\(scalar)'" : text, allowsZeros: false)
        }
    }

    private func quotedBody(_ text: String) -> String { String(GoText.quote(text).dropFirst().dropLast()) }

    // MARK: - Texts

    private func text(_ text: String) -> String? {
        let cut = flags.precision.map { String(text.unicodeScalars.prefix($0)) } ?? text
        switch verb {
        case "v" where flags.sharp: return pad(GoText.quote(text))
        case "v", "s": return pad(cut)
        case "q":
            let isRaw = flags.sharp && !cut.unicodeScalars.contains { $0 == "`" || ($0.value < 0x20 && $0 != "\t") }
            return pad(isRaw ? "`\(cut)`" : GoText.quote(cut))
        case "x": return hexadecimal(text, uppercase: false)
        case "X": return hexadecimal(text, uppercase: true)
        default: return nil
        }
    }

    private func hexadecimal(_ text: String, uppercase: Bool) -> String {
        let bytes = text.utf8.prefix(flags.precision ?? .max)
        let prefix = flags.sharp ? (uppercase ? "0X" : "0x") : ""
        let pairs = bytes.map { byte in
            let digits = String(byte, radix: 16, uppercase: uppercase)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }
        if pairs.isEmpty { return pad("") }
        return pad(flags.space ? pairs.map { prefix + $0 }.joined(separator: " ") : prefix + pairs.joined())
    }

    // MARK: - Floats

    private func float(_ value: Double) -> String? {
        let body: String
        let magnitude = abs(value)
        switch verb {
        case "v": body = FloatText.general(magnitude, flags.precision, threshold: 21)
        case "g", "G": body = FloatText.general(magnitude, flags.precision, threshold: nil)
        case "e", "E": body = FloatText.exponential(magnitude, flags.precision ?? 6)
        case "f", "F": body = FloatText.fixed(magnitude, flags.precision ?? 6)
        default: return nil
        }
        let sign = value.sign == .minus ? "-" : flags.plus ? "+" : flags.space ? " " : ""
        let text = verb == "E" || verb == "G" ? body.uppercased() : body
        if flags.zero, !flags.minus, let width = flags.width {
            let missing = width - text.utf8.count - sign.utf8.count
            return sign + String(repeating: "0", count: max(0, missing)) + text
        }
        return pad(sign + text, allowsZeros: false)
    }

    // MARK: -

    private func pad(_ text: String, allowsZeros: Bool = true) -> String {
        guard let width = flags.width else { return text }
        let missing = max(0, width - text.unicodeScalars.count)
        if flags.minus { return text + String(repeating: " ", count: missing) }
        return String(repeating: flags.zero && allowsZeros ? "0" : " ", count: missing) + text
    }
}

/// Doubles in decimal, exact to any number of places.
enum FloatText {
    /// As `%g`; without a precision the shortest digits that read back, exponential from 10^threshold (21 by Go's
    /// `%v`, and by `%g` too where the digits are the shortest).
    static func general(_ value: Double, _ precision: Int?, threshold: Int?) -> String {
        if value == 0 { return "0" }
        var (digits, exponent) =
            precision.map { rounded(value, digits: min(max($0, 1), greatestDigits)) } ?? shortest(value)
        let limit = precision.map { digits.count > $0 && digits.count >= exponent + 1 ? digits.count : $0 }
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        let bound = limit.map { max($0, 1) } ?? threshold ?? 21
        if exponent < -4 || exponent >= bound { return exponentForm(digits, exponent) }
        if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + String(digits) }
        if digits.count <= exponent + 1 {
            return String(digits) + String(repeating: "0", count: exponent + 1 - digits.count)
        }
        return String(digits[...exponent]) + "." + String(digits[(exponent + 1)...])
    }

    static func exponential(_ value: Double, _ precision: Int) -> String {
        if value == 0 { return exponentForm(Array(repeating: "0", count: min(precision, 1_000_000) + 1), 0) }
        let (digits, exponent) = rounded(value, digits: min(precision, greatestDigits) + 1)
        let zeros = max(0, precision - greatestDigits)
        return exponentForm(digits + Array(repeating: "0", count: zeros), exponent)
    }

    /// Digits after these are zeros in every double.
    private static let greatestDigits = 1100

    static func fixed(_ value: Double, _ precision: Int) -> String {
        if precision > greatestDigits {
            return fixed(value, greatestDigits) + String(repeating: "0", count: precision - greatestDigits)
        }
        let (significand, exponent) = fraction(value)
        let scale = BigInt(10).power(precision)
        var digits = String(roundedQuotient(significand * scale, exponent))
        if digits.utf8.count <= precision {
            digits = String(repeating: "0", count: precision + 1 - digits.utf8.count) + digits
        }
        guard precision > 0 else { return digits }
        let point = digits.index(digits.endIndex, offsetBy: -precision)
        return digits[..<point] + "." + digits[point...]
    }

    private static func exponentForm(_ digits: [Character], _ exponent: Int) -> String {
        let mantissa = digits.count > 1 ? "\(digits[0])." + String(digits[1...]) : String(digits)
        let magnitude = String(abs(exponent))
        return mantissa + (exponent < 0 ? "e-" : "e+") + (magnitude.utf8.count < 2 ? "0" : "") + magnitude
    }

    /// Digits and the power of ten of the first, as Swift finds the shortest.
    private static func shortest(_ value: Double) -> ([Character], Int) {
        let parts = "\(value)".split(separator: "e")
        let plain = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        var exponent = plain[0].count - 1 + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        var digits = Array(plain.joined())
        while digits.count > 1, digits.first == "0" {
            digits.removeFirst()
            exponent -= 1
        }
        return (digits, exponent)
    }

    private static func rounded(_ value: Double, digits count: Int) -> ([Character], Int) {
        let (significand, exponent) = fraction(value)
        var estimate = shortest(value).1
        while true {
            let scale = count - 1 - estimate
            let scaled = scale >= 0 ? significand * BigInt(10).power(scale) : significand
            let divisor = scale >= 0 ? BigInt(1) : BigInt(10).power(-scale)
            let digits = Array(String(roundedQuotient(scaled, exponent, divisor)))
            if digits.count <= count { return (digits, estimate) }
            estimate += 1
        }
    }

    /// The double as `significand × 2^exponent`.
    private static func fraction(_ value: Double) -> (BigInt, Int) {
        guard value != 0 else { return (0, 0) }
        let exponent = max(Int(value.exponent), -1022) - 52
        return (BigInt(value.significandBitPattern | (value.isNormal ? 1 << 52 : 0)), exponent)
    }

    /// `value × 2^exponent / divisor`, halves to even.
    private static func roundedQuotient(_ value: BigInt, _ exponent: Int, _ divisor: BigInt = 1) -> BigInt {
        let numerator = exponent >= 0 ? value << exponent : value
        let denominator = exponent >= 0 ? divisor : divisor << -exponent
        let (quotient, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
        let doubled = rest * 2
        return doubled > denominator || doubled == denominator && !quotient.isMultiple(of: 2) ? quotient + 1 : quotient
    }
}
