public import Core

/// The servers that policy may ask.
public struct AllowedHosts: Sendable, Hashable {
    /// As they were given.
    public let names: [String]
    private let places: Set<HTTPPlace>

    public static let none = AllowedHosts(names: [], places: [])

    private init(names: [String], places: Set<HTTPPlace>) {
        self.names = names
        self.places = places
    }

    /// - Parameter names: `api.example.org` for what its ports 443 and 80 serve, `api.example.org:8443`, `[::1]:8080`.
    /// - Throws: `invalid` for what is no host: a URL, a path, a pattern.
    public init(_ names: [String]) throws(GatehouseError) {
        var places: Set<HTTPPlace> = []
        for name in names {
            guard let place = HTTPPlace(name) else {
                throw GatehouseError(
                    "policy", .invalid, "\(name) is no host",
                    hint: "write a name or an address, with a port where it is not 443 or 80: api.example.org:8443")
            }
            places.insert(place)
        }
        self.init(names: names, places: places)
    }

    public func allow(_ target: HTTPTarget) -> Bool {
        places.contains { place in
            place.host == target.host && (place.port.map { $0 == target.port } ?? [80, 443].contains(target.port))
        }
    }
}
