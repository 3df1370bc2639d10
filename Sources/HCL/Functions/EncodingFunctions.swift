import Core
import JSON

enum EncodingFunctions {
    static let all: [HCLFunction] = [
        HCLFunction("base64decode", 1...1) { a throws(HCLFunctionProblem) in
            guard let bytes = Base64.decode(try a.text(0)), let text = String(validating: bytes, as: UTF8.self) else {
                throw HCLFunctionProblem("the text is no base64 of UTF-8")
            }
            return .string(text)
        },
        HCLFunction("base64encode", 1...1) { a throws(HCLFunctionProblem) in
            .string(Base64.encode(Array(try a.text(0).utf8)))
        },
        HCLFunction("urlencode", 1...1) { a throws(HCLFunctionProblem) in .string(urlEncoded(try a.text(0))) },
        HCLFunction("jsonencode", 1...1, acceptsUnknown: true) { a throws(HCLFunctionProblem) in
            var out = HCLText()
            write(a[0], to: &out)
            return out.value
        },
        HCLFunction("jsondecode", 1...1) { a throws(HCLFunctionProblem) in
            do {
                return value(try JSONDocument(try a.text(0)).value)
            } catch let problem as HCLFunctionProblem { throw problem } catch {
                throw HCLFunctionProblem("the text is no JSON")
            }
        },
        HCLFunction("csvdecode", 1...1) { a throws(HCLFunctionProblem) in
            var rows = CSVRows.read(try a.text(0))
            guard !rows.isEmpty else { return .list([]) }
            let names = rows.removeFirst()
            return .list(rows.map { row in .object(HCLObject(zip(names, row.map { .string($0) }))) })
        },
    ]

    static func json(_ value: HCLValue) -> String {
        var out = HCLText()
        write(value, to: &out)
        return out.text
    }

    /// What is not known stands as a text with its reference in it, so that the rest can be read.
    private static func write(_ value: HCLValue, to out: inout HCLText) {
        switch value {
        case .null: out.append("null")
        case .bool(let bool): out.append(bool ? "true" : "false")
        case .number(let number): out.append(HCLValue.spelling(number))
        case .string(let text): out.append(JSON.string(text).text())
        case .unknown(let unknown):
            let quoted = HCLUnknown(text: JSON.string(unknown.text).text(), references: unknown.references)
            out.append(unknown: quoted)
        case .list(let elements), .set(let elements):
            out.append("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(",") }
                write(element, to: &out)
            }
            out.append("]")
        case .object(let object):
            out.append("{")
            for (index, member) in object.members.enumerated() {
                if index > 0 { out.append(",") }
                out.append(JSON.string(member.key).text() + ":")
                write(member.value, to: &out)
            }
            out.append("}")
        }
    }

    static func value(_ json: JSON) -> HCLValue {
        switch json {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .number(let number): .number(number.double ?? 0)
        case .string(let text): .string(text)
        case .array(let elements): .list(elements.map(value))
        case .object(let object): .object(HCLObject(object.lazy.map { ($0.key, value($0.value)) }))
        }
    }

    private static func urlEncoded(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                out.append(byte)
            case 0x20: out.append(UInt8(ascii: "+"))
            default: out += Array("%\(Hex.encode([byte]).uppercased())".utf8)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

/// RFC 4180.
enum CSVRows {
    static func read(_ text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field: [UInt8] = []
        var (isQuoted, wasQuoted) = (false, false)
        func endField() { row.append(String(decoding: field, as: UTF8.self)); field = []; wasQuoted = false }
        for byte in text.utf8 {
            if isQuoted {
                if byte == UInt8(ascii: "\"") { (isQuoted, wasQuoted) = (false, true) } else { field.append(byte) }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                if wasQuoted { field.append(byte) }
                isQuoted = true
            case UInt8(ascii: ","): endField()
            case 0x0D: break
            case 0x0A:
                endField()
                rows.append(row)
                row = []
            default: field.append(byte)
            }
        }
        if !field.isEmpty || !row.isEmpty {
            endField()
            rows.append(row)
        }
        return rows
    }
}
