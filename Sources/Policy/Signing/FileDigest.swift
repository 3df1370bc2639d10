internal import Core
internal import Crypto
internal import JSON
internal import Rego

/// Digests of a bundle's files as its signature lists them
/// (https://www.openpolicyagent.org/docs/management-bundles#signature-format): over the bytes, and for structured files
/// over their JSON with sorted keys and no white space, so that formatting does not matter.
enum FileDigest {
    /// The algorithms that are safe to rely on; OPA also knows MD5, SHA-1 and shortened ones.
    static let algorithms = ["SHA-256", "SHA-384", "SHA-512"]

    /// - Throws: `unsupported` for another algorithm; `invalid` for a structured file that cannot be read.
    static func of(_ file: BundleFile, _ algorithm: String) throws(GatehouseError) -> [UInt8] {
        let bytes = isStructured(file.name) ? try canonical(file) : file.bytes
        return switch algorithm {
        case "SHA-256": Array(SHA256.hash(data: bytes))
        case "SHA-384": Array(SHA384.hash(data: bytes))
        case "SHA-512": Array(SHA512.hash(data: bytes))
        default:
            throw GatehouseError(
                "policy", .unsupported, "\(file.path) is signed over a digest by \(algorithm)",
                hint: "Sign with \(algorithms.joined(separator: ", ")).")
        }
    }

    private static func isStructured(_ name: Substring) -> Bool {
        ["data.json", "data.yaml", BundleContent.manifest[...], BundleContent.signatures[...]].contains(name)
    }

    private static func canonical(_ file: BundleFile) throws(GatehouseError) -> [UInt8] {
        let json: JSON
        if file.name.hasSuffix(".yaml") {
            json = try BundleContent.document(of: file).json
        } else {
            do { json = try JSON.parse(file.bytes, limits: JSON.Limits(bytes: 256 << 20, values: 20_000_000)) } catch {
                throw GatehouseError("policy", .invalid, "\(file.path) is no JSON", from: error)
            }
        }
        var bytes: [UInt8] = []
        write(json, to: &bytes)
        return bytes
    }

    /// Keys by bytes, numbers as they are spelled, texts as Go writes them without its escapes for HTML.
    static func write(_ json: JSON, to bytes: inout [UInt8]) {
        switch json {
        case .null: bytes += "null".utf8
        case .bool(let bool): bytes += (bool ? "true" : "false").utf8
        case .number(let number): bytes += number.spelling.utf8
        case .string(let text): write(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                write(element, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            let members = object.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                write(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                write(member.value, to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes += "\\\"".utf8
            case "\\": bytes += "\\\\".utf8
            case "\n": bytes += "\\n".utf8
            case "\r": bytes += "\\r".utf8
            case "\t": bytes += "\\t".utf8
            case "\u{08}": bytes += "\\b".utf8
            case "\u{0C}": bytes += "\\f".utf8
            case "\u{2028}": bytes += "\\u2028".utf8
            case "\u{2029}": bytes += "\\u2029".utf8
            case let control where control.value < 0x20:
                bytes += "\\u00\(Hex.encode([UInt8(control.value)]))".utf8
            default: bytes += String(scalar).utf8
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
