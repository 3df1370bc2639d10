public import Rego

/// Queries whose evaluation a `Tracer` sees, compiled anew each time: they are slower, and seldom asked.
extension PolicySnapshot {
    /// - Throws: as ``prepare(path:)``. A path that only a plan defines is seen from outside.
    public func prepareObserved(path: [String]) throws -> PreparedQuery {
        if policy.plannedPaths.contains(where: { $0.path == path }) { return try prepare(path: path) }
        return try observed(.document(path))
    }

    /// - Throws: as ``prepare(query:)``.
    public func prepareObserved(query text: String) throws -> PreparedQuery {
        try observed(Compiler.Query(name: "query", text: text))
    }

    private func observed(_ query: Compiler.Query) throws -> PreparedQuery {
        let plan = try compiler.compile([query], isObserved: true)
        return try PreparedQuery(
            try Program(plan, builtins: compiler.options.builtins), entryPoint: query.name)
    }
}
