import Core
import JSON
import Web

/// Reads schemas into a ``Program``: first all subschemas of a document, then where their references lead, which may
/// bring in further documents or places that no keyword led to.
struct Compiler {
    let options: JSONSchema.Options
    var program = Program()
    /// What is kept of each subschema for those below it and for references to it.
    var scopes: [Scope] = []
    var places: [Place: Int] = [:]
    /// By absolute URI without fragment.
    var resources: [String: Resource] = [:]
    /// By absolute URI with the name as its fragment.
    var anchors: [String: Int] = [:]
    private var documents: [JSON] = []
    private var pending: [PendingReference] = []
    private var depth = 0

    /// A value in a document.
    struct Place: Hashable {
        var document: Int
        var pointer: String

        func adding(_ name: String) -> Place {
            Place(document: document, pointer: pointer + "/" + JSONPointer.escaped(name))
        }
    }

    struct Resource {
        var number: Int
        var place: Place
    }

    /// The resource that a subschema is in.
    struct Scope {
        var resource: Int
        var base: URIReference
        var vocabulary: Vocabulary
    }

    struct PendingReference {
        var slot: Int
        var node: Int
        var rule: Int
        var text: String
        var base: URIReference
        var isDynamic: Bool
        var place: Place
    }

    init(_ options: JSONSchema.Options) {
        self.options = options
        program.limits = options.limits
    }

    mutating func compile(_ schema: JSON) throws(GatehouseError) -> Program {
        program.root = try document(schema, uri: "")
        // Resolving may add subschemas, and these may add references.
        while let reference = pending.popLast() { try resolve(reference) }
        return program
    }

    /// Reads a whole document that is known by a URI.
    mutating func document(_ schema: JSON, uri: String) throws(GatehouseError) -> Int {
        documents.append(schema)
        let place = Place(document: documents.count - 1, pointer: "")
        let vocabulary = try vocabulary(schema["$schema"], at: place)
        let scope = openResource(uri, place, vocabulary)
        return try subschema(schema, at: place, in: scope)
    }

    /// The number of the subschema, which is read unless it was before.
    mutating func subschema(_ schema: JSON, at place: Place, in outer: Scope) throws(GatehouseError) -> Int {
        if let known = places[place] { return known }
        depth += 1
        defer { depth -= 1 }
        guard depth <= options.limits.depth else {
            throw failure(.tooLarge, place, "is nested more than \(options.limits.depth) schemas deep")
        }
        guard program.nodes.count < options.limits.subschemas else {
            throw failure(.tooLarge, place, "is one subschema too many; \(options.limits.subschemas) are taken")
        }
        let number = program.nodes.count
        places[place] = number
        switch schema {
        case .bool(let accepts):
            add(outer, at: place)
            if !accepts { program.nodes[number].rules = [Rule(keyword: "", check: .never)] }
        case .object(let object):
            let scope = try scope(of: object, at: place, in: outer)
            add(scope, at: place)
            try nameAnchors(of: object, number, at: place, in: scope)
            try readRules(of: object, number, at: place, in: scope)
        default: throw failure(.invalid, place, "must be an object or a boolean to be a schema")
        }
        return number
    }

    private mutating func add(_ scope: Scope, at place: Place) {
        let document = place.document == 0 ? "" : scope.base.text
        program.nodes.append(Node(resource: scope.resource, place: document + place.pointer))
        scopes.append(scope)
    }

    private mutating func openResource(_ uri: String, _ place: Place, _ vocabulary: Vocabulary) -> Scope {
        let number = program.dynamicAnchors.count
        program.dynamicAnchors.append([:])
        resources[uri] = Resource(number: number, place: place)
        return Scope(resource: number, base: URIReference(uri), vocabulary: vocabulary)
    }

    /// A subschema with `$id` is a resource of its own.
    private mutating func scope(
        of schema: JSONObject, at place: Place, in outer: Scope
    ) throws(GatehouseError) -> Scope {
        guard let id = schema["$id"] else { return outer }
        // Draft-07 reads nothing beside a `$ref`.
        if outer.vocabulary.isDraft07, schema["$ref"] != nil { return outer }
        guard let id = id.string else { throw failure(.invalid, place.adding("$id"), "must be a string") }
        let reference = URIReference(id)
        if outer.vocabulary.isDraft07, reference.withoutFragment.text.isEmpty { return outer }
        guard reference.fragment?.isEmpty ?? true || outer.vocabulary.isDraft07 else {
            throw failure(.invalid, place.adding("$id"), "must have no fragment")
        }
        let uri = reference.withoutFragment.resolved(against: outer.base).text
        if let known = resources[uri] {
            guard known.place == place else {
                throw failure(.invalid, place.adding("$id"), "is the URI of another schema too")
            }
            return outer
        }
        var vocabulary = outer.vocabulary
        if let dialect = schema["$schema"] { vocabulary = try self.vocabulary(dialect, at: place) }
        return openResource(uri, place, vocabulary)
    }

    private func vocabulary(_ dialect: JSON?, at place: Place) throws(GatehouseError) -> Vocabulary {
        let vocabulary = Vocabulary(dialect?.string, default: options.dialect) { options.documents[$0] }
        guard let vocabulary else {
            throw failure(
                .unsupported, place.adding("$schema"), "names a dialect of JSON Schema that is not known here")
        }
        return vocabulary
    }

    private mutating func nameAnchors(
        of schema: JSONObject, _ number: Int, at place: Place, in scope: Scope
    ) throws(GatehouseError) {
        let base = scope.base.text
        if scope.vocabulary.isDraft07 {
            guard schema["$ref"] == nil, let id = schema["$id"]?.string else { return }
            if let fragment = URIReference(id).fragment, !fragment.isEmpty { anchors["\(base)#\(fragment)"] = number }
            return
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            guard let name = schema[keyword] else { continue }
            guard let name = name.string else { throw failure(.invalid, place.adding(keyword), "must be a string") }
            anchors["\(base)#\(name)"] = number
            if keyword == "$dynamicAnchor" { program.dynamicAnchors[scope.resource][name] = number }
        }
    }

    /// The number by which the reference's target is found once it is known.
    mutating func reference(
        _ text: String, of node: Int, isDynamic: Bool, at place: Place, in scope: Scope
    ) -> Rule {
        let slot = program.targets.count
        program.targets.append(0)
        pending.append(
            PendingReference(
                slot: slot, node: node, rule: program.nodes[node].rules.count, text: text, base: scope.base,
                isDynamic: isDynamic, place: place))
        return Rule(keyword: isDynamic ? "$dynamicRef" : "$ref", check: .reference(slot: slot))
    }

    func value(at place: Place) -> JSON? { JSONPointer(place.pointer)?.value(in: documents[place.document]) }

    func failure(_ code: GatehouseError.Code, _ place: Place, _ what: String) -> GatehouseError {
        GatehouseError(
            "schema", code, "\(place.pointer.isEmpty ? "the schema" : String(place.pointer.prefix(300))) \(what)")
    }
}
