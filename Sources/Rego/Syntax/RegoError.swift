/// What is wrong with a policy, and where.
public struct RegoError: Error, Sendable, Hashable {
    /// OPA's codes.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        case parse = "rego_parse_error"
        case compile = "rego_compile_error"
        case type = "rego_type_error"
        case unsafeVariable = "rego_unsafe_var_error"
        case recursion = "rego_recursion_error"
    }

    public var code: Code
    public var message: String
    /// The name of the module.
    public var file: String
    /// From 1.
    public var row: Int
    /// In bytes, from 1.
    public var column: Int
    /// The text of that row.
    public var line: String

    public init(_ code: Code, _ message: String, file: String, row: Int, column: Int, line: String) {
        self.code = code
        self.message = message
        self.file = file
        self.row = row
        self.column = column
        self.line = line
    }

    init(_ code: Code, _ message: String, in source: SourceText, at place: SourcePlace) {
        self.init(
            code, message, file: source.name, row: Int(place.row), column: Int(place.column),
            line: source.line(of: place))
    }
}

extension RegoError: CustomStringConvertible {
    /// `policy.rego:3:5: rego_parse_error: …`, then the line and a mark below the place.
    public var description: String {
        let head = "\(file):\(row):\(column): \(code.rawValue): \(message)"
        guard line.utf8.contains(where: { $0 > 0x20 }) else { return head }
        let before = line.utf8.prefix(max(0, column - 1))
        let indent = before.filter { $0 & 0xC0 != 0x80 }.map { $0 == 0x09 ? "\t" : " " }.joined()
        return "\(head)\n\t\(line)\n\t\(indent)^"
    }
}

/// What is wrong with a policy, in the order of files and rows. Never empty.
public struct RegoErrors: Error, Sendable, Hashable {
    /// Of more, the first are kept.
    public static let greatestCount = 1000

    public var errors: [RegoError]

    public init(_ errors: [RegoError]) { self.errors = Array(errors.prefix(Self.greatestCount)) }
}

extension RegoErrors: CustomStringConvertible {
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}
