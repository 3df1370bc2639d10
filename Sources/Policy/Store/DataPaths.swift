internal import Core
public import Rego

/// Reading and changing documents of data by path. What is changed is rebuilt along the path, so that sizes and depths
/// that values keep stay exact.
extension RegoValue {
    /// What is at a path of keys of objects.
    public func value(at path: some Sequence<String>) -> RegoValue? {
        var value = self
        for step in path {
            guard case .object(let object) = value, let inner = object[step] else { return nil }
            value = inner
        }
        return value
    }

    /// Objects that are missing on the way are made.
    ///
    /// - Throws: `conflict` when something on the way is no object.
    func setting(_ value: RegoValue, at path: ArraySlice<String>) throws(GatehouseError) -> RegoValue {
        guard let step = path.first else { return value }
        guard case .object(let object) = self else { throw Self.blocked(step, typeName) }
        let inner = try (object[step] ?? .object(RegoObject())).setting(value, at: path.dropFirst())
        return .object(object.removing(RegoValue(step)).merging([RegoValue(step): inner]))
    }

    /// Nil when there is nothing at the path, which is not empty.
    func removing(at path: ArraySlice<String>) -> RegoValue? {
        guard let step = path.first, case .object(let object) = self, let inner = object[step] else { return nil }
        let rest = object.removing(RegoValue(step))
        if path.count == 1 { return .object(rest) }
        guard let changed = inner.removing(at: path.dropFirst()) else { return nil }
        return .object(rest.merging([RegoValue(step): changed]))
    }

    /// Both, objects within each other member by member.
    ///
    /// - Throws: `conflict` when both have something, not both objects, at the same path.
    func joined(with other: RegoValue, at path: [String] = []) throws(GatehouseError) -> RegoValue {
        guard case .object(let left) = self, case .object(let right) = other else {
            let place = path.isEmpty ? "the root" : path.joined(separator: "/")
            throw GatehouseError("policy", .conflict, "there are two documents for the data at \(place)")
        }
        if left.isEmpty { return other }
        var members = left
        for (key, value) in right {
            guard let known = left[key] else {
                members.updateValue(value, forKey: key)
                continue
            }
            let both = try known.joined(with: value, at: path + [key.jsonKey])
            members = members.removing(key)
            members.updateValue(both, forKey: key)
        }
        return .object(members)
    }

    private static func blocked(_ step: String, _ type: String) -> GatehouseError {
        GatehouseError(
            "policy", .conflict,
            "there is \(type == "array" || type == "object" ? "an" : "a") \(type) where \(step) should be put",
            hint: "Replace the whole value that is there.")
    }
}
