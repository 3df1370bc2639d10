import Core
import JSON

/// Walks a document and finds every text in it. What it does not know, it takes for text: only names of the format's
/// own (``Vocabulary``), sealed bytes and binary content are passed over.
struct TextFinder {
    enum Zone {
        /// The API's own structure.
        case envelope
        /// A JSON Schema; below `properties` and its like keys are names.
        case schema, schemaNames
        /// Somebody's data: nothing in it is the format's.
        case data
    }

    struct Context {
        var writer = Writer.unknown
        var zone = Zone.envelope
        var isUntrusted = false
        var isSigned = false
        var held: HeldJSON?
        /// The member under which the value stands, and the one above it.
        var key = ""
        var parentKey = ""
    }

    private(set) var positions: [TextPosition] = []
    private(set) var passedOver: [PassedOver] = []
    /// Where strings begin that are read elsewhere: the pieces in an event of a stream.
    private let skipped: [Int]
    private let takesJSONApart: Bool

    /// A string that holds JSON is taken apart, or is one position (``TextPosition/holdsJSON``).
    init(skipping skipped: [Int] = [], takesJSONApart: Bool = true) {
        self.skipped = skipped
        self.takesJSONApart = takesJSONApart
    }

    /// Recursion is bounded by the parser's limit on depth.
    mutating func walk(_ view: JSONView, _ context: Context) throws(GatehouseError) {
        switch view.kind {
        case .null, .bool: break
        case .number: if context.zone == .data { number(view, context) }
        case .string: try string(view, context)
        case .array: for element in view.elements { try walk(element, context) }
        case .object:
            switch context.zone {
            case .envelope: try envelope(view, context)
            case .schema, .schemaNames: try schema(view, context)
            case .data: try data(view, context)
            }
        }
    }

    private mutating func envelope(_ object: JSONView, _ outer: Context) throws(GatehouseError) {
        let shape = ObjectShape(object)
        var context = shape.applied(to: outer)
        context.parentKey = outer.key
        for member in object.members {
            let name = member.key
            let value = member.value
            context.key = name
            let rule = Vocabulary.rules[name]
            if rule == nil { add(member.keyView, context) }
            if skipped.contains(value.raw.lowerBound) { continue }
            guard let rule else {
                try walk(value, changed(context) { $0.zone = .data })
                continue
            }
            try read(value, by: rule, shape, context)
        }
    }

    private mutating func read(
        _ value: JSONView, by rule: Vocabulary.Rule, _ shape: ObjectShape, _ context: Context
    ) throws(GatehouseError) {
        switch rule {
        case .token: try words(value, context)
        case .reference:
            try words(value, context)
            if !value.isNull { passedOver.append(PassedOver(view: value, content: .reference)) }
        case .sealed: try sealed(value, context)
        case .payload: try payload(value, shape, context)
        case .heldJSON: try heldJSON(value, context)
        case .system: try walk(value, changed(context) { $0.writer = .system })
        case .toolDefinitions: try walk(value, changed(context) { $0.writer = .toolDefinition })
        case .schema:
            try walk(
                value,
                changed(context) {
                    $0.writer = .toolDefinition
                    $0.zone = .schema
                })
        case .data: try walk(value, changed(context) { $0.zone = .data })
        case .logprobs: try walk(value, context)
        case .text:
            if context.key == "name", shape.namesTool(context) { return try words(value, context) }
            try walk(value, shape.inner(context))
        }
    }

    private mutating func schema(_ object: JSONView, _ outer: Context) throws(GatehouseError) {
        var context = outer
        for member in object.members {
            let name = member.key
            context.key = name
            if outer.zone == .schemaNames {
                add(member.keyView, context)
                try walk(member.value, changed(context) { $0.zone = .schema })
                continue
            }
            switch name {
            case "type", "format", "$ref", "$schema": try words(member.value, context)
            case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas":
                try walk(member.value, changed(context) { $0.zone = .schemaNames })
            case "enum", "const", "default", "examples", "example":
                try walk(member.value, changed(context) { $0.zone = .data })
            default:
                if !Self.schemaWords.contains(name) { add(member.keyView, context) }
                try walk(member.value, context)
            }
        }
    }

    private static let schemaWords = Set(
        """
        description title required items prefixItems additionalProperties anyOf oneOf allOf not minimum maximum \
        exclusiveMinimum exclusiveMaximum minLength maxLength minItems maxItems uniqueItems multipleOf pattern strict \
        nullable minProperties maxProperties propertyNames contains if then else readOnly writeOnly deprecated $id \
        $comment contentEncoding contentMediaType
        """.split(separator: " ").map(String.init))

    private mutating func data(_ object: JSONView, _ outer: Context) throws(GatehouseError) {
        var context = outer
        for member in object.members {
            context.key = member.key
            add(member.keyView, context)
            try walk(member.value, context)
        }
    }
}

extension TextFinder {
    private mutating func string(_ view: JSONView, _ context: Context) throws(GatehouseError) {
        let payload = try lent(view) { spelled throws(GatehouseError) in try Payload.dataURL(spelled, at: view) }
        add(payload, view, context)
    }

    /// Strings, also in arrays, that are words of the format; anything else is walked.
    private mutating func words(_ view: JSONView, _ context: Context) throws(GatehouseError) {
        switch view.kind {
        case .string: if view.withUTF8(TokenShape.matches) != true { try string(view, context) }
        case .array: for element in view.elements { try words(element, context) }
        default: try walk(view, context)
        }
    }

    private mutating func sealed(_ view: JSONView, _ context: Context) throws(GatehouseError) {
        guard view.kind == .string else { return try walk(view, context) }
        let isSealed = view.withUTF8 { Payload.isBase64($0) && !Payload.beginsAsText($0) } ?? false
        if isSealed {
            passedOver.append(PassedOver(view: view, content: .sealed))
        } else {
            add(view, context)
        }
    }

    private mutating func payload(
        _ view: JSONView, _ shape: ObjectShape, _ context: Context
    ) throws(GatehouseError) {
        guard view.kind == .string, let kind = shape.payload(under: context) else { return try walk(view, context) }
        switch kind {
        case .sealed: try sealed(view, context)
        case .media(let type):
            let payload = try lent(view) { spelled throws(GatehouseError) in
                try Payload.read(spelled, prefix: 0, mediaType: type, at: view)
            }
            add(payload, view, context)
        }
    }

    /// A string that is JSON is taken apart; one that is not (cut off, or made up by a model) is a text like any other.
    private mutating func heldJSON(_ view: JSONView, _ context: Context) throws(GatehouseError) {
        var inside = changed(context) {
            $0.writer = .assistant
            $0.zone = .data
        }
        guard view.kind == .string, let text = view.withUTF8({ [UInt8]($0) }) else { return try walk(view, inside) }
        guard takesJSONApart else { return add(view, inside, holdsJSON: true) }
        guard let document = try? JSONDocument(text), context.held == nil, document.root.kind != .string else {
            return add(view, inside)
        }
        inside.held = HeldJSON(holder: view, document: document)
        try walk(document.root, inside)
    }

    private func lent(
        _ view: JSONView, _ body: (UnsafeBufferPointer<UInt8>) throws(GatehouseError) -> Payload
    ) throws(GatehouseError) -> Payload {
        do {
            return try view.withUTF8 { try body($0) } ?? .plain
        } catch let error as GatehouseError {
            throw error
        } catch {
            throw GatehouseError("models", .internal, "a text could not be read", from: error)
        }
    }

    private mutating func add(_ payload: Payload, _ view: JSONView, _ context: Context) {
        switch payload {
        case .plain: add(view, context)
        case .binary(let type): passedOver.append(PassedOver(view: view, content: .binary(mediaType: type)))
        case .text(let decoded, let prefix):
            add(
                view, changed(context) { $0.isUntrusted = true }, .base64(prefix: prefix, decoded: decoded))
        }
    }

    /// A number of six digits and fewer says too little to be anybody's.
    private mutating func number(_ view: JSONView, _ context: Context) {
        let digits = view.rawBytes.reduce(0) { $0 + ($1 >= 0x30 && $1 <= 0x39 ? 1 : 0) }
        if digits > 6 { add(view, context, .number) }
    }

    private mutating func add(
        _ view: JSONView, _ context: Context, _ spelling: TextPosition.Spelling = .string, holdsJSON: Bool = false
    ) {
        guard view.raw.count > 2 || view.kind != .string else { return }
        positions.append(
            TextPosition(
                view: view, writer: context.writer, isUntrusted: context.isUntrusted, isSigned: context.isSigned,
                key: context.key, spelling: spelling, held: context.held, holdsJSON: holdsJSON))
    }

    private func changed(_ context: Context, _ change: (inout Context) -> Void) -> Context {
        var context = context
        change(&context)
        return context
    }
}
