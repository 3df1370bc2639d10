/// A value of a TOML document (v1.0.0), with the line that it begins on. Numbers, booleans and dates are kept as they
/// are spelled.
public indirect enum TOML: Sendable, Hashable {
    case text(String, line: Int)
    case scalar(String, line: Int)
    case array([TOML], line: Int)
    case table([String: TOML], line: Int)

    public var line: Int {
        switch self {
        case .text(_, let line), .scalar(_, let line), .array(_, let line), .table(_, let line): line
        }
    }

    public var string: String? { if case .text(let text, _) = self { text } else { nil } }
    public var elements: [TOML] { if case .array(let elements, _) = self { elements } else { [] } }
    public var members: [String: TOML] { if case .table(let members, _) = self { members } else { [:] } }
    public subscript(key: String) -> TOML? { members[key] }

    public static let maximumDepth = 64
    public static let maximumBytes = 64 << 20

    /// - Throws: the place of what is no TOML, comes twice, or is nested more than ``maximumDepth`` levels.
    public static func parse(_ bytes: [UInt8]) throws(TextError) -> TOML {
        guard bytes.count <= maximumBytes else {
            throw TextError(line: 1, reason: "has more than \(maximumBytes) bytes")
        }
        var parser = TOMLParser(bytes)
        return try parser.document()
    }

    /// Sets a value where the path of keys leads, through the last element of arrays of tables.
    mutating func set(_ value: TOML, at path: ArraySlice<String>, appending: Bool) throws(TextError) {
        guard let key = path.first else { return }
        switch self {
        case .array(var elements, let line):
            // Gives up the shared storage, so that the change is made in place.
            self = .array([], line: line)
            guard var last = elements.popLast() else { throw TextError(line: value.line, reason: "no table to be in") }
            try last.set(value, at: path, appending: appending)
            elements.append(last)
            self = .array(elements, line: line)
        case .table(var members, let line):
            self = .table([:], line: line)
            let known = members.removeValue(forKey: key)
            members[key] = try Self.member(known, value, path, appending)
            self = .table(members, line: line)
        default: throw TextError(line: value.line, reason: "\"\(key)\" is set in what is no table")
        }
    }

    private static func member(
        _ known: TOML?, _ value: TOML, _ path: ArraySlice<String>, _ appending: Bool
    ) throws(TextError) -> TOML {
        let key = path.first ?? ""
        if path.count > 1 {
            var child = known ?? .table([:], line: value.line)
            try child.set(value, at: path.dropFirst(), appending: appending)
            return child
        }
        switch (known, value) {
        case (nil, _): return appending ? .array([value], line: value.line) : value
        case (.array(var elements, let line)?, _) where appending:
            elements.append(value)
            return .array(elements, line: line)
        // A table that a longer header made, and that now has a header of its own.
        case (.table(let members, let line)?, .table(let added, _)) where added.isEmpty:
            return .table(members, line: line)
        default: throw TextError(line: value.line, reason: "\"\(key)\" is there twice")
        }
    }
}
