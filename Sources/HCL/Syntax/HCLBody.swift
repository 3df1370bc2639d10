/// A file as far as it could be read.
public struct HCLFile: Sendable {
    public var body: HCLBody
    /// One for each part that was left out.
    public var problems: [HCLProblem]
    /// Whether something was left out at an unknown place: the rest of the file after too many problems, or all of it.
    public var isCut: Bool
}

/// The content of a file or block, in the order in which it stands there.
public struct HCLBody: Sendable {
    public var attributes: [HCLAttribute]
    public var blocks: [HCLBlock]

    public init(attributes: [HCLAttribute] = [], blocks: [HCLBlock] = []) {
        self.attributes = attributes
        self.blocks = blocks
    }

    public func attribute(_ name: String) -> HCLAttribute? { attributes.first { $0.name == name } }
    public func blocks(_ type: String) -> some Sequence<HCLBlock> { blocks.lazy.filter { $0.type == type } }
}

/// `name = value`
public struct HCLAttribute: Sendable {
    public var name: String
    public var nameRange: HCLRange
    public var value: HCLExpression
}

/// `type "label" label { … }`
public struct HCLBlock: Sendable {
    public var type: String
    public var labels: [String]
    public var body: HCLBody
    /// From the type to the closing brace.
    public var range: HCLRange
}
