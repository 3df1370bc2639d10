import JSON

/// Functions over lists and objects.
enum ListFunctions {
    static let all: [ExpressionFunction] = [
        ExpressionFunction("length", "text, list or object", 1...1, length),
        ExpressionFunction("first", "list", 1...1) { call throws(ExpressionProblem) in try call.list(0).first ?? .null
        },
        ExpressionFunction("last", "list", 1...1) { call throws(ExpressionProblem) in try call.list(0).last ?? .null },
        ExpressionFunction("keys", "object", 1...1) { call throws(ExpressionProblem) in
            let object = try call.object(0)
            try call.meter.spend(object.count)
            return .array(object.keys.map { .string($0) })
        },
        ExpressionFunction("values", "object", 1...1) { call throws(ExpressionProblem) in
            let object = try call.object(0)
            try call.meter.spend(object.count)
            return .array(object.map(\.value))
        },
        ExpressionFunction("sort", "list", 1...1, sort),
        ExpressionFunction("unique", "list", 1...1, unique),
        ExpressionFunction("slice", "list, from, to", 2...3, slice),
        ExpressionFunction("where", "list, 'member', value", 3...3, filter),
        ExpressionFunction("pluck", "list, 'member'", 2...2, pluck),
        ExpressionFunction("sum", "list", 1...1, sum),
        ExpressionFunction("min", "list", 1...1) { call throws(ExpressionProblem) in try extreme(&call) { $0 < 0 } },
        ExpressionFunction("max", "list", 1...1) { call throws(ExpressionProblem) in try extreme(&call) { $0 > 0 } },
    ]

    /// Of a text, in code points.
    private static func length(_ call: inout FunctionCall) throws(ExpressionProblem) -> JSON {
        switch call.arguments[0] {
        case .string(let text):
            try call.meter.spend(bytes: text.utf8.count)
            return JSON(text.unicodeScalars.count)
        case .array(let elements): return JSON(elements.count)
        case .object(let object): return JSON(object.count)
        default: throw call.mismatch(0, "a text, a list or an object")
        }
    }

    /// Numbers by value or texts by code point; merges, so that what is equal keeps its order.
    private static func sort(_ call: inout FunctionCall) throws(ExpressionProblem) -> JSON {
        var list = try call.list(0)
        var width = 1
        while width < list.count {
            var merged: [JSON] = []
            merged.reserveCapacity(list.count)
            for start in stride(from: 0, to: list.count, by: width * 2) {
                let middle = min(start + width, list.count)
                let end = min(start + width * 2, list.count)
                try merge(list[start..<middle], list[middle..<end], into: &merged, &call)
            }
            list = merged
            width *= 2
        }
        if list.count == 1 { _ = try order(list[0], list[0], &call) }
        return .array(list)
    }

    private static func merge(
        _ left: ArraySlice<JSON>, _ right: ArraySlice<JSON>, into out: inout [JSON], _ call: inout FunctionCall
    ) throws(ExpressionProblem) {
        var (left, right) = (left, right)
        while let first = left.first, let second = right.first {
            let isLeft = try order(first, second, &call) <= 0
            out.append(isLeft ? left.removeFirst() : right.removeFirst())
        }
        out += left + right
    }

    private static func order(_ a: JSON, _ b: JSON, _ call: inout FunctionCall) throws(ExpressionProblem) -> Int {
        guard let order = try ComparableValue.order(a, b, &call.meter) else {
            throw ExpressionProblem(
                "\(call.function.name) needs numbers only or texts only, not \(a.kindName) beside \(b.kindName)",
                column: 0, hint: FunctionCall.hint(a.isNull || b.isNull))
        }
        return order
    }

    /// The first of those that are equal stays.
    private static func unique(_ call: inout FunctionCall) throws(ExpressionProblem) -> JSON {
        var (seen, kept): (Set<ComparableValue>, [JSON]) = ([], [])
        for element in try call.list(0) {
            try call.meter.spend(on: element)
            if seen.insert(ComparableValue(element)).inserted { kept.append(element) }
        }
        return .array(kept)
    }

    /// From 0; `to` is left out itself. Below 0 counts from the end; what lies beyond is cut.
    private static func slice(_ call: inout FunctionCall) throws(ExpressionProblem) -> JSON {
        let list = try call.list(0)
        let start = place(try call.whole(1), in: list.count)
        let end = call.arguments.count > 2 ? place(try call.whole(2), in: list.count) : list.count
        guard start < end else { return [] }
        try call.meter.spend(end - start)
        return .array(Array(list[start..<end]))
    }

    private static func place(_ index: Int, in count: Int) -> Int {
        index < 0 ? max(0, count + max(index, -count)) : min(index, count)
    }

    private static func filter(_ call: inout FunctionCall) throws(ExpressionProblem) -> JSON {
        let (list, member) = (try call.list(0), try call.text(1))
        var kept: [JSON] = []
        for element in list {
            let value = element[member] ?? .null
            try call.meter.spend()
            try call.meter.spend(on: value)
            if ComparableValue(value).isEqual(to: call.arguments[2]) { kept.append(element) }
        }
        return .array(kept)
    }

    private static func pluck(_ call: inout FunctionCall) throws(ExpressionProblem) -> JSON {
        let (list, member) = (try call.list(0), try call.text(1))
        try call.meter.spend(list.count)
        return .array(list.map { $0[member] ?? .null })
    }

    /// Exact as long as all are whole.
    private static func sum(_ call: inout FunctionCall) throws(ExpressionProblem) -> JSON {
        let list = try call.list(0)
        try call.meter.spend(on: .array(list))
        if let odd = list.first(where: { $0.number == nil }) {
            throw ExpressionProblem("sum needs numbers only, not \(odd.kindName)", column: 0)
        }
        let whole = list.compactMap(\.int)
        let total = whole.count == list.count ? exactSum(whole) : JSON(list.compactMap(\.double).reduce(0, +))
        guard let total else { throw ExpressionProblem("the sum is out of range", column: 0) }
        return total
    }

    private static func exactSum(_ numbers: [Int]) -> JSON? {
        var total = 0
        for number in numbers {
            let (sum, overflows) = total.addingReportingOverflow(number)
            guard !overflows else { return nil }
            total = sum
        }
        return JSON(total)
    }

    /// Null of an empty list.
    private static func extreme(
        _ call: inout FunctionCall, _ isBetter: (Int) -> Bool
    ) throws(ExpressionProblem) -> JSON {
        let list = try call.list(0)
        guard var best = list.first else { return .null }
        for element in list {
            if isBetter(try order(element, best, &call)) { best = element }
        }
        return best
    }
}
