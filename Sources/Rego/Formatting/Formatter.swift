/// How a formatter reads and writes modules.
public struct FormatterOptions: Sendable {
    /// What becomes of a module's version.
    public enum Target: Sendable, Hashable {
        case keep
        /// Modules of Rego v0 are rewritten: `if`, `contains`, `:=`; imports of keywords and of `rego.v1` go.
        case v1
    }

    public var target = Target.keep
    /// For modules that do not say otherwise by `import rego.v1`.
    public var version = RegoVersion.v1
    public var limits = SyntaxLimits()

    public init() {}
}

/// Writes modules in the style of `opa fmt`: tabs, one expression a line, sorted imports, `:=` in heads.
///
/// Comments stay, line breaks in collections and bodies stay, and what is written means the same as what was read.
/// What is formatted already does not change.
public struct Formatter: Sendable {
    public let options: FormatterOptions

    public init(_ options: FormatterOptions = FormatterOptions()) { self.options = options }

    /// - Parameter name: The file that messages speak of.
    /// - Parameter version: How to read the module, where that is not what the options say.
    /// - Throws: `rego_parse_error` for what is no module, or would be one beyond the limits when written out; for one
    ///   of Rego v0 that has names which v1 reserves.
    public func format(
        _ bytes: [UInt8], name: String, version: RegoVersion? = nil
    ) throws(RegoErrors) -> [UInt8] {
        let version = version ?? options.version
        do throws(RegoError) {
            let source = SourceText(name: name, bytes: bytes)
            let recorder = TokenRecorder()
            let (module, comments) = try Parser.module(source, version: version, limits: options.limits, recorder)
            let upgrades = options.target == .v1 && !module.isV1
            if upgrades { try Self.checkNames(recorder, source) }
            var printer = Printer(
                TokenStream(recorder.entries, comments: comments, source), imports: module.imports,
                style: style(module), mostBytes: options.limits.bytes)
            let output = printer.module()
            try check(output, means: module, source, options.target == .v1 ? .v1 : version)
            return output
        } catch { throw RegoErrors([error]) }
    }

    private func style(_ module: Module) -> Printer.Style {
        let isTarget = options.target == .v1
        func imports(_ word: String) -> Bool {
            module.imports.contains { $0.path == ["future", "keywords"] || $0.path == ["future", "keywords", word] }
        }
        return Printer.Style(
            isV1: module.isV1, upgrades: isTarget && !module.isV1, dropsKeywordImports: isTarget,
            usesIf: module.isV1 || isTarget || imports("if"),
            usesContains: module.isV1 || isTarget || imports("contains"))
    }

    /// Names of a module of Rego v0 that are keywords in v1.
    private static func checkNames(_ recorder: TokenRecorder, _ source: SourceText) throws(RegoError) {
        let entries = recorder.entries
        for (at, entry) in entries.enumerated() {
            guard entry.role == .plain, case .identifier(let name) = entry.token.kind,
                Parser.laterKeywords.contains(name), name != "contains",
                at == 0 || entries[at - 1].token.kind != .symbol(.dot)
            else { continue }
            throw RegoError(
                .parse, "`\(name)` is a keyword in Rego v1; give it another name first", in: source,
                at: entry.token.place)
        }
    }

    /// A formatter that changes what a policy decides would be worse than none.
    private func check(
        _ output: [UInt8], means module: Module, _ source: SourceText, _ version: RegoVersion
    ) throws(RegoError) {
        var before = module
        let written = SourceText(name: "\(source.name) (formatted)", bytes: output)
        var after = try Parser.module(written, version: version, limits: options.limits)
        let isSameImports = Set(before.imports.map(\.path)).isSuperset(of: after.imports.map(\.path))
        before.imports = []
        after.imports = []
        guard isSameImports, before.syntaxTree == after.syntaxTree else {
            throw RegoError(
                .parse, "the formatted module would not mean the same, so it is left as it is; please report this",
                in: source, at: module.packagePlace)
        }
    }
}
