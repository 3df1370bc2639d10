public import Core
import Synchronization

/// How texts are treated: what holds together from one change of the configuration to the next.
public final class PrivacySetup: Sendable {
    /// For what goes to models, and comes from them.
    public let filter: PrivacyFilter
    /// Labels of people's data of which the filter lets nothing pass.
    public let concealed: Set<Label>
    /// For what goes to tools, and comes from them.
    public let tools: ToolPrivacy
    /// Asked about what is sent to models.
    public let classifiers: Classifiers
    /// Asked about what comes back.
    public let answerClassifiers: Classifiers
    /// Asked about what goes to tools, and comes from them.
    public let toolClassifiers: Classifiers

    public init(
        filter: PrivacyFilter, tools: ToolPrivacy? = nil, classifiers: Classifiers = Classifiers(),
        answerClassifiers: Classifiers = Classifiers(), toolClassifiers: Classifiers = Classifiers()
    ) {
        self.filter = filter
        concealed = filter.rules.concealedLabels
        self.tools = tools ?? ToolPrivacy(scanner: filter.scanner)
        self.toolClassifiers = toolClassifiers
        self.classifiers = classifiers
        self.answerClassifiers = answerClassifiers
    }
}

/// What all that look into texts share: one set of detectors, and for each session one vault, so that a value has the
/// same token wherever it passes.
public final class SharedPrivacy: Sendable {
    public let injections: InjectionScanner
    private let current: Mutex<PrivacySetup>
    private let vaults = Mutex<[String: TokenVault]>([:])
    /// Of rules that remember nothing.
    private let nobodys = TokenVault()

    public init(_ setup: PrivacySetup) throws(GatehouseError) {
        current = Mutex(setup)
        injections = try InjectionScanner()
    }

    /// What holds now. Whoever looks into a text takes it once, and goes by it to the end.
    public var setup: PrivacySetup { current.withLock { $0 } }

    /// Texts that are looked at from now on go by this; what the sessions' tokens stand for stays.
    public func adopt(_ setup: PrivacySetup) { current.withLock { $0 = setup } }

    /// Of a session: it is gone with ``sweep(isLive:)`` after the session, and with the process where nobody keeps it.
    public func vault(of sessionID: String) -> TokenVault {
        vaults.withLock { vaults in
            if let vault = vaults[sessionID] { return vault }
            let vault = TokenVault()
            vaults[sessionID] = vault
            return vault
        }
    }

    /// For what goes by a rule of tools: one that remembers nothing needs no vault of the session's. Without a session
    /// nothing is remembered beyond the text.
    public func vault(of sessionID: String?, for rule: ToolPrivacy.Rule) -> TokenVault {
        guard rule.remembers else { return nobodys }
        return sessionID.map { vault(of: $0) } ?? TokenVault()
    }

    /// How much each session's vault holds that holds anything; it only grows.
    public var sizes: [String: Int] {
        vaults.withLock { $0 }.mapValues(\.size).filter { $0.value > 0 }
    }

    public func vaults(of sessions: some Sequence<String>) -> [String: TokenVault] {
        vaults.withLock { vaults in
            sessions.reduce(into: [:]) { $0[$1] = vaults[$1] }
        }
    }

    /// Goes on with vaults that somebody kept. To be called before anything is looked at.
    public func resume(_ kept: [String: TokenVault]) {
        vaults.withLock { $0.merge(kept) { current, _ in current } }
    }

    /// Forgets the values of sessions that are over.
    public func sweep(isLive: (_ sessionID: String) -> Bool) {
        let over = vaults.withLock { $0.keys.filter { !isLive($0) } }
        vaults.withLock { vaults in for id in over { vaults[id] = nil } }
    }
}
