/// A value with the places of its parts, as far as they are written out.
public struct HCLNode: Sendable {
    public struct Member: Sendable {
        public var key: String
        public var value: HCLNode

        public init(key: String, value: HCLNode) {
            self.key = key
            self.value = value
        }
    }

    public indirect enum Content: Sendable {
        /// Anything that is not written out in parts here.
        case value(HCLValue)
        case list([HCLNode])
        /// In the order in which they are written. Keys are distinct.
        case object([Member])
    }

    public var content: Content
    public var place: HCLPlace

    public init(_ content: Content, at place: HCLPlace) {
        self.content = content
        self.place = place
    }

    public subscript(key: String) -> HCLNode? {
        switch content {
        case .object(let members): members.first { $0.key == key }?.value
        case .value(.object(let object)): object[key].map { HCLNode(.value($0), at: place) }
        default: nil
        }
    }

    /// The value without its places.
    public var value: HCLValue {
        switch content {
        case .value(let value): value
        case .list(let elements): .list(elements.map(\.value))
        case .object(let members): .object(HCLObject(members.lazy.map { ($0.key, $0.value.value) }))
        }
    }
}
