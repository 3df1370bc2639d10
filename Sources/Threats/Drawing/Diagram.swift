/// What is drawn: a bounded part of a model, with the rest of each boundary folded into one.
struct Diagram: Sendable {
    static let mostNodes = 60

    enum Change: String, Sendable { case added, changed }

    struct Node: Sendable {
        /// Of an element; `more:…` for what is folded.
        var id: String
        var kind: Element.Kind
        var title: String
        var type: String
        var boundary: Int
        var change: Change?
        /// Open threats, and the level of the worst.
        var open = 0
        var level: String?
        var isFold = false
    }

    struct Edge: Sendable {
        var source: Int
        var target: Int
        var label: String
        var isPlain = false
        var change: Change?
        var flows = 1
    }

    private(set) var boundaries: [Boundary] = []
    private(set) var nodes: [Node] = []
    private(set) var edges: [Edge] = []

    init(_ model: ThreatModel, _ comparison: Comparison? = nil, mostNodes: Int = Diagram.mostNodes) {
        var changes: [String: Change] = [:]
        if case .made(let difference, _) = comparison {
            for parts in [difference.elements, difference.flows] {
                for id in parts.added { changes[id] = .added }
                for change in parts.changed { changes[change.id] = .changed }
            }
        }
        boundaries = model.boundaries
        let places = Dictionary(boundaries.enumerated().map { ($1.id, $0) }) { first, _ in first }
        let threats = Dictionary(grouping: model.threats.filter { $0.standing == .open }, by: \.subject)
        var indices: [String: Int] = [:]
        let kept = Self.kept(model, threats, changes, mostNodes)
        for element in model.elements where kept.contains(element.id) {
            let open = threats[element.id] ?? []
            indices[element.id] = nodes.count
            nodes.append(
                Node(
                    id: element.id, kind: element.kind, title: element.name, type: element.type,
                    boundary: places[element.boundary] ?? 0, change: changes[element.id], open: open.count,
                    level: open.max { $0.risk.value < $1.risk.value }?.risk.level))
        }
        fold(model.elements.filter { !kept.contains($0.id) }, places, threats, &indices)
        connect(model.flows, threats, indices, changes)
    }

    /// What changed and what is threatened most stands for itself; boundaries take turns, so that none is left without.
    private static func kept(
        _ model: ThreatModel, _ threats: [String: [Threat]], _ changes: [String: Change], _ most: Int
    ) -> Set<String> {
        guard model.elements.count > most else { return Set(model.elements.map(\.id)) }
        func weight(_ element: Element) -> Int {
            (changes[element.id] == nil ? 0 : 10_000) + (threats[element.id] ?? []).reduce(0) { $0 + $1.points }
        }
        let weighed = model.elements.map { (element: $0, weight: weight($0)) }
        let groups = Dictionary(grouping: weighed) { $0.element.boundary }.sorted { $0.key < $1.key }.map {
            $0.value.sorted { (-$0.weight, $0.element.id) < (-$1.weight, $1.element.id) }
        }
        var kept: Set<String> = []
        // A place for the fold of each boundary.
        let room = max(0, most - groups.count)
        var round = 0
        while kept.count < room, groups.contains(where: { $0.count > round }) {
            for group in groups where round < group.count && kept.count < room { kept.insert(group[round].element.id) }
            round += 1
        }
        return kept
    }

    private mutating func fold(
        _ rest: [Element], _ places: [String: Int], _ threats: [String: [Threat]], _ indices: inout [String: Int]
    ) {
        for (boundary, elements) in Dictionary(grouping: rest, by: \.boundary).sorted(by: { $0.key < $1.key }) {
            let open = elements.flatMap { threats[$0.id] ?? [] }
            for element in elements { indices[element.id] = nodes.count }
            let stores = elements.count { $0.kind == .store }
            let kind: Element.Kind =
                stores == elements.count ? .store : elements.contains { $0.kind == .process } ? .process : .external
            nodes.append(
                Node(
                    id: "more:\(boundary)", kind: kind, title: "\(elements.count) more",
                    type: "\(elements.count - stores) others, \(stores) stores", boundary: places[boundary] ?? 0,
                    change: nil, open: open.count, level: open.max { $0.risk.value < $1.risk.value }?.risk.level,
                    isFold: true))
        }
    }

    private mutating func connect(
        _ flows: [DataFlow], _ threats: [String: [Threat]], _ indices: [String: Int], _ changes: [String: Change]
    ) {
        var known: [String: Int] = [:]
        for flow in flows {
            guard let source = indices[flow.source], let target = indices[flow.target], source != target else {
                continue
            }
            if let index = known["\(source)>\(target)"] {
                edges[index].flows += 1
                edges[index].label = "\(edges[index].flows) flows"
                continue
            }
            known["\(source)>\(target)"] = edges.count
            edges.append(
                Edge(
                    source: source, target: target, label: flow.label, isPlain: flow.traits.has(.plainInTransit),
                    change: changes[flow.id]))
        }
    }
}
