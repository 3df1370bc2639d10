enum TypeFunctions {
    static let all: [HCLFunction] = [
        HCLFunction("tobool", 1...1) { a throws(HCLFunctionProblem) in
            if a[0].isNull { return .null }
            guard let bool = a[0].boolValue else { throw HCLFunctionProblem("\(a[0].kindName) is no bool") }
            return .bool(bool)
        },
        HCLFunction("tonumber", 1...1) { a throws(HCLFunctionProblem) in
            a[0].isNull ? .null : .number(try a.number(0))
        },
        HCLFunction("tostring", 1...1) { a throws(HCLFunctionProblem) in
            a[0].isNull ? .null : .string(try a.text(0))
        },
        HCLFunction("tolist", 1...1) { a throws(HCLFunctionProblem) in a[0].isNull ? .null : .list(try a.list(0)) },
        HCLFunction("toset", 1...1) { a throws(HCLFunctionProblem) in a[0].isNull ? .null : .makeSet(try a.list(0)) },
        HCLFunction("tomap", 1...1) { a throws(HCLFunctionProblem) in
            a[0].isNull ? .null : .object(try a.object(0))
        },
        HCLFunction("list", 0...) { a throws(HCLFunctionProblem) in .list(a.values) },
        HCLFunction("type", 1...1) { a throws(HCLFunctionProblem) in .string(name(a[0])) },
        HCLFunction("sensitive", 1...1, acceptsUnknown: true) { a throws(HCLFunctionProblem) in a[0] },
        HCLFunction("nonsensitive", 1...1, acceptsUnknown: true) { a throws(HCLFunctionProblem) in a[0] },
        HCLFunction("ephemeralasnull", 1...1, acceptsUnknown: true) { a throws(HCLFunctionProblem) in a[0] },
        HCLFunction("issensitive", 1...1) { a throws(HCLFunctionProblem) in .unknown(HCLUnknown()) },
        HCLFunction("defaults", 2...2) { a throws(HCLFunctionProblem) in
            .object(try a.object(1).merging(try a.object(0)))
        },
    ]

    private static func name(_ value: HCLValue) -> String {
        switch value {
        case .null: "dynamic"
        case .bool: "bool"
        case .number: "number"
        case .string: "string"
        case .list: "tuple"
        case .set: "set"
        case .object, .unknown: "object"
        }
    }
}
