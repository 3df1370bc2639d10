import Core

/// What a type asks of its parts and how it spells them (purl-spec, `types/*-definition.json`).
struct PURLRules {
    struct Parts {
        var namespace: String?
        var name: String
        var version: String?
        var qualifiers: [String: String]
    }

    private let type: String

    init(type: String) { self.type = type }

    func normalized(_ given: Parts) throws(GatehouseError) -> Parts {
        var parts = given
        guard !parts.name.isEmpty else { throw PURL.invalid("it has no name") }
        for key in parts.qualifiers.keys where !Self.isKey(key) {
            throw PURL.invalid("\"\(key.prefix(64))\" is no qualifier's key (lower-case letters, digits, . - _)")
        }
        if Self.withoutNamespace.contains(type), parts.namespace != nil {
            throw PURL.invalid("the type \(type) has no namespace")
        }
        if Self.withNamespace.contains(type), parts.namespace == nil {
            throw PURL.invalid("the type \(type) needs a namespace")
        }
        if let key = Self.requiredQualifiers[type], parts.qualifiers[key] == nil {
            throw PURL.invalid("the type \(type) needs the qualifier \(key)")
        }
        if Self.foldedNamespaces.contains(type) { parts.namespace = parts.namespace?.lowercased() }
        if Self.foldedNames.contains(type) { parts.name = parts.name.lowercased() }
        if Self.foldedVersions.contains(type) { parts.version = parts.version?.lowercased() }
        try applyOwnRules(&parts)
        return parts
    }

    /// The rules that one type alone has.
    private func applyOwnRules(_ parts: inout Parts) throws(GatehouseError) {
        switch type {
        case "pypi": parts.name = String(parts.name.map { $0 == "_" ? "-" : $0 })
        case "pub":
            parts.name = String(parts.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        case "cpan":
            parts.namespace = parts.namespace?.uppercased()
            guard !parts.name.contains("::") else { throw PURL.invalid("a CPAN distribution's name has no ::") }
        case "mlflow":
            let isFolded = parts.qualifiers["repository_url"]?.contains("databricks") ?? false
            if isFolded { parts.name = parts.name.lowercased() }
        case "chrome-extension": try checkExtension(parts)
        default: break
        }
    }

    private func checkExtension(_ parts: Parts) throws(GatehouseError) {
        guard parts.name.utf8.count == 32, parts.name.utf8.allSatisfy({ (0x61...0x70).contains($0) }) else {
            throw PURL.invalid("an extension's id has 32 letters from a to p")
        }
        let numbers = parts.version?.split(separator: ".", omittingEmptySubsequences: false) ?? ["0"]
        let isVersion = numbers.count <= 4 && numbers.allSatisfy { VersionBytes.isNumber(Array($0.utf8).span) }
        guard isVersion else { throw PURL.invalid("an extension's version has up to four numbers") }
    }

    /// Letters, digits, `.` and `-`, a letter first.
    static func isType(_ text: String) -> Bool {
        guard let first = text.utf8.first, VersionBytes.isLetter(first), text.utf8.count <= 64 else { return false }
        return text.utf8.allSatisfy {
            VersionBytes.isLetter($0) || VersionBytes.isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
        }
    }

    private static func isKey(_ text: String) -> Bool {
        guard let first = text.utf8.first, !VersionBytes.isDigit(first) else { return false }
        return text.utf8.allSatisfy {
            ($0 &- 0x61 < 26) || VersionBytes.isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
                || $0 == UInt8(ascii: "_")
        }
    }

    private static func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }

    private static let withoutNamespace = words(
        "bazel bitnami cargo chrome-extension cocoapods conda cran gem hackage julia mlflow nuget oci opam otp pub pypi "
            + "vcpkg")
    private static let withNamespace = words(
        "alpm apk bitbucket composer deb git github huggingface maven qpkg rpm swift vscode-extension")
    private static let requiredQualifiers = ["julia": "uuid", "swid": "tag_id"]
    private static let foldedNamespaces = words(
        "alpm apk bitbucket brew composer deb github hex luarocks qpkg rpm vscode-extension yocto")
    private static let foldedNames = words(
        "alpm apk bitbucket bitnami brew chrome-extension composer deb github hex luarocks oci otp pub pypi "
            + "vscode-extension")
    private static let foldedVersions = words("huggingface oci pypi vscode-extension")
}
