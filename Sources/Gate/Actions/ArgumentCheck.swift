import Core
package import JSON

extension ArgumentSchema {
    /// Checks a tool's arguments.
    /// - Throws: `invalid`, naming the argument and, for a misspelled one, the nearest that there is.
    func check(_ arguments: JSON, of tool: String) throws {
        guard case .object = arguments else {
            throw GatehouseError("gate", .invalid, "the arguments of \(tool) are not a JSON object")
        }
        try check(arguments, at: "", tool)
    }

    /// Checks a value within the arguments; the path leads to it.
    package func check(_ value: JSON, at path: String, of tool: String) throws { try check(value, at: path, tool) }

    private func check(_ value: JSON, at path: String, _ tool: String) throws {
        if !types.isEmpty, !types.contains(where: { Self.has(value, type: $0) }) {
            throw Self.wrong(
                tool, path, "is to be \(types.sorted().joined(separator: " or ")), not \(Self.typeName(of: value))")
        }
        if !choices.isEmpty, !choices.contains(where: { Self.equal($0, value) }) {
            throw Self.wrong(tool, path, "is none of \(choices.prefix(12).map(\.description).joined(separator: ", "))")
        }
        switch value {
        case .object(let object): try check(object, at: path, tool)
        case .array(let elements): try check(elements, at: path, tool)
        case .string(let text): try check(text, at: path, tool)
        case .number(let number): try check(number, at: path, tool)
        case .null, .bool: break
        }
    }

    private func check(_ object: JSONObject, at path: String, _ tool: String) throws {
        for name in required where object[name] == nil { throw Self.wrong(tool, Self.join(path, name), "is missing") }
        for (name, value) in object {
            if let schema = properties[name] {
                try schema.check(value, at: Self.join(path, name), tool)
                continue
            }
            switch additional {
            case .allowed: break
            case .schema(let schema): try schema.check(value, at: Self.join(path, name), tool)
            case .refused:
                let nearest = Suggestion.nearest(to: name, among: properties.keys)
                let known =
                    properties.isEmpty
                    ? "it takes none" : "it takes \(properties.keys.sorted().joined(separator: ", "))"
                throw Self.wrong(
                    tool, Self.join(path, name), "is unknown", hint: nearest.map { "did you mean \"\($0)\"?" } ?? known)
            }
        }
    }

    private func check(_ elements: [JSON], at path: String, _ tool: String) throws {
        if let least = count.least, elements.count < least {
            throw Self.wrong(tool, path, "needs at least \(least) elements")
        }
        if let greatest = count.greatest, elements.count > greatest {
            throw Self.wrong(tool, path, "takes at most \(greatest) elements")
        }
        guard let schema = items.first else { return }
        for (index, element) in elements.enumerated() { try schema.check(element, at: "\(path)[\(index)]", tool) }
    }

    /// Length is counted in code points, as JSON Schema does.
    private func check(_ text: String, at path: String, _ tool: String) throws {
        guard length.least != nil || length.greatest != nil else { return }
        let characters = text.unicodeScalars.count
        if let least = length.least, characters < least {
            throw Self.wrong(tool, path, "needs at least \(least) characters")
        }
        if let greatest = length.greatest, characters > greatest {
            throw Self.wrong(tool, path, "takes at most \(greatest) characters")
        }
    }

    private func check(_ number: JSONNumber, at path: String, _ tool: String) throws {
        guard range.least != nil || range.greatest != nil else { return }
        guard let value = number.double else { throw Self.wrong(tool, path, "is out of range") }
        if let least = range.least, value < least {
            throw Self.wrong(tool, path, "is to be at least \(Self.plain(least))")
        }
        if let greatest = range.greatest, value > greatest {
            throw Self.wrong(tool, path, "is to be at most \(Self.plain(greatest))")
        }
    }

    private static func has(_ value: JSON, type: String) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string), ("array", .array),
            ("object", .object):
            true
        case ("integer", .number(let number)): number.int != nil
        default: false
        }
    }

    private static func typeName(of value: JSON) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// Numbers by value, since a choice of 1 also means 1.0.
    private static func equal(_ a: JSON, _ b: JSON) -> Bool {
        if case .number(let a) = a, case .number(let b) = b {
            return a == b || (a.double != nil && a.double == b.double)
        }
        return a == b
    }

    private static func plain(_ bound: Double) -> String { JSON(bound)?.description ?? "\(bound)" }

    package static func join(_ path: String, _ name: String) -> String {
        path.isEmpty ? String(name.prefix(60)) : "\(path).\(name.prefix(60))"
    }

    private static func wrong(_ tool: String, _ path: String, _ what: String, hint: String? = nil) -> GatehouseError {
        let subject = path.isEmpty ? "the arguments" : "argument \"\(path)\""
        return GatehouseError("gate", .invalid, "\(subject) of \(tool) \(what)", hint: hint)
    }
}
