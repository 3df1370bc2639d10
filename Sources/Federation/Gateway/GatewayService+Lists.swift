import Core
import Gate
import JSON
import MCP
import Synchronization

extension GatewayService {
    func list(_ kind: ListKind, after cursor: String?, for caller: Caller) async throws(RPCError) -> JSON {
        var offer = try await offer(kind, to: caller)
        if kind == .tools, federation.settings.search { offer = withSearch(offer) }
        let page = offer.page(after: cursor)
        var result: JSON = [
            kind.key: .array(page.entries.map(\.definition)), "ttlMs": 5000, "cacheScope": "private",
        ]
        if let next = page.next { result["nextCursor"] = .string(next) }
        return result
    }

    private func withSearch(_ offer: Offer) -> Offer {
        Offer(
            (offer.entries.filter { own[$0.name] != nil } + ToolSearch.definitions).sorted { $0.name < $1.name })
    }

    /// What policy does not keep from the caller; of servers, only what was agreed to.
    func offer(_ kind: ListKind, to caller: Caller) async throws(RPCError) -> Offer {
        let catalogue = federation.catalogue
        do {
            let key = OfferCache.Key(
                kind: kind, principal: caller.principal, session: try gate.sessions.current(caller.session.id),
                policy: gate.policyRevision, catalogue: catalogue.revision)
            if let kept = shared.offers.withLock({ $0[key] }) { return kept }
            let offer = try await makeOffer(kind, of: catalogue, to: caller)
            shared.offers.withLock { $0.keep(offer, for: key) }
            return offer
        } catch { throw Refusal.rpc(error) }
    }

    private func makeOffer(_ kind: ListKind, of catalogue: Catalogue, to caller: Caller) async throws -> Offer {
        let (foresight, clearances) = (Foresight(gate: gate, caller: caller), federation.clearances)
        switch kind {
        case .tools:
            let tools = try await foresight.permitted(catalogue.tools.approved, clearances: clearances) {
                CallTool.request($0, [:])
            }
            return Offer(merging: try await ownOffer(to: caller), tools.map { ($0.publicName, $0.offered) })
        case .prompts:
            let prompts = try await foresight.permitted(catalogue.prompts.approved, clearances: clearances) {
                PromptTool.request($0, [:])
            }
            return Offer(prompts.map { ($0.publicName, $0.offered) })
        case .resources: return try await readable(catalogue, foresight, \.resources)
        case .templates: return try await readable(catalogue, foresight, \.templates)
        }
    }

    /// Those of the house's own tools that the settings offer.
    private func ownOffer(to caller: Caller) async throws -> [Offer.Entry] {
        let settings = federation.settings
        let offered = own.values.filter { $0.isOffered(by: settings) }.sorted { $0.publicName < $1.publicName }
        let permitted = try await gate.foresee(offered.map { $0.request([:]) }, as: caller)
        return zip(offered, permitted).filter(\.1).map { ($0.0.publicName, $0.0.definition) }
    }

    private func readable(
        _ catalogue: Catalogue, _ foresight: Foresight, _ list: (ReadableList) -> [ReadableList.Entry]
    ) async throws -> Offer {
        typealias Found = (resources: CatalogueItem, entry: ReadableList.Entry)
        let found = catalogue.resources.approved.flatMap { resources -> [Found] in
            catalogue.readable[resources.server].map { list($0).map { (resources, $0) } } ?? []
        }
        let permitted = try await foresight.permitted(
            found, clearances: federation.clearances, { ($0.resources.server, .read) },
            { ReadTool.request($0.resources, uri: ResourceAddress($0.entry.address)?.uri ?? "") })
        return Offer(permitted.map { ($0.entry.address, $0.entry.definition) }.sorted { $0.0 < $1.0 })
    }
}

extension ListKind {
    /// The result's member.
    fileprivate var key: String {
        switch self {
        case .tools: Tool.listKey
        case .prompts: Prompt.listKey
        case .resources: Resource.listKey
        case .templates: ResourceTemplate.listKey
        }
    }
}

extension [CatalogueItem] {
    fileprivate var approved: [CatalogueItem] { filter { $0.standing == .approved } }
}
