/// The tree that configurations are read from. Paths are relative to its root, with `/` between their parts and
/// without `.` and `..`; the root itself is empty.
public protocol TerraformFiles {
    /// Names of the files directly in a folder, in ascending order.
    func names(in folder: String) -> [String]
    /// Nil where there is no such file or it cannot be read.
    func read(_ path: String) -> [UInt8]?
}

/// What a configuration comes to.
public struct TerraformConfiguration: Sendable {
    public var resources: [TerraformResource] = []
    public var problems: [TerraformProblem] = []

    public init() {}
}

/// One instance of a resource or data source, or a provider's settings.
public struct TerraformResource: Sendable {
    public enum Mode: String, Sendable, Hashable {
        case managed, data, provider
    }

    public var mode: Mode
    public var type: String
    public var name: String
    /// `module.net.aws_subnet.a["x"]`
    public var address: String
    /// Relative to the tree.
    public var file: String
    public var range: HCLRange
    /// An object: attributes by name, and blocks of a type as a list of objects.
    public var body: HCLNode

    /// The address without indices: what references lead to.
    public static func key(_ address: String) -> String {
        guard address.utf8.contains(UInt8(ascii: "[")) else { return address }
        var depth = 0
        return String(
            address.filter { character in
                if character == "[" { depth += 1 }
                defer { if character == "]" { depth -= 1 } }
                return depth == 0
            })
    }
}

public struct TerraformProblem: Sendable, Hashable {
    public var file: String
    public var problem: HCLProblem
}

/// Bounds on evaluating one configuration.
public struct TerraformLimits: Sendable, Hashable {
    /// Modules within each other.
    public var moduleDepth = 8
    /// Modules evaluated in all; a module that is called twice counts twice.
    public var modules = 500
    /// Instances of one resource by `count` or `for_each`; the others are like these.
    public var instances = 50
    public var resources = 50_000
    public var steps = 5_000_000
    public var files = HCLLimits()

    public init() {}
}

public enum TerraformPath {
    /// `a/b` and `../c` give `a/c`; nil for what leads out of the tree.
    public static func join(_ folder: String, _ path: String) -> String? {
        var parts = folder.split(separator: "/").map(String.init)
        for part in path.split(separator: "/") {
            switch part {
            case ".": continue
            case "..":
                guard parts.popLast() != nil else { return nil }
            default: parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }
}
