public import JSON

/// The arguments of a tool that its schema wants repeated in headers (`x-mcp-header`, 2026-07-28).
public struct MirroredParameters: Sendable, Hashable {
    public struct Parameter: Sendable, Hashable {
        /// Keys from the arguments' root.
        public let path: [String]
        /// `Mcp-Param-` and what the schema says.
        public let header: String

        /// The argument as the header's text; nil where there is none to repeat.
        public func text(in arguments: JSON) -> String? {
            value(in: arguments).flatMap(MirroredParameters.text)
        }

        /// Whether a header's value, decoded, says what the argument says. Integers are compared as numbers.
        public func isSame(_ header: String, in arguments: JSON) -> Bool {
            guard let value = value(in: arguments) else { return false }
            if let int = value.int { return JSONNumber(spelling: header)?.int == int }
            return MirroredParameters.text(value) == header
        }

        private func value(in arguments: JSON) -> JSON? {
            var value: JSON? = arguments
            for key in path { value = value?[key] }
            return value?.isNull == true ? nil : value
        }
    }

    public static let prefix = "Mcp-Param-"
    public static let keyword = "x-mcp-header"

    public let parameters: [Parameter]

    /// Throws ``RPCError/Code/invalidParams`` with the place where the schema breaks a rule of the annotation: then the
    /// tool must not be offered.
    public init(inputSchema: JSON) throws(RPCError) {
        var finder = Finder()
        try finder.visit(inputSchema, at: [], isReachable: true)
        parameters = finder.found
    }

    private static func text(_ value: JSON) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let bool): bool ? "true" : "false"
        case .number(let number): number.int.map(String.init)
        default: nil
        }
    }

    private struct Finder {
        var found: [Parameter] = []
        private var names: Set<String> = []

        /// - Parameter isReachable: whether only `properties` lie between the root and here.
        mutating func visit(_ schema: JSON, at path: [String], isReachable: Bool) throws(RPCError) {
            switch schema {
            case .array(let elements):
                for element in elements { try visit(element, at: path, isReachable: false) }
            case .object(let object):
                if let name = object[keyword] { try add(name, object, path, isReachable) }
                for (key, value) in object where key != keyword && !Self.holdsData.contains(key) {
                    if key == "properties", case .object(let properties) = value {
                        for (name, schema) in properties {
                            try visit(schema, at: path + [name], isReachable: isReachable)
                        }
                    } else {
                        try visit(value, at: path, isReachable: false)
                    }
                }
            default: break
            }
        }

        /// Keywords whose values are no schemas.
        private static let holdsData: Set<String> = ["const", "enum", "default", "examples", "required"]

        private mutating func add(
            _ name: JSON, _ schema: JSONObject, _ path: [String], _ isReachable: Bool
        ) throws(RPCError) {
            let place = "\(keyword) of \(path.joined(separator: "."))"
            guard let name = name.string, !name.isEmpty, name.utf8.allSatisfy(Self.isTokenCharacter) else {
                throw .invalidParams("\(place): must be the rest of a header's name")
            }
            guard isReachable, !path.isEmpty else {
                throw .invalidParams("\(place): the parameter does not lie below properties alone")
            }
            guard let type = schema["type"]?.string, ["string", "integer", "boolean"].contains(type) else {
                throw .invalidParams("\(place): the parameter must be a string, an integer or a boolean")
            }
            guard names.insert(name.lowercased()).inserted else {
                throw .invalidParams("\(place): \(name) is taken by another parameter")
            }
            found.append(Parameter(path: path, header: prefix + name))
        }

        /// RFC 9110 section 5.6.2.
        private static func isTokenCharacter(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
    }
}
