public import JSON

extension IR.Policy {
    /// The policy as `opa build -t plan` writes `plan.json`. What the intermediate representation of OPA cannot say,
    /// values made at once, is written as the statements that build them.
    ///
    /// - Parameter builtins: gives the declarations of what is called; one that it lacks is written by name only.
    public func planJSON(builtins registry: BuiltinRegistry = .standard) -> JSON {
        var writer = PlanWriter(strings: strings)
        let plans = plans.map { plan in
            writer.nextLocal = LocalCount.next(after: plan.blocks)
            return JSON.object(["name": .string(plan.name), "blocks": writer.blocks(plan.blocks)])
        }
        let functions = functions.map { function in
            writer.nextLocal = max(
                LocalCount.next(after: function.blocks), (function.parameters.max() ?? 0) + 1, function.result + 1)
            return JSON.object([
                "name": .string(function.name), "params": PlanWriter.list(function.parameters),
                "return": PlanWriter.number(function.result), "blocks": writer.blocks(function.blocks),
                "path": .array(function.path.map { .string($0) }),
            ])
        }
        let declarations = builtins.map { name in
            var members: JSONObject = ["name": .string(name)]
            if let builtin = registry[name] { members["decl"] = builtin.declaration.json }
            return JSON.object(members)
        }
        return [
            "static": [
                "strings": PlanWriter.values(writer.strings), "builtin_funcs": .array(declarations),
                "files": PlanWriter.values(files),
            ],
            "plans": ["plans": .array(plans)], "funcs": ["funcs": .array(functions)],
        ]
    }
}

/// Statements as OPA's plan has them: `{"type": "DotStmt", "stmt": {…}}`.
struct PlanWriter {
    typealias Members = KeyValuePairs<String, JSON>

    private(set) var strings: [String]
    /// The first local that the function at hand does not use.
    var nextLocal = 0
    private var places: [RegoString: Int] = [:]

    init(strings: [String]) {
        self.strings = strings
        for (index, text) in strings.enumerated() { places[RegoString(text)] = index }
    }

    static func number(_ value: Int) -> JSON { .number(JSONNumber(value)) }
    static func list(_ locals: [Int]) -> JSON { .array(locals.map(number)) }
    static func values(_ texts: [String]) -> JSON { .array(texts.map { ["value": .string($0)] }) }

    mutating func blocks(_ blocks: [IR.Block]) -> JSON {
        var written: [JSON] = []
        for each in blocks { written.append(block(each)) }
        return .array(written)
    }

    private mutating func block(_ block: IR.Block) -> JSON {
        var statements: [JSON] = []
        for statement in block.statements {
            switch statement.operation {
            case .makeValue(let value, let target): make(value, target, at: statement.place, into: &statements)
            // For whoever watches an evaluation; no part of the policy.
            case .observe: continue
            default: statements.append(written(statement.operation, at: statement.place))
            }
        }
        return ["stmts": .array(statements)]
    }

    private mutating func written(_ operation: IR.Operation, at place: IR.Place?) -> JSON {
        let (type, members) = making(operation) ?? testing(operation) ?? controlling(operation)
        var statement = JSONObject(members.map { ($0.key, $0.value) })
        if let place {
            statement["file"] = Self.number(place.file)
            statement["col"] = Self.number(place.column)
            statement["row"] = Self.number(place.row)
        }
        return ["type": .string("\(type)Stmt"), "stmt": .object(statement)]
    }

    private func operand(_ operand: IR.Operand) -> JSON {
        switch operand {
        case .local(let local): ["type": "local", "value": Self.number(local)]
        case .bool(let bool): ["type": "bool", "value": .bool(bool)]
        case .string(let index): ["type": "string_index", "value": Self.number(index)]
        }
    }

    // MARK: Statements

    private func making(_ operation: IR.Operation) -> (String, Members)? {
        switch operation {
        case .arrayAppend(let value, let array):
            ("ArrayAppend", ["value": operand(value), "array": Self.number(array)])
        case .assignInt(let value, let target):
            ("AssignInt", ["value": Self.number(value), "target": Self.number(target)])
        case .assignVar(let source, let target):
            ("AssignVar", ["source": operand(source), "target": Self.number(target)])
        case .assignVarOnce(let source, let target):
            ("AssignVarOnce", ["source": operand(source), "target": Self.number(target)])
        case .len(let source, let target): ("Len", ["source": operand(source), "target": Self.number(target)])
        case .makeArray(let capacity, let target):
            ("MakeArray", ["capacity": Self.number(capacity), "target": Self.number(target)])
        case .makeNull(let target): ("MakeNull", ["target": Self.number(target)])
        case .makeNumberInt(let value, let target):
            ("MakeNumberInt", ["value": Self.number(value), "target": Self.number(target)])
        case .makeNumberRef(let index, let target):
            ("MakeNumberRef", ["Index": Self.number(index), "target": Self.number(target)])
        case .makeObject(let target): ("MakeObject", ["target": Self.number(target)])
        case .makeSet(let target): ("MakeSet", ["target": Self.number(target)])
        case .objectInsert(let key, let value, let object):
            ("ObjectInsert", ["key": operand(key), "value": operand(value), "object": Self.number(object)])
        case .objectInsertOnce(let key, let value, let object):
            ("ObjectInsertOnce", ["key": operand(key), "value": operand(value), "object": Self.number(object)])
        case .objectMerge(let a, let b, let target):
            ("ObjectMerge", ["a": Self.number(a), "b": Self.number(b), "target": Self.number(target)])
        case .resetLocal(let target): ("ResetLocal", ["target": Self.number(target)])
        case .setAdd(let value, let set): ("SetAdd", ["value": operand(value), "set": Self.number(set)])
        default: nil
        }
    }

    private func testing(_ operation: IR.Operation) -> (String, Members)? {
        switch operation {
        case .dot(let source, let key, let target):
            ("Dot", ["source": operand(source), "key": operand(key), "target": Self.number(target)])
        case .equal(let a, let b): ("Equal", ["a": operand(a), "b": operand(b)])
        case .notEqual(let a, let b): ("NotEqual", ["a": operand(a), "b": operand(b)])
        case .isArray(let source): ("IsArray", ["source": operand(source)])
        case .isObject(let source): ("IsObject", ["source": operand(source)])
        case .isSet(let source): ("IsSet", ["source": operand(source)])
        case .isDefined(let local): ("IsDefined", ["source": Self.number(local)])
        case .isUndefined(let local): ("IsUndefined", ["source": Self.number(local)])
        default: nil
        }
    }

    private mutating func controlling(_ operation: IR.Operation) -> (String, Members) {
        switch operation {
        case .block(let inner): return ("Block", ["blocks": blocks(inner)])
        case .break(let index): return ("Break", ["index": Self.number(index)])
        case .call(let function, let arguments, let result):
            let operands = JSON.array(arguments.map(operand))
            return ("Call", ["func": .string(function), "args": operands, "result": Self.number(result)])
        case .callDynamic(let path, let arguments, let result):
            let operands = JSON.array(path.map(operand))
            return (
                "CallDynamic", ["args": Self.list(arguments), "result": Self.number(result), "path": operands]
            )
        case .not(let inner): return ("Not", ["block": block(inner)])
        case .resultSetAdd(let value): return ("ResultSetAdd", ["value": Self.number(value)])
        case .returnLocal(let source): return ("ReturnLocal", ["source": Self.number(source)])
        case .scan(let source, let key, let value, let inner):
            let numbers = [source, key, value].map(Self.number)
            return ("Scan", ["source": numbers[0], "key": numbers[1], "value": numbers[2], "block": block(inner)])
        case .with(let local, let path, let value, let inner):
            return (
                "With",
                [
                    "local": Self.number(local), "path": Self.list(path), "value": operand(value),
                    "block": block(inner),
                ]
            )
        case .nop, .makeValue, .observe: return ("Nop", [:])
        case .arrayAppend, .assignInt, .assignVar, .assignVarOnce, .len, .makeArray, .makeNull, .makeNumberInt,
            .makeNumberRef, .makeObject, .makeSet, .objectInsert, .objectInsertOnce, .objectMerge, .resetLocal, .setAdd,
            .dot, .equal, .notEqual, .isArray, .isObject, .isSet, .isDefined, .isUndefined:
            // Written by the two functions above, which are asked first.
            return ("Nop", [:])
        }
    }

    // MARK: Values made at once

    private mutating func string(_ text: String) -> Int {
        let key = RegoString(text)
        if let known = places[key] { return known }
        places[key] = strings.count
        strings.append(text)
        return strings.count - 1
    }

    private mutating func make(_ value: RegoValue, _ target: Int, at place: IR.Place?, into output: inout [JSON]) {
        switch value {
        case .null: output.append(written(.makeNull(target: target), at: place))
        case .bool, .string:
            let source = source(of: value, at: place, into: &output)
            output.append(written(.assignVar(source: source, target: target), at: place))
        case .number(let number):
            let index = string(number.spelling)
            output.append(written(.makeNumberRef(index: index, target: target), at: place))
        case .array(let elements):
            output.append(written(.makeArray(capacity: elements.count, target: target), at: place))
            for element in elements {
                let source = source(of: element, at: place, into: &output)
                output.append(written(.arrayAppend(value: source, array: target), at: place))
            }
        case .set(let elements):
            output.append(written(.makeSet(target: target), at: place))
            for element in elements {
                let source = source(of: element, at: place, into: &output)
                output.append(written(.setAdd(value: source, set: target), at: place))
            }
        case .object(let members):
            output.append(written(.makeObject(target: target), at: place))
            for (key, value) in members {
                let source = (
                    self.source(of: key, at: place, into: &output), self.source(of: value, at: place, into: &output)
                )
                output.append(
                    written(.objectInsert(key: source.0, value: source.1, object: target), at: place))
            }
        }
    }

    /// What stands for a value in a statement; a new local unless it is a boolean or text.
    private mutating func source(of value: RegoValue, at place: IR.Place?, into output: inout [JSON]) -> IR.Operand {
        switch value {
        case .bool(let bool): return .bool(bool)
        case .string(let text): return .string(string(text.text))
        default:
            let local = nextLocal
            nextLocal += 1
            make(value, local, at: place, into: &output)
            return .local(local)
        }
    }
}

extension Builtin.Declaration {
    fileprivate var json: JSON {
        var members: JSONObject = ["type": "function"]
        let fixed = isVariadic ? arguments.dropLast() : arguments[...]
        members["args"] = .array(fixed.map(\.json))
        if isVariadic { members["variadic"] = arguments.last?.json }
        members["result"] = result?.json
        return .object(members)
    }
}

extension RegoType {
    fileprivate var json: JSON {
        switch self {
        case .any: return ["type": "any"]
        case .null, .boolean, .number, .string: return ["type": .string("\(self)")]
        case .set(let element): return ["type": "set", "of": element.json]
        case .union(let types): return ["type": "any", "of": .array(types.map(\.json))]
        case .array(let fixed, let rest):
            var members: JSONObject = ["type": "array"]
            if !fixed.isEmpty { members["static"] = .array(fixed.map(\.json)) }
            members["dynamic"] = rest?.json
            return .object(members)
        case .object(let fixed, let rest):
            var members: JSONObject = ["type": "object"]
            if !fixed.isEmpty {
                members["static"] = .array(fixed.map { ["key": $0.key.json, "value": $0.type.json] })
            }
            members["dynamic"] = rest.map { ["key": $0.key.json, "value": $0.value.json] }
            return .object(members)
        }
    }
}

enum LocalCount {
    /// The first local that no statement of the blocks uses.
    static func next(after blocks: [IR.Block]) -> Int {
        var greatest = 1
        for block in blocks {
            block.forEachOperation { operation in
                greatest = max(greatest, operation.reads.max() ?? 0, operation.writes.max() ?? 0)
            }
        }
        return greatest + 1
    }
}
