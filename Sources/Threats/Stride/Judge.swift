/// Goes through the table for each element and each flow that crosses a boundary.
struct Judge {
    /// Of one model; the worst of more is kept.
    static let mostThreats = 2_000

    let model: ThreatModel
    private let byID: [String: Element]
    private let inbound: [String: [DataFlow]]
    private let outbound: [String: [DataFlow]]

    init(_ model: ThreatModel) {
        self.model = model
        byID = Dictionary(model.elements.map { ($0.id, $0) }) { first, _ in first }
        inbound = Dictionary(grouping: model.flows, by: \.target)
        outbound = Dictionary(grouping: model.flows, by: \.source)
    }

    /// The worst first, then by name.
    func threats() -> [Threat] {
        var found: [Threat] = []
        for rule in ThreatRule.all {
            switch rule.scope {
            case .elements(let kinds):
                for element in model.elements where kinds.contains(element.kind) {
                    if let threat = threat(rule, element) { found.append(threat) }
                }
            case .flows:
                for flow in model.flows where flow.crosses {
                    if let threat = threat(rule, flow) { found.append(threat) }
                }
            }
        }
        return found.sorted(by: Self.isWorse)
    }

    private static func isWorse(_ a: Threat, _ b: Threat) -> Bool {
        let order = Threat.Standing.allCases
        let (first, second) = (order.firstIndex(of: a.standing) ?? 0, order.firstIndex(of: b.standing) ?? 0)
        return (first, -a.risk.value, a.rule.id, a.subject) < (second, -b.risk.value, b.rule.id, b.subject)
    }

    // MARK: - Standing

    private func threat(_ rule: ThreatRule, _ element: Element) -> Threat? {
        guard let (standing, evidence) = Self.standing(rule, element.traits) else { return nil }
        return Threat(
            rule: rule, subject: element.id, name: element.name, standing: standing, evidence: evidence,
            risk: risk(rule, of: element))
    }

    private func threat(_ rule: ThreatRule, _ flow: DataFlow) -> Threat? {
        guard let (standing, evidence) = Self.standing(rule, flow.traits),
            let source = byID[flow.source], let target = byID[flow.target]
        else { return nil }
        return Threat(
            rule: rule, subject: flow.id, name: "\(source.name) → \(target.name)", standing: standing,
            evidence: evidence, risk: risk(flow, source, target))
    }

    /// Nil where the rule has nothing to say, and where nothing in the repository could be shown for it.
    static func standing(_ rule: ThreatRule, _ traits: Traits) -> (Threat.Standing, [Evidence])? {
        func evidence(_ wanted: Set<Trait>) -> [Evidence] {
            traits.known.filter(wanted.contains).reduce(into: []) { $0 = Traits.merged($0, traits[$1]) }
        }
        let candidates: [(Threat.Standing, [Evidence])] = [
            (.open, evidence(rule.open)), (.mitigated, evidence(rule.mitigated)),
        ]
        if let decided = candidates.first(where: { !$0.1.isEmpty }) { return decided }
        guard let asked = rule.asked, asked.allSatisfy(traits.has) else { return nil }
        return (.unknown, evidence(asked))
    }

    // MARK: - Risk

    private func risk(_ rule: ThreatRule, of element: Element) -> Threat.Risk {
        let (likelihood, way) = likelihood(rule, element)
        let (impact, harm) = impact(element)
        return Threat.Risk(likelihood: likelihood, impact: min(impact, rule.mostImpact), reason: "\(way); \(harm)")
    }

    private func risk(_ flow: DataFlow, _ source: Element, _ target: Element) -> Threat.Risk {
        let isPublic = flow.traits.has(.isPublic)
        let (impact, harm) = [impact(source), impact(target)].max { $0.0 < $1.0 } ?? (1, "")
        return Threat.Risk(
            likelihood: isPublic ? 3 : 2, impact: impact,
            reason: (isPublic ? "crosses the internet" : "crosses a boundary") + "; " + harm)
    }

    private static let fromAnywhere: Set<Trait> = [
        .isPublic, .publiclyReadable, .reachableFromAnywhere, .contributed, .adminPort,
    ]

    private func likelihood(_ rule: ThreatRule, _ element: Element) -> (Int, String) {
        switch rule.reach {
        case .copy: return (2, "whoever gets a copy of it can")
        case .aftermath: return (1, "it makes worse what else happens")
        case .door: break
        }
        if !Self.fromAnywhere.isDisjoint(with: element.traits.known) { return (3, "anyone on the internet can try") }
        if element.traits.has(.servesRoutes) || inbound[element.id]?.contains(where: \.crosses) == true {
            return (2, "whoever reaches it over a network can try")
        }
        return (1, "only from within")
    }

    private func impact(_ element: Element) -> (Int, String) {
        if element.isSensitive { return (3, "it holds \(held(element.traits))") }
        if element.traits.has(.usesSecrets) { return (3, "it holds secrets") }
        if element.traits.has(.privileged) || element.traits.has(.broadRights) {
            return (3, "it holds far-reaching rights")
        }
        let stores = (outbound[element.id] ?? []).compactMap { byID[$0.target] }.filter { $0.kind == .store }
        if let store = stores.first(where: \.isSensitive) {
            return (3, "it works on \(store.name), which holds \(held(store.traits))")
        }
        if element.kind == .store { return (2, "data is lost or shown") }
        if let store = stores.first { return (2, "it works on \(store.name)") }
        return (1, "nothing else is known to depend on it")
    }

    private func held(_ traits: Traits) -> String { traits.has(.personalData) ? "personal data" : "credentials" }
}
