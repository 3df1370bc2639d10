/// The members of a JSON object: unique keys in order of insertion.
///
/// Lookup is linear for up to eight members, which is fastest there, and by an index above.
public struct JSONObject: Sendable {
    public typealias Element = (key: String, value: JSON)

    private static let linearLimit = 8

    private var members: [Element] = []
    /// Place of each key in `members`; nil while there are few.
    private var places: [ExactText: Int]?

    public init() {}

    /// Of members with the same key the last wins, in the place of the first.
    public init(_ members: some Sequence<(String, JSON)>) {
        for (key, value) in members { self[key] = value }
    }

    /// For members whose keys are known to differ.
    init(unique members: [Element]) {
        self.members = members
        reindex()
    }

    /// The member's value, nil when there is none. A new key goes to the end; setting nil removes the member.
    public subscript(key: String) -> JSON? {
        get { place(of: key).map { members[$0].value } }
        set {
            guard let newValue else {
                _ = removeValue(forKey: key)
                return
            }
            if let place = place(of: key) {
                members[place].value = newValue
            } else {
                append(key, newValue)
            }
        }
    }

    public var keys: some RandomAccessCollection<String> { members.lazy.map(\.key) }

    @discardableResult
    public mutating func removeValue(forKey key: String) -> JSON? {
        guard let place = place(of: key) else { return nil }
        let removed = members.remove(at: place)
        reindex()
        return removed.value
    }

    private mutating func append(_ key: String, _ value: JSON) {
        members.append((key, value))
        if places != nil {
            places?[ExactText(key)] = members.count - 1
        } else if members.count > Self.linearLimit {
            reindex()
        }
    }

    private func place(of key: String) -> Int? {
        let wanted = ExactText(key)
        if let places { return places[wanted] }
        return members.firstIndex { ExactText($0.key) == wanted }
    }

    private mutating func reindex() {
        guard members.count > Self.linearLimit else {
            places = nil
            return
        }
        var places = [ExactText: Int](minimumCapacity: members.count)
        for (place, member) in members.enumerated() { places[ExactText(member.key)] = place }
        self.places = places
    }
}

extension JSONObject: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { members.count }
    public subscript(position: Int) -> Element { members[position] }
}

extension JSONObject: Hashable {
    /// Whatever the order of the members.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in members {
            var hash = Hasher()
            hash.combine(ExactText(member.key))
            hash.combine(member.value)
            sum &+= hash.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral members: (String, JSON)...) { self.init(members) }
}
