public import Core
public import JSON

extension IR.Policy {
    /// Reads a plan as `opa build -t plan` writes it to `plan.json`. Places of statements may be missing.
    ///
    /// - Throws: domain `rego`; what is wrong and where, as a JSON Pointer.
    public init(plan bytes: [UInt8]) throws(GatehouseError) {
        let root: JSON
        do {
            root = try JSON.parse(bytes, limits: PlanReader.limits)
        } catch {
            throw GatehouseError(
                "rego", error.code == .tooLarge ? .tooLarge : .invalid, "the plan cannot be read", from: error)
        }
        try self.init(plan: root)
    }

    public init(plan: JSON) throws(GatehouseError) {
        self.init()
        let root = PlanNode(plan, at: "")
        let fixed = try root.optional("static")
        strings = try fixed?.list("strings").map { node throws(GatehouseError) in try node.text("value") } ?? []
        files = try fixed?.list("files").map { node throws(GatehouseError) in try node.text("value") } ?? []
        builtins = try fixed?.list("builtin_funcs").map { node throws(GatehouseError) in try node.text("name") } ?? []
        plans = try root.optional("plans")?.list("plans").map(PlanReader.plan) ?? []
        functions = try root.optional("funcs")?.list("funcs").map(PlanReader.function) ?? []
    }
}

enum PlanReader {
    static let limits = JSON.Limits(bytes: 256 << 20, depth: 512, values: 20_000_000)
    /// Blocks within each other.
    static let greatestDepth = 120

    static func plan(_ node: PlanNode) throws(GatehouseError) -> IR.Plan {
        IR.Plan(
            name: try node.text("name"),
            blocks: try node.list("blocks").map { node throws(GatehouseError) in try block(node, 0) })
    }

    static func function(_ node: PlanNode) throws(GatehouseError) -> IR.Function {
        IR.Function(
            name: try node.text("name"),
            parameters: try node.list("params").map { node throws(GatehouseError) in try node.local() },
            result: try node.local("return"),
            blocks: try node.list("blocks").map { node throws(GatehouseError) in try block(node, 0) },
            path: try node.list("path").map { node throws(GatehouseError) in try node.text() })
    }

    static func block(_ node: PlanNode, _ depth: Int) throws(GatehouseError) -> IR.Block {
        guard depth < greatestDepth else {
            throw node.problem("has more than \(greatestDepth) blocks within each other")
        }
        return IR.Block(try node.list("stmts").map { node throws(GatehouseError) in try statement(node, depth) })
    }

    private static func statement(_ node: PlanNode, _ depth: Int) throws(GatehouseError) -> IR.Statement {
        let type = try node.text("type")
        let body = try node.member("stmt")
        guard let operation = try operation(type, body, depth) else {
            throw node.problem("is a statement of unknown type \(type)")
        }
        return IR.Statement(operation, at: place(body))
    }

    private static func place(_ node: PlanNode) -> IR.Place? {
        guard let file = node.json["file"]?.int, let row = node.json["row"]?.int, row > 0 else { return nil }
        return IR.Place(file: file, row: row, column: node.json["col"]?.int ?? 0)
    }

    private static func operation(_ type: String, _ node: PlanNode, _ depth: Int) throws(GatehouseError) -> IR
        .Operation?
    {
        if let operation = try making(type, node) { return operation }
        if let operation = try testing(type, node) { return operation }
        return try controlling(type, node, depth)
    }

    private static func making(_ type: String, _ node: PlanNode) throws(GatehouseError) -> IR.Operation? {
        switch type {
        case "ArrayAppendStmt": .arrayAppend(value: try node.operand("value"), array: try node.local("array"))
        case "AssignIntStmt": .assignInt(value: try node.integer("value"), target: try node.local("target"))
        case "AssignVarStmt": .assignVar(source: try node.operand("source"), target: try node.local("target"))
        case "AssignVarOnceStmt": .assignVarOnce(source: try node.operand("source"), target: try node.local("target"))
        case "LenStmt": .len(source: try node.operand("source"), target: try node.local("target"))
        case "MakeArrayStmt": .makeArray(capacity: try node.integer("capacity"), target: try node.local("target"))
        case "MakeNullStmt": .makeNull(target: try node.local("target"))
        case "MakeNumberIntStmt": .makeNumberInt(value: try node.integer("value"), target: try node.local("target"))
        case "MakeNumberRefStmt":
            .makeNumberRef(
                index: try node.integer(node.json["Index"] == nil ? "index" : "Index"), target: try node.local("target")
            )
        case "MakeObjectStmt": .makeObject(target: try node.local("target"))
        case "MakeSetStmt": .makeSet(target: try node.local("target"))
        case "ObjectInsertStmt":
            .objectInsert(
                key: try node.operand("key"), value: try node.operand("value"), object: try node.local("object"))
        case "ObjectInsertOnceStmt":
            .objectInsertOnce(
                key: try node.operand("key"), value: try node.operand("value"), object: try node.local("object"))
        case "ObjectMergeStmt":
            .objectMerge(a: try node.local("a"), b: try node.local("b"), target: try node.local("target"))
        case "ResetLocalStmt": .resetLocal(target: try node.local("target"))
        case "SetAddStmt": .setAdd(value: try node.operand("value"), set: try node.local("set"))
        default: nil
        }
    }

    private static func testing(_ type: String, _ node: PlanNode) throws(GatehouseError) -> IR.Operation? {
        switch type {
        case "DotStmt":
            .dot(source: try node.operand("source"), key: try node.operand("key"), target: try node.local("target"))
        case "EqualStmt": .equal(try node.operand("a"), try node.operand("b"))
        case "NotEqualStmt": .notEqual(try node.operand("a"), try node.operand("b"))
        case "IsArrayStmt": .isArray(try node.operand("source"))
        case "IsObjectStmt": .isObject(try node.operand("source"))
        case "IsSetStmt": .isSet(try node.operand("source"))
        case "IsDefinedStmt": .isDefined(try node.local("source"))
        case "IsUndefinedStmt": .isUndefined(try node.local("source"))
        case "NopStmt": .nop
        default: nil
        }
    }

    private static func controlling(
        _ type: String, _ node: PlanNode, _ depth: Int
    ) throws(GatehouseError) -> IR.Operation? {
        func inner(_ node: PlanNode) throws(GatehouseError) -> IR.Block { try block(node, depth + 1) }
        func operand(_ node: PlanNode) throws(GatehouseError) -> IR.Operand { try node.operand() }
        switch type {
        case "BlockStmt": return .block(try node.list("blocks").map(inner))
        case "BreakStmt": return .break(try node.local("index"))
        case "CallStmt":
            return .call(
                function: try node.text("func"), arguments: try node.list("args").map(operand),
                result: try node.local("result"))
        case "CallDynamicStmt":
            return .callDynamic(
                path: try node.list("path").map(operand),
                arguments: try node.list("args").map { node throws(GatehouseError) in try node.local() },
                result: try node.local("result"))
        case "NotStmt": return .not(try inner(node.member("block")))
        case "ResultSetAddStmt": return .resultSetAdd(try node.local("value"))
        case "ReturnLocalStmt": return .returnLocal(try node.local("source"))
        case "ScanStmt":
            return .scan(
                source: try node.local("source"), key: try node.local("key"), value: try node.local("value"),
                block: try inner(node.member("block")))
        case "WithStmt":
            return .with(
                local: try node.local("local"),
                path: try node.list("path").map { node throws(GatehouseError) in try node.local() },
                value: try node.operand("value"), block: try inner(node.member("block")))
        default: return nil
        }
    }
}
