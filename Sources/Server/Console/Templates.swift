import Core
import Mustache
import Web

/// The console's pages as mustache templates, built into the binary.
struct Templates: Sendable {
    /// Parsed when the first page is asked for: most commands open a house and show none.
    private static let library = Result { try parse() }
    private static let version = fingerprint(PackageResources.console_css + PackageResources.console_js)

    /// Changes with the assets, so that a browser never shows a page with yesterday's style.
    var assetVersion: String { Self.version }

    private static func parse() throws -> MustacheLibrary {
        MustacheContentTypes.register(ScalarHTML(), named: ScalarHTML.name)
        var library = MustacheLibrary()
        for (name, bytes) in sources {
            let text = "{{% CONTENT_TYPE:\(ScalarHTML.name)}}" + String(decoding: bytes, as: UTF8.self)
            library.register(try MustacheTemplate(string: text), named: name)
        }
        return library
    }

    /// - Throws: `internal` for a name that is not there.
    func render(_ name: String, _ values: [String: Any]) throws -> String {
        guard let page = try Self.library.get().render(values, withTemplate: name) else {
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

/// Escapes for HTML by code point, as the library's own escaping does not.
struct ScalarHTML: MustacheContentType {
    static let name = "SCALAR_HTML"

    func escapeText(_ text: String) -> String { Self.escape(text) }

    static func escape(_ text: String) -> String {
        MarkupEscape.text(text) { scalar in
            switch scalar {
            case "\t", "\n", "\r": scalar
            case "\u{0}"..<" ", "\u{7F}": "\u{FFFD}"
            default: scalar
            }
        }
    }
}
