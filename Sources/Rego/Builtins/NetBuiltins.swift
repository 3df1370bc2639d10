/// `net.*`
enum NetBuiltins {
    private static let network = RegoType.either(.string, .anyArray)
    private static let networks = RegoType.either(
        .string, .array(of: network), .set(network), .object(.any, network))

    static let all: [Builtin] = [
        Builtin("net.cidr_contains", [.string, .string], .boolean, run: contains),
        Builtin(
            "net.cidr_contains_matches", [networks, networks], .set(.array([.any, .any], rest: nil)),
            run: containsMatches),
        Builtin("net.cidr_expand", [.string], .set(.string), run: expand),
        Builtin("net.cidr_intersects", [.string, .string], .boolean, run: intersects),
        Builtin("net.cidr_overlap", [.string, .string], .boolean, run: contains),
        Builtin("net.cidr_is_valid", [.any], .boolean) { arguments, _ in
            .bool(arguments[0].text.flatMap { IPNetwork($0) } != nil)
        },
        Builtin("net.cidr_merge", [.either(.array(of: .any), .set(.string))], .set(.string), run: merge),
        Builtin("net.lookup_ip_addr", [.string], .set(.string), isPure: false) { _, _ throws(BuiltinError) in
            throw .failure("looking up names is not allowed here")
        },
    ]

    private static func network(_ text: String) throws(BuiltinError) -> IPNetwork {
        guard let network = IPNetwork(text) else { throw .failure("invalid CIDR address: \(text)") }
        return network
    }

    private static func contains(_ arguments: [RegoValue], _: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        .bool(try contains(try arguments.text(0), try arguments.text(1)))
    }

    private static func contains(_ outer: String, _ inner: String) throws(BuiltinError) -> Bool {
        let outer = try network(outer)
        if let address = IPAddress(inner) { return outer.contains(address) }
        let inner = try network(inner)
        return outer.contains(inner.first) && outer.contains(inner.last)
    }

    private static func intersects(_ arguments: [RegoValue], _: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let (left, right) = (try network(try arguments.text(0)), try network(try arguments.text(1)))
        return .bool(left.contains(right.first) || right.contains(left.first))
    }

    private static func containsMatches(
        _ arguments: [RegoValue], _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        let (outer, inner) = (try entries(arguments, 0), try entries(arguments, 1))
        var matches = RegoSet()
        for (outerKey, outerText) in outer {
            try context.charge(steps: inner.count * 4 + 1)
            for (innerKey, innerText) in inner where try contains(outerText, innerText) {
                matches.insert([outerKey, innerKey])
            }
        }
        return .set(matches)
    }

    /// What names each network in the result, and its text.
    private static func entries(_ arguments: [RegoValue], _ at: Int) throws(BuiltinError) -> [(RegoValue, String)] {
        var entries: [(RegoValue, String)] = []
        func add(_ key: RegoValue, _ element: RegoValue) throws(BuiltinError) {
            guard let text = element.text ?? element.array?.first?.text else {
                throw .failure("operand \(at + 1): element must be string or non-empty array")
            }
            entries.append((key, text))
        }
        switch arguments[at] {
        case .string: try add(arguments[at], arguments[at])
        case .array(let array): for (index, element) in array.enumerated() { try add(RegoValue(index), element) }
        case .set(let set): for element in set { try add(element, element) }
        case .object(let object): for (key, element) in object { try add(key, element) }
        default: throw .operand(at + 1, arguments[at], mustBe: .string, .array, .set, .object)
        }
        return entries
    }

    private static func expand(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let network = try network(try arguments.text(0))
        let count = Int(clamping: network.last.bits - network.first.bits)
        try context.charge(steps: Size.sum(count, 1))
        try context.charge(memory: Size.product(Size.sum(count, 1), 100))
        var addresses = RegoSet()
        var address = network.first
        while true {
            addresses.insert(RegoValue(address.text))
            if address == network.last { return .set(addresses) }
            address.bits += 1
        }
    }

    private static func merge(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        var networks: [IPNetwork] = []
        for text in try arguments.texts(0) { networks.append(try networkOrAddress(text)) }
        try context.charge(steps: networks.count * 8)
        var merged = RegoSet()
        for isV4 in [true, false] {
            let sorted = networks.filter { $0.first.isV4 == isV4 }.sorted { $0.first.bits < $1.first.bits }
            for range in ranges(sorted) {
                for network in cover(range, isV4) { merged.insert(RegoValue(network.text)) }
            }
        }
        return .set(merged)
    }

    /// An address alone stands for the network of its historical class.
    private static func networkOrAddress(_ text: String) throws(BuiltinError) -> IPNetwork {
        guard !text.contains("/") else { return try network(text) }
        guard let address = IPAddress(text) else { throw .failure("invalid IP address: \(text)") }
        guard address.isV4 else { throw .failure("IPv6 invalid: needs prefix length") }
        let top = address.bits >> 24
        return IPNetwork(address, prefix: top < 128 ? 8 : top < 192 ? 16 : top < 224 ? 24 : 32)
    }

    private static func ranges(_ networks: [IPNetwork]) -> [ClosedRange<UInt128>] {
        var ranges: [ClosedRange<UInt128>] = []
        for network in networks {
            let (first, last) = (network.first.bits, network.last.bits)
            if let previous = ranges.last, previous.upperBound == .max || first <= previous.upperBound + 1 {
                ranges[ranges.count - 1] = previous.lowerBound...max(previous.upperBound, last)
            } else {
                ranges.append(first...last)
            }
        }
        return ranges
    }

    /// The fewest networks that hold exactly the range.
    private static func cover(_ range: ClosedRange<UInt128>, _ isV4: Bool) -> [IPNetwork] {
        let width = isV4 ? 32 : 128
        var networks: [IPNetwork] = []
        var first = range.lowerBound
        while true {
            let rest = range.upperBound - first
            let fitting = rest == .max ? 128 : 127 - (rest + 1).leadingZeroBitCount
            let host = min(min(first == 0 ? width : first.trailingZeroBitCount, fitting), width)
            let network = IPNetwork(IPAddress(first, isV4: isV4), prefix: width - host)
            networks.append(network)
            let last = network.last.bits
            if last >= range.upperBound { return networks }
            first = last + 1
        }
    }
}
