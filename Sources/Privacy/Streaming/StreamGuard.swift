public import Core

/// Guards an answer that comes in pieces: conceals what a model brings up by itself, and restores the tokens of the
/// session for a reader who may see their values.
///
/// What is new in an answer and becomes a token stays a token; a value that the session knows already is the reader's
/// own. A value; no IO.
public struct StreamGuard: Sendable {
    private let filter: PrivacyFilter
    private let vault: TokenVault
    private var concealer: StreamConcealer
    private var restorer: StreamRestorer?

    /// - Parameters:
    ///   - restoring: nil where the reader may not see the values; tokens stay then.
    public init(
        filter: PrivacyFilter, vault: TokenVault, limits: StreamConcealer.Limits = .init(),
        restoring: TokenRestorer.Options? = .init()
    ) {
        self.filter = filter
        self.vault = vault
        concealer = StreamConcealer(filter: filter, vault: vault, limits: limits, isAnswer: true)
        restorer = restoring.map { StreamRestorer(vault: vault, options: $0) }
    }

    public var labels: Set<Label> { concealer.labels }
    /// See ``Concealed/remaining``.
    public var remaining: Set<Label> { concealer.remaining }
    public var applied: [Concealed.Applied] { concealer.applied }
    public var blocked: Concealed.Block? { concealer.blocked }
    /// Tokens restored so far.
    public var restored: Int { restorer?.restored ?? 0 }
    /// Bytes held back.
    public var held: Int { concealer.held + (restorer?.held ?? 0) }

    public mutating func push(_ piece: [UInt8]) throws(GatehouseError) -> [UInt8] { try out(concealer.advance(piece)) }

    public mutating func finish() throws(GatehouseError) -> [UInt8] {
        let rest = try out(concealer.end())
        return rest + (restorer?.finish() ?? [])
    }

    /// The whole of a text at once, instead of ``push(_:)`` and ``finish()``.
    /// - Parameter external: what others found in it, such as classifiers (``ClassifiedTexts``).
    public mutating func whole(_ text: [UInt8], external: [PrivacyFinding]) throws(GatehouseError) -> [UInt8] {
        let out = try out(concealer.whole(text, external))
        return out + (restorer?.finish() ?? [])
    }

    private mutating func out(_ parts: [StreamConcealer.Part]) throws(GatehouseError) -> [UInt8] {
        var out: [UInt8] = []
        for part in parts {
            switch part {
            case .text(let text): out += restorer?.push(text) ?? text
            case .replaced(let mark, let value): out += try replacement(mark, value)
            case .withheld: out += restorer?.pass(Withholding.mark) ?? Withholding.mark
            }
        }
        return out
    }

    private mutating func replacement(_ mark: Mark, _ value: [UInt8]) throws(GatehouseError) -> [UInt8] {
        if mark.action == .token, let token = vault.knownToken(for: value, kind: mark.kind) {
            return restorer?.push(Array(token.utf8)) ?? Array(token.utf8)
        }
        let replacement = try filter.replacement(of: mark, value, vault)
        return restorer?.pass(replacement) ?? replacement
    }
}
