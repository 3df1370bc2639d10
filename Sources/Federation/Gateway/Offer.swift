import Gate
import JSON

/// Something that a client may list.
enum ListKind: Hashable { case tools, prompts, resources, templates }

/// What one caller sees of one kind: what policy does not keep from it.
struct Offer: Sendable {
    /// Names of tools and prompts, and addresses of resources and templates.
    typealias Entry = (name: String, definition: JSON)

    /// Definitions as clients see them, in the order of the names.
    let entries: [Entry]

    static let pageSize = 1000

    init(_ entries: [Entry]) { self.entries = entries }

    /// Both in the order of their names.
    init(merging some: [Entry], _ more: [Entry]) {
        var (entries, rest) = ([Entry](), some[...])
        entries.reserveCapacity(some.count + more.count)
        for entry in more {
            while let first = rest.first, first.name < entry.name {
                entries.append(first)
                rest.removeFirst()
            }
            entries.append(entry)
        }
        self.entries = entries + rest
    }

    /// A page of it, and the cursor of the next. A cursor is the last name of the page before, so that it stays good when
    /// entries come and go.
    func page(after cursor: String?) -> (entries: ArraySlice<Entry>, next: String?) {
        let start = cursor.map { cursor in entries.firstIndex { $0.name > cursor } ?? entries.count } ?? 0
        let page = entries[start..<min(start + Self.pageSize, entries.count)]
        return (page, page.endIndex < entries.count ? page.last?.name : nil)
    }
}

/// Offers are made once for callers who stand alike, and for a few seconds: policy may go by the time.
struct OfferCache {
    struct Key: Hashable {
        let kind: ListKind
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
