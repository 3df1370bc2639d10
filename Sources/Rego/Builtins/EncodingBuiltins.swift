internal import Core

/// `base64.*`, `base64url.*`, `hex.*`, `urlquery.*`
enum EncodingBuiltins {
    static let all: [Builtin] = [
        text("base64.encode") { Base64.encode(Array($0.utf8)) },
        Builtin("base64.decode", [.string], .string) { arguments, _ throws(BuiltinError) in
            RegoValue(GoText.decode(try GoBase64.decode(try arguments.text(0))))
        },
        Builtin("base64.is_valid", [.string], .boolean) { arguments, _ throws(BuiltinError) in
            let text = try arguments.text(0)
            do throws(BuiltinError) { _ = try GoBase64.decode(text) } catch { return false }
            return true
        },
        text("base64url.encode") { text in
            let encoded = Base64.encode(Array(text.utf8), .url)
            return encoded + String(repeating: "=", count: (4 - encoded.utf8.count % 4) % 4)
        },
        text("base64url.encode_no_pad") { Base64.encode(Array($0.utf8), .url) },
        Builtin("base64url.decode", [.string], .string) { arguments, _ throws(BuiltinError) in
            RegoValue(GoText.decode(try GoBase64.decodeURL(try arguments.text(0))))
        },
        text("hex.encode") { Hex.encode($0.utf8) },
        Builtin("hex.decode", [.string], .string) { arguments, _ throws(BuiltinError) in
            RegoValue(GoText.decode(try hexDecoded(try arguments.text(0))))
        },
        text("urlquery.encode", URLQuery.escape),
        Builtin("urlquery.decode", [.string], .string) { arguments, _ throws(BuiltinError) in
            RegoValue(GoText.decode(try URLQuery.unescape(Array(try arguments.text(0).utf8))))
        },
        Builtin(
            "urlquery.encode_object", [.object(.string, .either(.string, .array(of: .string), .set(.string)))],
            .string, run: URLQuery.encodeObject),
        Builtin(
            "urlquery.decode_object", [.string], .object(.string, .array(of: .string)), run: URLQuery.decodeObject),
    ]

    private static func text(_ name: String, _ encode: @escaping @Sendable (String) -> String) -> Builtin {
        Builtin(name, [.string], .string) { arguments, context throws(BuiltinError) in
            let text = try arguments.text(0)
            try context.charge(memory: text.utf8.count * 3)
            return RegoValue(encode(text))
        }
    }

    private static func hexDecoded(_ text: String) throws(BuiltinError) -> [UInt8] {
        if let bytes = Hex.decode(text) { return bytes }
        let bad = text.unicodeScalars.first { !$0.properties.isASCIIHexDigit }
        guard let bad else { throw .failure("encoding/hex: odd length hex string") }
        let code = String(bad.value, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: max(0, 4 - code.utf8.count)) + code
        throw .failure("encoding/hex: invalid byte: U+\(padded) '\(bad)'")
    }
}

/// Base64 as Go reads it: line ends are skipped, unused bits may be set, the error names the first wrong byte.
enum GoBase64 {
    static func decode(_ text: String) throws(BuiltinError) -> [UInt8] {
        try decode(Array(text.utf8), 0x2B, 0x2F)
    }

    /// The URL alphabet, padded or not.
    static func decodeURL(_ text: String) throws(BuiltinError) -> [UInt8] {
        var bytes = Array(text.utf8)
        if bytes.last != UInt8(ascii: "=") {
            switch bytes.count % 4 {
            case 0: break
            case 2: bytes += [0x3D, 0x3D]
            case 3: bytes.append(0x3D)
            default: throw .failure("illegal base64url string: \(text)")
            }
        }
        return try decode(bytes, UInt8(ascii: "-"), UInt8(ascii: "_"))
    }

    private static func decode(
        _ text: [UInt8], _ digit62: UInt8, _ digit63: UInt8
    ) throws(BuiltinError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count * 3 / 4)
        var buffer: UInt32 = 0
        var digits = 0
        var at = 0
        while at < text.count {
            let byte = text[at]
            if byte == 0x0A || byte == 0x0D {
                at += 1
                continue
            }
            if byte == UInt8(ascii: "=") {
                try checkPadding(text, at, digits)
                break
            }
            guard let value = value(byte, digit62, digit63) else { throw illegal(at) }
            buffer = buffer << 6 | value
            digits += 1
            at += 1
            if digits == 4 {
                output += [
                    UInt8(truncatingIfNeeded: buffer >> 16), UInt8(truncatingIfNeeded: buffer >> 8),
                    UInt8(truncatingIfNeeded: buffer),
                ]
                (buffer, digits) = (0, 0)
            }
        }
        if at == text.count, digits > 0 { throw illegal(text.count - digits) }
        if digits >= 2 { output.append(UInt8(truncatingIfNeeded: buffer >> (digits == 2 ? 4 : 10))) }
        if digits == 3 { output.append(UInt8(truncatingIfNeeded: buffer >> 2)) }
        return output
    }

    private static func checkPadding(_ text: [UInt8], _ at: Int, _ digits: Int) throws(BuiltinError) {
        guard digits >= 2 else { throw illegal(at) }
        let rest = text[at...].enumerated().filter { $0.element != 0x0A && $0.element != 0x0D }
        let wanted = 4 - digits
        for (place, (offset, byte)) in rest.enumerated() where place >= wanted || byte != UInt8(ascii: "=") {
            throw illegal(at + offset)
        }
        guard rest.count == wanted else { throw illegal(text.count) }
    }

    private static func value(_ byte: UInt8, _ digit62: UInt8, _ digit63: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte - 0x41)
        case 0x61...0x7A: UInt32(byte - 0x61 + 26)
        case 0x30...0x39: UInt32(byte - 0x30 + 52)
        case digit62: 62
        case digit63: 63
        default: nil
        }
    }

    private static func illegal(_ at: Int) -> BuiltinError { .failure("illegal base64 data at input byte \(at)") }
}

/// The encoding of queries in URLs: `a=1&b=%20`.
enum URLQuery {
    private static let digits = Array("0123456789ABCDEF".utf8)

    static func escape(_ text: String) -> String {
        var output: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: output.append(byte)
            case 0x20: output.append(0x2B)
            default: output += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    static func unescape(_ text: [UInt8]) throws(BuiltinError) -> [UInt8] {
        var output: [UInt8] = []
        var at = 0
        while at < text.count {
            switch text[at] {
            case 0x2B: output.append(0x20)
            case 0x25:
                let pair = text[at...].prefix(3)
                guard let byte = Hex.decode(String(decoding: pair.dropFirst(), as: UTF8.self))?.first else {
                    throw .failure("invalid URL escape \(GoText.quote(GoText.decode(Array(pair))))")
                }
                output.append(byte)
                at += 2
            default: output.append(text[at])
            }
            at += 1
        }
        return output
    }

    static func encodeObject(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        var parts: [String] = []
        for (key, value) in try arguments.object(0) {
            guard let name = key.text else { throw .failure("keys must be strings: \(key.typeName)") }
            for text in try texts(value) { parts.append("\(escape(name))=\(escape(text))") }
        }
        try context.charge(memory: parts.reduce(0) { $0 + $1.utf8.count })
        return RegoValue(parts.joined(separator: "&"))
    }

    private static func texts(_ value: RegoValue) throws(BuiltinError) -> [String] {
        switch value {
        case .string(let string): return [string.text]
        case .array, .set: return try [value].texts(0)
        default: throw .operand(1, "values must be string, array[string], or set[string] but got \(value.typeName)")
        }
    }

    static func decodeObject(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        var members = RegoObject()
        let text = Array(try arguments.text(0).utf8)
        try context.charge(memory: Size.product(text.count, 16))
        for part in text.split(separator: UInt8(ascii: "&")) {
            guard !part.contains(UInt8(ascii: ";")) else { throw .failure("invalid semicolon separator in query") }
            let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let key = RegoValue(GoText.decode(try unescape(Array(pair[0]))))
            let value = RegoValue(GoText.decode(try unescape(pair.count > 1 ? Array(pair[1]) : [])))
            var values = members[key]?.array ?? RegoArray()
            values.append(value)
            members.updateValue(.array(values), forKey: key)
        }
        return .object(members)
    }
}
