import Scan

/// Which resource of a cloud leads to which, by key.
struct CloudGraph {
    let resources: [Resource]
    private(set) var byKey: [String: Resource] = [:]
    private(set) var forward: [String: [String]] = [:]
    private(set) var backward: [String: [String]] = [:]

    init(_ all: [Resource]) {
        resources = all.filter { $0.format == .terraform || $0.format == .cloudformation }
        for resource in resources where byKey[resource.key] == nil { byKey[resource.key] = resource }
        for resource in resources {
            var found: [String] = []
            resource.body.collectReferences(into: &found)
            for target in found where byKey[target] != nil && target != resource.key {
                if forward[resource.key]?.contains(target) != true {
                    forward[resource.key, default: []].append(target)
                    backward[target, default: []].append(resource.key)
                }
            }
        }
    }

    func type(_ key: String) -> String { byKey[key]?.type ?? "" }

    func isElement(_ key: String) -> Bool {
        CloudTypes.stores.contains(type(key)) || CloudTypes.processes.contains(type(key))
    }

    /// Elements that a part of a resource refers to; through what is a part of others.
    func elements(from node: ResourceNode) -> [String] {
        var found: [String] = []
        node.collectReferences(into: &found)
        return reach(from: found, through: CloudTypes.parts.contains)
    }

    /// Elements reached from these, not passing through any.
    private func reach(from start: [String], through passes: (String) -> Bool) -> [String] {
        var seen: Set<String> = []
        var found: [String] = []
        var open = start
        while let key = open.popLast(), seen.count < 2_000 {
            guard seen.insert(key).inserted else { continue }
            if isElement(key) { found.append(key) } else if passes(type(key)) { open += forward[key] ?? [] }
        }
        return found.sorted()
    }

    /// What a process refers to itself.
    func used(by key: String) -> [String] { reach(from: forward[key] ?? [], through: CloudTypes.parts.contains) }

    /// The network that it stands in.
    func network(of key: String) -> Resource? {
        var seen: Set<String> = []
        var open = forward[key] ?? []
        while let next = open.popLast(), seen.count < 500 {
            guard seen.insert(next).inserted else { continue }
            if CloudTypes.networks.contains(type(next)) { return byKey[next] }
            if CloudTypes.withinNetworks.contains(type(next)) || CloudTypes.parts.contains(type(next)) {
                open += forward[next] ?? []
            }
        }
        return nil
    }

    /// What of rights leads to what: identities and policies, in either direction, until something else is met.
    func aroundRights(of key: String) -> Set<String> {
        var seen: Set<String> = [key]
        var open = [key]
        while let next = open.popLast(), seen.count < 2_000 {
            for neighbour in (forward[next] ?? []) + (backward[next] ?? []) where seen.insert(neighbour).inserted {
                if Self.isRights(type(neighbour)) { open.append(neighbour) }
            }
        }
        return seen
    }

    static func isRights(_ type: String) -> Bool {
        type.hasPrefix("aws_iam_") || type == "data.aws_iam_policy_document" || type == "aws_lambda_alias"
    }

    /// The elements that a resource says something of: itself; what it is a setting of; who holds it.
    func subjects(of key: String) -> [String] {
        if isElement(key) { return [key] }
        if Self.isRights(type(key)) {
            return aroundRights(of: key).filter { CloudTypes.processes.contains(type($0)) }.sorted()
        }
        let owned = (forward[key] ?? []).filter { isElement($0) && type(key).hasPrefix(Self.family(type($0))) }
        if !owned.isEmpty { return owned.sorted() }
        var found: Set<String> = []
        var open = backward[key] ?? []
        var seen: Set<String> = []
        while let next = open.popLast(), seen.count < 500 {
            guard seen.insert(next).inserted else { continue }
            if isElement(next) {
                found.insert(next)
            } else if CloudTypes.parts.contains(type(next)) {
                open += backward[next] ?? []
            }
        }
        return found.sorted()
    }

    /// `aws_api_gateway` of `aws_api_gateway_rest_api`: what settings of it begin with.
    private static func family(_ type: String) -> String {
        switch type {
        case "aws_api_gateway_rest_api": "aws_api_gateway"
        case "aws_apigatewayv2_api": "aws_apigatewayv2"
        case "aws_lambda_function": "aws_lambda"
        case "aws_rds_cluster": "aws_rds"
        case "aws_alb": "aws_"
        default: type
        }
    }
}
