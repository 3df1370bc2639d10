import Core
import JSON
import Web

extension Compiler {
    /// Finds what a reference means (JSON Schema Core, 8.2.3) and writes it where its rule looks for it.
    mutating func resolve(_ reference: PendingReference) throws(GatehouseError) {
        let target = URIReference(reference.text).resolved(against: reference.base)
        let resource = try resource(target.withoutFragment.text, reference)
        let fragment = target.fragment ?? ""
        guard let name = Percent.decode(fragment) else {
            throw failure(.invalid, reference.place, "has a fragment whose percent-encoding is none")
        }
        let node = try node(name, in: resource, target, reference)
        program.targets[reference.slot] = node
        // It is dynamic only where it leads to a dynamic anchor by its name (JSON Schema Core, 8.2.3.2).
        let isByName = !name.isEmpty && !name.hasPrefix("/")
        guard reference.isDynamic, isByName, program.dynamicAnchors[program.nodes[node].resource][name] == node else {
            return
        }
        program.nodes[reference.node].rules[reference.rule].check = .dynamicReference(
            slot: reference.slot, anchor: name)
    }

    private mutating func resource(
        _ uri: String, _ reference: PendingReference
    ) throws(GatehouseError) -> Resource {
        if let known = resources[uri] { return known }
        if let document = options.documents[uri] {
            _ = try self.document(document, uri: uri)
            if let known = resources[uri] { return known }
        }
        throw failure(
            .unsupported, reference.place,
            "refers to \(uri.prefix(200)), which is no part of the schema; schemas elsewhere are never fetched")
    }

    private mutating func node(
        _ name: String, in resource: Resource, _ target: URIReference, _ reference: PendingReference
    ) throws(GatehouseError) -> Int {
        guard name.isEmpty || name.hasPrefix("/") else {
            if let anchor = anchors["\(target.withoutFragment.text)#\(name)"] { return anchor }
            throw failure(.invalid, reference.place, "refers to the anchor \(name.prefix(100)), which the schema lacks")
        }
        let place = Place(document: resource.place.document, pointer: resource.place.pointer + name)
        if let known = places[place] { return known }
        guard let schema = value(at: place) else {
            throw failure(.invalid, reference.place, "refers to \(name.prefix(200)), which the schema lacks")
        }
        return try subschema(schema, at: place, in: scope(around: place))
    }

    /// Of a place that no keyword leads to: the scope of the nearest subschema around it.
    private func scope(around place: Place) -> Scope {
        var pointer = place.pointer[...]
        while let slash = pointer.lastIndex(of: "/") {
            pointer = pointer[..<slash]
            if let node = places[Place(document: place.document, pointer: String(pointer))] { return scopes[node] }
        }
        return scopes[places[Place(document: place.document, pointer: "")] ?? program.root]
    }
}
