/// `graph.*` and `walk`.
enum GraphBuiltins {
    private static let edges = RegoType.either(.anySet, .anyArray)
    private static let graph = RegoType.object(.any, edges)

    static let all: [Builtin] = [
        Builtin("graph.reachable", [graph, edges], .anySet, run: reachable),
        Builtin("graph.reachable_paths", [graph, edges], .set(.anyArray), run: reachablePaths),
        Builtin(
            "walk", Builtin.Declaration([.any], .array([.anyArray, .any], rest: nil), isRelation: true), run: walk),
    ]

    private static func reachable(
        _ arguments: [RegoValue], _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        let graph = try arguments.object(0)
        var waiting = try arguments.elements(1)
        var reached = RegoSet()
        while let node = waiting.popLast() {
            try context.charge(steps: 1)
            guard let neighbours = graph[node], reached.insert(node) else { continue }
            for neighbour in Self.neighbours(neighbours) where !reached.contains(neighbour) {
                waiting.append(neighbour)
            }
        }
        return .set(reached)
    }

    private static func neighbours(_ value: RegoValue) -> [RegoValue] {
        switch value {
        case .array(let array): array.elements
        case .set(let set): Array(set)
        default: []
        }
    }

    private static func reachablePaths(
        _ arguments: [RegoValue], _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        let graph = try arguments.object(0)
        var paths = RegoSet()
        for start in try arguments.elements(1) {
            guard let edges = graph[start] else { continue }
            let neighbours = neighbours(edges)
            if neighbours.isEmpty { paths.insert([start]) }
            for neighbour in neighbours {
                var reached: RegoSet = [start]
                try extend([start], by: neighbour, in: graph, &reached, &paths, context)
            }
        }
        return .set(paths)
    }

    /// A path ends where a node is no part of the graph, has no neighbours, or has one that was passed before: on this
    /// path or, as OPA has it, on one that went the same way from the start.
    private static func extend(
        _ path: RegoArray, by node: RegoValue, in graph: RegoObject, _ reached: inout RegoSet,
        _ paths: inout RegoSet, _ context: BuiltinContext
    ) throws(BuiltinError) {
        try context.charge(steps: path.count + 1)
        guard path.count < EvaluationLimits.depth else { throw .failure("a path is longer than \(path.count) nodes") }
        guard let edges = graph[node] else {
            paths.insert(.array(path))
            return
        }
        var path = path
        path.append(node)
        try context.charge(memory: path.size)
        let neighbours = neighbours(edges)
        if neighbours.isEmpty { paths.insert(.array(path)) }
        for neighbour in neighbours {
            if reached.contains(neighbour) {
                paths.insert(.array(path))
            } else {
                reached.insert(node)
                try extend(path, by: neighbour, in: graph, &reached, &paths, context)
            }
        }
    }

    /// All pairs of path and value, each container before its parts.
    private static func walk(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        var pairs = RegoArray()
        try walk(arguments[0], RegoArray(), &pairs, context)
        return .array(pairs)
    }

    private static func walk(
        _ value: RegoValue, _ path: RegoArray, _ pairs: inout RegoArray, _ context: BuiltinContext
    ) throws(BuiltinError) {
        try context.charge(steps: path.count + 1)
        try context.charge(memory: Size.product(path.count + 2, 40))
        pairs.append([.array(path), value])
        func step(_ key: RegoValue, _ inner: RegoValue) throws(BuiltinError) {
            var path = path
            path.append(key)
            try walk(inner, path, &pairs, context)
        }
        switch value {
        case .array(let array): for (index, inner) in array.enumerated() { try step(RegoValue(index), inner) }
        case .object(let object): for (key, inner) in object { try step(key, inner) }
        case .set(let set): for inner in set { try step(inner, inner) }
        default: break
        }
    }
}
