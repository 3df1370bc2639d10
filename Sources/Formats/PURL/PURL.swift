public import Core
import Web

/// A package URL (purl-spec, ECMA-427): names a package of any ecosystem. Its parts are held as its type's rules
/// normalise them, so that two spellings of one package are equal.
public struct PURL: Sendable, Hashable {
    /// Lower-case: `npm`, `golang`.
    public let type: String
    /// Segments joined by `/`; nil where there is none.
    public let namespace: String?
    public let name: String
    public let version: String?
    /// None with an empty value.
    public let qualifiers: [String: String]
    /// Segments joined by `/`, none of them `.` or `..`.
    public let subpath: String?

    /// Of a text that is read.
    public static let maximumBytes = 8192

    /// Builds one of its parts.
    /// - Throws: `invalid`, naming the part.
    public init(
        type: String, namespace: String? = nil, name: String, version: String? = nil,
        qualifiers: [String: String] = [:], subpath: String? = nil
    ) throws(GatehouseError) {
        guard PURLRules.isType(type) else { throw Self.invalid("\"\(type.prefix(64))\" is no type") }
        self.type = type.lowercased()
        let rules = PURLRules(type: self.type)
        let version = version.flatMap { $0.isEmpty ? nil : $0 }
        let filled = qualifiers.filter { !$0.value.isEmpty }.map { ($0.key.lowercased(), $0.value) }
        let folded = Dictionary(filled) { first, _ in first }
        guard folded.count == filled.count else { throw Self.invalid("a qualifier is there twice") }
        let parts = try rules.normalized(
            PURLRules.Parts(
                namespace: Self.joined(namespace), name: name, version: version, qualifiers: folded))
        self.namespace = parts.namespace
        self.name = parts.name
        self.version = parts.version
        self.qualifiers = parts.qualifiers
        self.subpath = Self.joined(subpath) { $0 != "." && $0 != ".." }
    }

    /// Without the empty segments.
    private static func joined(_ text: String?, where isKept: (Substring) -> Bool = { _ in true }) -> String? {
        let segments = (text ?? "").split(separator: "/").filter(isKept)
        return segments.isEmpty ? nil : segments.joined(separator: "/")
    }

    static func invalid(_ message: String) -> GatehouseError {
        GatehouseError("formats", .invalid, "not a package URL: \(message)")
    }
}

extension PURL: CustomStringConvertible {
    /// The canonical text.
    public var description: String {
        var text = "pkg:\(type)/"
        if let namespace { text += Self.encodedSegments(namespace) + "/" }
        text += Self.encoded(name)
        if let version { text += "@" + Self.encoded(version) }
        let pairs = qualifiers.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.encoded($0.value))" }
        if !pairs.isEmpty { text += "?" + pairs.joined(separator: "&") }
        if let subpath { text += "#" + Self.encodedSegments(subpath) }
        return text
    }

    private static func encodedSegments(_ text: String) -> String {
        text.split(separator: "/").map { encoded(String($0)) }.joined(separator: "/")
    }

    /// A colon stands as it is everywhere.
    private static func encoded(_ text: String) -> String {
        text.split(separator: ":", omittingEmptySubsequences: false).map { Percent.encode(String($0)) }
            .joined(separator: ":")
    }
}
