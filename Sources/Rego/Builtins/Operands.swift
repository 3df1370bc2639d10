internal import BigInt

/// The operands of a call, taken by place and type; the errors name the place from 1 as OPA does.
extension [RegoValue] {
    func string(_ at: Int) throws(BuiltinError) -> RegoString {
        guard case .string(let string) = self[at] else { throw .operand(at + 1, self[at], mustBe: .string) }
        return string
    }

    func text(_ at: Int) throws(BuiltinError) -> String { try string(at).text }

    func bool(_ at: Int) throws(BuiltinError) -> Bool {
        guard case .bool(let bool) = self[at] else { throw .operand(at + 1, self[at], mustBe: .boolean) }
        return bool
    }

    func number(_ at: Int) throws(BuiltinError) -> RegoNumber {
        guard case .number(let number) = self[at] else { throw .operand(at + 1, self[at], mustBe: .number) }
        return number
    }

    /// An integer of any size.
    func integer(_ at: Int) throws(BuiltinError) -> BigInt {
        guard let integer = try number(at).bigInt else {
            throw .operand(at + 1, "must be integer number but got floating-point number")
        }
        return integer
    }

    /// An integer that fits.
    func int(_ at: Int) throws(BuiltinError) -> Int {
        let number = try number(at)
        if case .int(let int) = number { return int }
        guard number.isInteger else { throw .operand(at + 1, "must be integer number but got floating-point number") }
        guard let int = number.int else { throw .operand(at + 1, "must be an integer that fits in 64 bits") }
        return int
    }

    func array(_ at: Int) throws(BuiltinError) -> RegoArray {
        guard case .array(let array) = self[at] else { throw .operand(at + 1, self[at], mustBe: .array) }
        return array
    }

    func object(_ at: Int) throws(BuiltinError) -> RegoObject {
        guard case .object(let object) = self[at] else { throw .operand(at + 1, self[at], mustBe: .object) }
        return object
    }

    func set(_ at: Int) throws(BuiltinError) -> RegoSet {
        guard case .set(let set) = self[at] else { throw .operand(at + 1, self[at], mustBe: .set) }
        return set
    }

    /// The elements of an array or a set.
    func elements(_ at: Int) throws(BuiltinError) -> [RegoValue] {
        switch self[at] {
        case .array(let array): return array.elements
        case .set(let set): return Array(set)
        default: throw .operand(at + 1, self[at], mustBe: .array, .set)
        }
    }

    /// The texts of an array or a set.
    func texts(_ at: Int) throws(BuiltinError) -> [String] {
        var texts: [String] = []
        for element in try elements(at) {
            guard let text = element.text else { throw .element(at + 1, self[at], element, mustBe: "string") }
            texts.append(text)
        }
        return texts
    }
}

extension BuiltinError {
    /// `operand 1 must be array of strings but got array containing number`
    static func element(
        _ position: Int, _ composite: RegoValue, _ element: RegoValue, mustBe type: String
    ) -> BuiltinError {
        let name = composite.typeName
        return operand(position, "must be \(name) of \(type)s but got \(name) containing \(element.typeName)")
    }
}

/// Text as Go has it: code points, where each byte that belongs to none is one U+FFFD.
enum GoText {
    static func decode(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = String.UnicodeScalarView()
        var at = 0
        while at < bytes.count {
            if let (scalar, length) = scalar(bytes, at) {
                text.append(scalar)
                at += length
            } else {
                text.append("\u{FFFD}")
                at += 1
            }
        }
        return String(text)
    }

    private static func scalar(_ bytes: [UInt8], _ at: Int) -> (Unicode.Scalar, Int)? {
        let first = bytes[at]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, at + length <= bytes.count,
            let text = String(validating: bytes[at..<at + length], as: UTF8.self)
        else { return nil }
        return text.unicodeScalars.first.map { ($0, length) }
    }

    /// As Go's `strconv.Quote`.
    static func quote(_ text: String) -> String {
        var quoted = ""
        RegoValue.quote(text, to: &quoted)
        return quoted
    }

    /// White space as Go's `unicode.IsSpace` has it.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }
}
