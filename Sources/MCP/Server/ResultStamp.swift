import JSON

/// What the revisions want of every result beside what the application says.
enum ResultStamp {
    /// 2026-07-28: the type, who served, and for lists and contents how long they hold.
    static func modern(_ result: JSON, of method: String, by info: Implementation) -> JSON {
        guard case .object(var object) = result else { return result }
        if object["resultType"] == nil { object["resultType"] = .string(ResultType.complete) }
        if mustStateCaching(method), object["resultType"]?.string == ResultType.complete {
            if object["ttlMs"] == nil { object["ttlMs"] = 0 }
            if object["cacheScope"] == nil { object["cacheScope"] = .string(Caching.Scope.private.rawValue) }
        }
        switch object["_meta"] {
        case nil: object["_meta"] = [MetaKey.serverInfo: info.json]
        case .object(var meta)? where meta[MetaKey.serverInfo] == nil:
            meta[MetaKey.serverInfo] = info.json
            object["_meta"] = .object(meta)
        default: break
        }
        return .object(object)
    }

    /// Before: none of it.
    static func legacy(_ result: JSON) -> JSON {
        guard case .object(var object) = result else { return result }
        for key in ["resultType", "ttlMs", "cacheScope"] where object[key] != nil { object[key] = nil }
        return .object(object)
    }

    private static func mustStateCaching(_ method: String) -> Bool {
        switch method {
        case Method.discover, Method.listTools, Method.listResources, Method.listResourceTemplates,
            Method.listPrompts, Method.readResource:
            true
        default: false
        }
    }
}
