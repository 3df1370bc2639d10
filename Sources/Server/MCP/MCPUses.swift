import Federation
import JSON

/// Who calls which tool.
struct MCPUses {
    private let byItem: [Pin.Key: [(principal: String, use: UsageMeter.Use)]]

    init(_ meter: UsageMeter) {
        var byItem: [Pin.Key: [(principal: String, use: UsageMeter.Use)]] = [:]
        for (key, use) in meter.all { byItem[key.item, default: []].append((key.principal, use)) }
        self.byItem = byItem
    }

    /// Of all who call it; nil for a tool that nobody has called.
    func sum(of tool: CatalogueItem) -> UsageMeter.Use? {
        guard let uses = byItem[tool.definition.key]?.map(\.use), let first = uses.first else { return nil }
        return uses.dropFirst().reduce(into: first) { sum, use in
            sum.calls += use.calls
            sum.last = max(sum.last, use.last)
        }
    }

    func json(of tool: CatalogueItem) -> JSON {
        let uses = byItem[tool.definition.key] ?? []
        return .array(
            uses.sorted { $0.principal < $1.principal }.map {
                ["principal": .string($0.principal), "calls": JSON($0.use.calls), "last": .time($0.use.last)]
            })
    }
}
