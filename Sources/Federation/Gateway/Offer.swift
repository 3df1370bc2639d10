import Gate
import JSON

/// What one caller sees: the tools that policy does not keep from it.
struct Offer: Sendable {
    /// Definitions as clients see them, by public name, in its order.
    let tools: [(name: String, definition: JSON)]

    static let pageSize = 1000

    /// Both in the order of their names.
    init(merging some: [(name: String, definition: JSON)], _ more: [(name: String, definition: JSON)]) {
        var (tools, rest) = ([(name: String, definition: JSON)](), some[...])
        tools.reserveCapacity(some.count + more.count)
        for tool in more {
            while let first = rest.first, first.name < tool.name {
                tools.append(first)
                rest.removeFirst()
            }
            tools.append(tool)
        }
        self.tools = tools + rest
    }

    init(tools: [(name: String, definition: JSON)]) { self.tools = tools }

    /// A page of it, and the cursor of the next. A cursor is the last name of the page before, so that it stays good when
    /// tools come and go.
    func page(after cursor: String?) -> (tools: ArraySlice<(name: String, definition: JSON)>, next: String?) {
        let start = cursor.map { cursor in tools.firstIndex { $0.name > cursor } ?? tools.count } ?? 0
        let page = tools[start..<min(start + Self.pageSize, tools.count)]
        return (page, page.endIndex < tools.count ? page.last?.name : nil)
    }
}

/// Offers are made once for callers who stand alike, and for a few seconds: policy may go by the time.
struct OfferCache {
    struct Key: Hashable {
        let principal: Principal
        /// With its class, its labels and whether break-glass is in force.
        let session: Session
        let policy: String
        let catalogue: Int
    }

    private static let most = 256
    private static let life = Duration.seconds(5)
    private var offers: [Key: (offer: Offer, until: ContinuousClock.Instant)] = [:]

    subscript(key: Key) -> Offer? {
        guard let kept = offers[key], kept.until > .now else { return nil }
        return kept.offer
    }

    mutating func keep(_ offer: Offer, for key: Key) {
        if offers.count >= Self.most { offers = offers.filter { $0.value.until > .now } }
        if offers.count >= Self.most { offers.removeAll() }
        offers[key] = (offer, .now + Self.life)
    }
}
