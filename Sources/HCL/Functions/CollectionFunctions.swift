enum CollectionFunctions {
    static let all: [HCLFunction] = lists + objects + choices

    private static let lists: [HCLFunction] = [
        HCLFunction("chunklist", 2...2) { a throws(HCLFunctionProblem) in
            let (elements, size) = (try a.list(0), try a.integer(1))
            guard size >= 0 else { throw HCLFunctionProblem("a chunk has no negative size") }
            guard size > 0 else { return .list([.list(elements)]) }
            return .list(
                stride(from: 0, to: elements.count, by: size).map {
                    .list(Array(elements[$0..<min($0 + size, elements.count)]))
                })
        },
        HCLFunction("compact", 1...1) { a throws(HCLFunctionProblem) in
            .list(try a.list(0).filter { $0 != .string("") && !$0.isNull })
        },
        HCLFunction("concat", 1...) { a throws(HCLFunctionProblem) in
            var out: [HCLValue] = []
            for at in 0..<a.count { out += try a.list(at) }
            return try bounded(out)
        },
        HCLFunction("distinct", 1...1) { a throws(HCLFunctionProblem) in
            var seen: Set<HCLValue> = []
            return .list(try a.list(0).filter { seen.insert($0).inserted })
        },
        HCLFunction("element", 2...2) { a throws(HCLFunctionProblem) in
            let (elements, index) = (try a.list(0), try a.integer(1))
            guard !elements.isEmpty else { throw HCLFunctionProblem("the list is empty") }
            return elements[((index % elements.count) + elements.count) % elements.count]
        },
        HCLFunction("flatten", 1...1) { a throws(HCLFunctionProblem) in
            var out: [HCLValue] = []
            try flatten(.list(try a.list(0)), into: &out, depth: 0)
            return .list(out)
        },
        HCLFunction("index", 2...2) { a throws(HCLFunctionProblem) in
            guard let index = try a.list(0).firstIndex(of: a[1]) else {
                throw HCLFunctionProblem("the list has no such element")
            }
            return .integer(index)
        },
        HCLFunction("length", 1...1) { a throws(HCLFunctionProblem) in
            if let elements = a[0].elements { return .integer(elements.count) }
            if let object = a[0].object { return .integer(object.members.count) }
            return .integer(try a.text(0).count)
        },
        HCLFunction("range", 1...3) { a throws(HCLFunctionProblem) in try range(a) },
        HCLFunction("reverse", 1...1) { a throws(HCLFunctionProblem) in .list(try a.list(0).reversed()) },
        HCLFunction("slice", 3...3) { a throws(HCLFunctionProblem) in
            let (elements, start, end) = (try a.list(0), try a.integer(1), try a.integer(2))
            guard start >= 0, start <= end, end <= elements.count else {
                throw HCLFunctionProblem("the list does not reach from \(start) to \(end)")
            }
            return .list(Array(elements[start..<end]))
        },
        HCLFunction("sort", 1...1) { a throws(HCLFunctionProblem) in
            .list(try a.texts(0).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { .string($0) })
        },
    ]

    private static let objects: [HCLFunction] = [
        HCLFunction("keys", 1...1) { a throws(HCLFunctionProblem) in
            .list(try a.object(0).members.map { .string($0.key) })
        },
        HCLFunction("values", 1...1) { a throws(HCLFunctionProblem) in .list(try a.object(0).members.map(\.value)) },
        HCLFunction("lookup", 2...3) { a throws(HCLFunctionProblem) in
            if let found = try a.object(0)[try a.text(1)] { return found }
            guard a.count == 3 else { throw HCLFunctionProblem("there is no member \(try a.text(1).prefix(80))") }
            return a[2]
        },
        HCLFunction("map", 0...) { a throws(HCLFunctionProblem) in
            guard a.count.isMultiple(of: 2) else { throw HCLFunctionProblem("map takes pairs") }
            var members: [(String, HCLValue)] = []
            for at in stride(from: 0, to: a.count, by: 2) { members.append((try a.text(at), a[at + 1])) }
            return .object(HCLObject(members))
        },
        HCLFunction("merge", 0...) { a throws(HCLFunctionProblem) in
            var members: [(String, HCLValue)] = []
            for at in 0..<a.count where !a[at].isNull {
                members += try a.object(at).members.map { ($0.key, $0.value) }
            }
            return .object(HCLObject(members))
        },
        HCLFunction("transpose", 1...1) { a throws(HCLFunctionProblem) in
            var out: [String: [String]] = [:]
            for member in try a.object(0).members {
                for text in try HCLArguments(values: [member.value]).texts(0) {
                    out[text, default: []].append(member.key)
                }
            }
            return .object(HCLObject(out.map { ($0.key, .list($0.value.map { .string($0) })) }))
        },
        HCLFunction("zipmap", 2...2) { a throws(HCLFunctionProblem) in
            let (keys, values) = (try a.texts(0), try a.list(1))
            guard keys.count == values.count else { throw HCLFunctionProblem("the lists differ in length") }
            return .object(HCLObject(zip(keys, values)))
        },
        HCLFunction("matchkeys", 3...3) { a throws(HCLFunctionProblem) in
            let (values, keys, wanted) = (try a.list(0), try a.list(1), Set(try a.list(2)))
            return .list(zip(values, keys).filter { wanted.contains($0.1) }.map(\.0))
        },
    ]

    private static let choices: [HCLFunction] = [
        HCLFunction("alltrue", 1...1) { a throws(HCLFunctionProblem) in
            try decide(try a.list(0), wanted: true) { $0.allSatisfy { $0 } }
        },
        HCLFunction("anytrue", 1...1) { a throws(HCLFunctionProblem) in
            try decide(try a.list(0), wanted: false) { $0.contains(true) }
        },
        HCLFunction("coalesce", 1...) { a throws(HCLFunctionProblem) in
            guard let first = a.values.first(where: { !$0.isNull && $0 != .string("") }) else {
                throw HCLFunctionProblem("every argument is null or empty")
            }
            return first
        },
        HCLFunction("coalescelist", 1...) { a throws(HCLFunctionProblem) in
            for at in 0..<a.count where !(try a.list(at).isEmpty) { return a[at] }
            throw HCLFunctionProblem("every list is empty")
        },
        HCLFunction("contains", 2...2) { a throws(HCLFunctionProblem) in
            let elements = try a.list(0)
            if elements.contains(a[1]) { return .bool(true) }
            if let unknown = a[0].unknowns { return .unknown(unknown) }
            return .bool(false)
        },
        HCLFunction("one", 1...1) { a throws(HCLFunctionProblem) in
            let elements = try a.list(0)
            guard elements.count <= 1 else { throw HCLFunctionProblem("the list has more than one element") }
            return elements.first ?? .null
        },
    ]

    static func bounded(_ elements: [HCLValue]) throws(HCLFunctionProblem) -> HCLValue {
        guard elements.count <= HCLBudget.elements else {
            throw HCLFunctionProblem("the list has more than \(HCLBudget.elements) elements")
        }
        return .list(elements)
    }

    private static func decide(
        _ elements: [HCLValue], wanted: Bool, _ judge: ([Bool]) -> Bool
    ) throws(HCLFunctionProblem) -> HCLValue {
        var bools: [Bool] = []
        for element in elements where !element.isUnknown { bools.append(element.boolValue ?? false) }
        // One element may decide whatever the others are.
        if bools.contains(!wanted) { return .bool(judge(bools)) }
        if let unknown = HCLValue.list(elements).unknowns {
            return .unknown(HCLUnknown(references: unknown.references))
        }
        return .bool(judge(bools))
    }

    private static func flatten(_ value: HCLValue, into out: inout [HCLValue], depth: Int) throws(HCLFunctionProblem) {
        guard let elements = value.elements else { return out.append(value) }
        guard depth < 64, out.count + elements.count <= HCLBudget.elements else {
            throw HCLFunctionProblem("the list becomes too large")
        }
        for element in elements { try flatten(element, into: &out, depth: depth + 1) }
    }

    private static func range(_ a: HCLArguments) throws(HCLFunctionProblem) -> HCLValue {
        let start = a.count > 1 ? try a.number(0) : 0
        let end = try a.number(a.count > 1 ? 1 : 0)
        let step = a.count > 2 ? try a.number(2) : end < start ? -1 : 1
        guard step != 0, (end - start) * step >= 0 else { throw HCLFunctionProblem("the range never ends") }
        guard ((end - start) / step) <= 1024 * 16 else { throw HCLFunctionProblem("the range is too long") }
        return .list(stride(from: start, to: end, by: step).map { .number($0) })
    }
}
