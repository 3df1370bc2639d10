import Core
import Mustache

/// The console's pages as mustache templates, built into the binary.
struct Templates: Sendable {
    private let library: MustacheLibrary
    /// Changes with the assets, so that a browser never shows a page with yesterday's style.
    let assetVersion: String

    init() throws {
        MustacheContentTypes.register(ScalarHTML(), named: ScalarHTML.name)
        var library = MustacheLibrary()
        for (name, bytes) in Self.sources {
            let text = "{{% CONTENT_TYPE:\(ScalarHTML.name)}}" + String(decoding: bytes, as: UTF8.self)
            library.register(try MustacheTemplate(string: text), named: name)
        }
        self.library = library
        assetVersion = Self.fingerprint(PackageResources.console_css + PackageResources.console_js)
    }

    /// - Throws: `internal` for a name that is not there.
    func render(_ name: String, _ values: [String: Any]) throws -> String {
        guard let page = library.render(values, withTemplate: name) else {
            throw GatehouseError("console", .internal, "there is no template '\(name)'")
        }
        return page
    }

    private static let sources: [(String, [UInt8])] = [
        ("layout", PackageResources.layout_mustache), ("plain", PackageResources.plain_mustache),
        ("symbols", PackageResources.symbols_mustache), ("chip", PackageResources.chip_mustache),
        ("when", PackageResources.when_mustache), ("expiry", PackageResources.expiry_mustache),
        ("overview", PackageResources.overview_mustache), ("actions", PackageResources.actions_mustache),
        ("budgets", PackageResources.budgets_mustache), ("approvals", PackageResources.approvals_mustache),
        ("approval", PackageResources.approval_mustache), ("action", PackageResources.action_mustache),
        ("ledger", PackageResources.ledger_mustache), ("entry", PackageResources.entry_mustache),
        ("sessions", PackageResources.sessions_mustache), ("findings", PackageResources.findings_mustache),
        ("finding", PackageResources.finding_mustache), ("models", PackageResources.models_mustache),
        ("tools", PackageResources.tools_mustache), ("findingtabs", PackageResources.findingtabs_mustache),
        ("dependencies", PackageResources.dependencies_mustache), ("sbom", PackageResources.sbom_mustache),
        ("chats", PackageResources.chats_mustache), ("chat", PackageResources.chat_mustache),
        ("workflows", PackageResources.workflows_mustache), ("workflow", PackageResources.workflow_mustache),
        ("run", PackageResources.run_mustache), ("trends", PackageResources.trends_mustache),
        ("due", PackageResources.due_mustache),
    ]

    /// FNV-1a, 64 bits: a name for a version, no protection.
    private static func fingerprint(_ bytes: [UInt8]) -> String {
        String(bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
    }
}

/// Escapes for HTML by code point. The library's own escaping goes by grapheme, and a quote that is followed by a
/// combining
/// mark is another grapheme than a quote: it would pass unescaped and end an attribute.
struct ScalarHTML: MustacheContentType {
    static let name = "SCALAR_HTML"

    func escapeText(_ text: String) -> String { Self.escape(text) }

    static func escape(_ text: String) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"): out += "&lt;".utf8
            case UInt8(ascii: ">"): out += "&gt;".utf8
            case UInt8(ascii: "&"): out += "&amp;".utf8
            case UInt8(ascii: "\""): out += "&quot;".utf8
            case UInt8(ascii: "'"): out += "&#39;".utf8
            case 0..<0x20 where byte != 0x09 && byte != 0x0A && byte != 0x0D, 0x7F: out += "\u{FFFD}".utf8
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
