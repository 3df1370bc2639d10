import TestSupport
@testable import Rego

/// Random changes to documents.
extension SeededRandom {
    mutating func change(
        _ input: RegoValue, _ data: RegoValue, at unknowns: [String]
    ) -> (RegoValue, RegoValue) {
        var (input, data) = (input, data)
        for unknown in unknowns {
            let path = unknown.split(separator: ".").map(String.init)
            if path[0] == "input" { change(&input, path.dropFirst()) } else { change(&data, path.dropFirst()) }
        }
        return (input, data)
    }

    /// Documents with nothing in them that partial evaluation knew.
    func onlyUnknown(_ input: RegoValue, _ data: RegoValue, at unknowns: [String]) -> (RegoValue?, RegoValue) {
        let hasInput = unknowns.contains { $0.hasPrefix("input") }
        var left: RegoValue = [:]
        for unknown in unknowns where unknown.hasPrefix("data") {
            let path = unknown.split(separator: ".").map(String.init).dropFirst()
            var value: RegoValue? = data
            for name in path { value = value?[RegoValue(name)] }
            if let value { left = left.replacing(path, with: value) }
        }
        return (hasInput ? input : nil, left)
    }

    private mutating func change(_ value: inout RegoValue, _ path: ArraySlice<String>) {
        var inner: RegoValue = value
        for name in path { inner = inner[RegoValue(name)] ?? .null }
        var pool: [RegoValue] = [1, 2, 3, "a", "b", true, false, .null, [], [:]]
        collect(inner, &pool)
        value = value.replacing(path, with: changed(inner, pool))
    }

    private func collect(_ value: RegoValue, _ pool: inout [RegoValue]) {
        switch value {
        case .array(let array): for element in array { collect(element, &pool) }
        case .object(let object): for (_, member) in object { collect(member, &pool) }
        default: pool.append(value)
        }
    }

    private mutating func changed(_ value: RegoValue, _ pool: [RegoValue]) -> RegoValue {
        if Int.random(in: 0..<6, using: &self) == 0 { return pool.randomElement(using: &self) ?? value }
        switch value {
        case .array(let array):
            var elements: [RegoValue] = []
            for element in array where Int.random(in: 0..<6, using: &self) > 0 {
                elements.append(changed(element, pool))
            }
            return .array(RegoArray(elements))
        case .object(let object):
            var members: [(RegoValue, RegoValue)] = []
            for (key, member) in object where Int.random(in: 0..<6, using: &self) > 0 {
                members.append((key, changed(member, pool)))
            }
            return .object(RegoObject(members))
        default: return value
        }
    }
}
