internal import JSON
internal import Rego

/// A rule whose name starts with `test_`, or with `todo_test_` where it is not to be run yet.
public struct PolicyTest: Sendable, Hashable {
    /// The package's path below `data`.
    public var package: [String]
    /// The rule's name with what is fixed after it: `test_allow`. The second of that name in a package is
    /// `test_allow#01`.
    public var name: String
    public var file: String
    /// From 1.
    public var row: Int
    public var column: Int
    /// Whether it is left out, as `todo_test_` asks.
    public var isSkipped: Bool

    /// Where its value is below `data`.
    var path: [String]
    /// What stands in brackets after the fixed part of the name: each value is a case of its own. As spelled.
    var caseKeys: [TestCaseKey]
    /// Whether the rule is a set, whose elements are its cases.
    var isSet: Bool

    /// As messages name it: `data.app_test.test_allow`.
    public var id: String { Self.reference(["data"] + package) + "." + name }

    /// `data.app_test`, with brackets and quotes where a name needs them.
    public static func reference(_ path: [String]) -> String {
        path.dropFirst().reduce(path.first ?? "") { $0 + (isPlain($1) ? "." + $1 : "[\(JSON($1).text())]") }
    }

    private static func isPlain(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}

extension PolicyTest {
    /// What finds a test in a program.
    var query: Compiler.Query {
        let steps = path.map { "[\(JSON($0).text())]" }.joined()
        return Compiler.Query(name: id, text: "result = data\(steps)")
    }
}
