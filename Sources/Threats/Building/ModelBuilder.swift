import Scan

/// Gathers elements, flows and ways in; what is told twice is one thing with the evidence of both.
struct ModelBuilder {
    static let mostElements = 1_500
    static let mostFlows = 4_000
    static let mostEntryPoints = 5_000

    private(set) var elements: [String: Element] = [:]
    private(set) var flows: [String: DataFlow] = [:]
    private(set) var entryPoints: [String: EntryPoint] = [:]
    private var boundaries: [String: Boundary] = [:]
    private var cut: [String: Int] = [:]

    func boundary(_ id: String) -> Boundary? { boundaries[id] }

    // MARK: - Telling

    @discardableResult
    mutating func add(_ element: Element, in boundary: Boundary) -> String {
        boundaries[boundary.id] = boundary
        guard var known = elements[element.id] else {
            if elements.count < Self.mostElements {
                elements[element.id] = element
            } else {
                cut["elements", default: 0] += 1
            }
            return element.id
        }
        known.traits.merge(element.traits)
        known.evidence = Traits.merged(known.evidence, element.evidence)
        elements[element.id] = known
        return element.id
    }

    mutating func mark(_ id: String, _ trait: Trait, _ evidence: Evidence) {
        elements[Element.id(id)]?.traits.add(trait, evidence)
    }

    /// Nothing flows from a thing to itself, nor to what is not there.
    mutating func connect(
        _ source: String, _ target: String, _ label: String, _ evidence: Evidence, _ traits: [Trait] = []
    ) {
        let (source, target) = (Element.id(source), Element.id(target))
        guard source != target, elements[source] != nil, elements[target] != nil else { return }
        var flow =
            flows["\(source)>\(target)"]
            ?? DataFlow(source: source, target: target, label: Name.shown(label, limit: 40), evidence: [])
        if flow.evidence.isEmpty, flows.count >= Self.mostFlows { return cut["flows", default: 0] += 1 }
        flow.evidence = Traits.merged(flow.evidence, [evidence])
        for trait in traits { flow.traits.add(trait, evidence) }
        flows[flow.id] = flow
    }

    mutating func enter(_ told: EntryPoint) {
        var entry = told
        entry.element = Element.id(told.element)
        guard elements[entry.element] != nil else { return }
        if let known = entryPoints[entry.id] {
            var both = known
            both.isPublic = known.isPublic || entry.isPublic
            both.evidence = min(known.evidence, entry.evidence)
            entryPoints[entry.id] = both
        } else if entryPoints.count < Self.mostEntryPoints {
            entryPoints[entry.id] = entry
        } else {
            cut["entry_points", default: 0] += 1
        }
    }

    // MARK: - Who comes in

    static let internet = "external:internet"
    static let clients = "external:clients"
    static let contributors = "external:contributors"

    /// Somebody or something outside, who is there because something leads in from them or out to them.
    mutating func outsider(_ id: String, _ type: String, _ name: String, in boundary: Boundary, _ evidence: Evidence) {
        add(Element(id, .external, type, name, in: boundary, evidence), in: boundary)
    }

    /// Draws whoever comes in, once all that is known of doors is told.
    private mutating func addCallers() {
        for element in elements.values.sorted(by: { $0.id < $1.id }) where element.kind != .external {
            let isPublic = element.traits.has(.isPublic) || element.traits.has(.reachableFromAnywhere)
            let way = element.traits[element.traits.has(.isPublic) ? .isPublic : .reachableFromAnywhere]
            if isPublic, let evidence = way.first {
                outsider(Self.internet, "anyone", "Anyone on the internet", in: .internet, evidence)
                connect(Self.internet, element.id, label(of: element), evidence, [.isPublic])
            } else if element.traits.has(.servesRoutes), let evidence = element.traits[.servesRoutes].first {
                outsider(Self.clients, "client", "HTTP clients", in: .internet, evidence)
                connect(Self.clients, element.id, label(of: element), evidence)
            }
        }
    }

    private func label(of element: Element) -> String {
        let routes = entryPoints.values.count { $0.element == element.id && $0.kind == .route }
        return routes > 0 ? "HTTP, \(routes) route\(routes == 1 ? "" : "s")" : "reaches"
    }

    // MARK: - The model

    mutating func model() -> ThreatModel {
        addCallers()
        var model = ThreatModel()
        model.elements = elements.values.sorted { $0.id < $1.id }
        let used = Set(model.elements.map(\.boundary))
        model.boundaries = boundaries.values.filter { used.contains($0.id) }.sorted { $0.id < $1.id }
        model.flows = flows.values.map(finished).sorted { $0.id < $1.id }
        model.entryPoints = entryPoints.values.sorted { $0.id < $1.id }
        model.cut = cut
        return model
    }

    /// A door that is known to be encrypted is so for all who come through it.
    private func finished(_ flow: DataFlow) -> DataFlow {
        var flow = flow
        guard let source = elements[flow.source], let target = elements[flow.target] else { return flow }
        flow.crosses = source.boundary != target.boundary || target.kind == .store
        for trait in [Trait.encryptedInTransit, .plainInTransit] {
            for evidence in target.traits[trait] { flow.traits.add(trait, evidence) }
        }
        return flow
    }
}
