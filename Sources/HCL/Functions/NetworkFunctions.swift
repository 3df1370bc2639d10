/// Terraform's functions on address ranges, IPv4 and IPv6.
enum NetworkFunctions {
    static let all: [HCLFunction] = [
        HCLFunction("cidrhost", 2...2) { a throws(HCLFunctionProblem) in
            let range = try range(a, 0)
            return .string(try range.host(try a.integer(1)).text)
        },
        HCLFunction("cidrnetmask", 1...1) { a throws(HCLFunctionProblem) in
            let range = try range(a, 0)
            guard range.width == 32 else { throw HCLFunctionProblem("only IPv4 ranges have a mask") }
            return .string(AddressRange(bits: range.mask, width: 32, length: 32).text)
        },
        HCLFunction("cidrsubnet", 3...3) { a throws(HCLFunctionProblem) in
            let range = try range(a, 0)
            let subnet = try range.subnet(adding: try a.integer(1), number: try a.integer(2))
            return .string("\(subnet.text)/\(subnet.length)")
        },
        HCLFunction("cidrsubnets", 1...) { a throws(HCLFunctionProblem) in
            let range = try range(a, 0)
            var next = range.bits
            var out: [HCLValue] = []
            for at in 1..<max(a.count, 1) {
                let length = range.length + (try a.integer(at))
                guard length > range.length, length <= range.width else {
                    throw HCLFunctionProblem("the range has no room for so many bits")
                }
                let size = UInt128(1) << UInt128(range.width - length)
                let (aligned, overflow) = next.addingReportingOverflow(size - 1)
                let start = aligned & ~(size - 1)
                guard !overflow, start &- range.bits < range.size else {
                    throw HCLFunctionProblem("the range has no room left")
                }
                out.append(.string("\(AddressRange(bits: start, width: range.width, length: length).text)/\(length)"))
                next = start &+ size
            }
            return .list(out)
        },
    ]

    private static func range(_ a: HCLArguments, _ at: Int) throws(HCLFunctionProblem) -> AddressRange {
        let text = try a.text(at)
        guard let range = AddressRange(text) else {
            throw HCLFunctionProblem("\(text.prefix(80)) is no range of addresses")
        }
        return range
    }
}

/// `10.0.0.0/8`
struct AddressRange {
    var bits: UInt128
    /// 32 or 128.
    var width: Int
    var length: Int

    init(bits: UInt128, width: Int, length: Int) {
        self.bits = bits
        self.width = width
        self.length = length
    }

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let length = Int(parts[1]), length >= 0 else { return nil }
        self.length = length
        if let bits = Self.four(parts[0]) {
            (self.bits, width) = (bits, 32)
        } else if let bits = Self.six(parts[0]) {
            (self.bits, width) = (bits, 128)
        } else {
            return nil
        }
        guard length <= width else { return nil }
        bits &= mask
    }

    /// As `UInt128`, whose whole width cannot be said for `::/0`: one less, which no subnet reaches.
    var size: UInt128 { width - length == 128 ? .max : 1 << UInt128(width - length) }
    var mask: UInt128 {
        let all: UInt128 = width == 128 ? .max : (1 << 32) - 1
        return length == 0 ? 0 : all & ~(size - 1)
    }

    func host(_ number: Int) throws(HCLFunctionProblem) -> AddressRange {
        let offset = number < 0 ? size &- UInt128(number.magnitude) : UInt128(number)
        guard UInt128(number.magnitude) <= size, offset < size else {
            throw HCLFunctionProblem("the range has no address \(number)")
        }
        return AddressRange(bits: bits + offset, width: width, length: width)
    }

    func subnet(adding count: Int, number: Int) throws(HCLFunctionProblem) -> AddressRange {
        guard count >= 0, length + count <= width, number >= 0, count >= 64 || number < 1 << count else {
            throw HCLFunctionProblem("the range has no subnet \(number) of \(count) more bits")
        }
        let shift = width - length - count
        let offset = shift >= 128 ? 0 : UInt128(number) << UInt128(shift)
        return AddressRange(bits: bits + offset, width: width, length: length + count)
    }

    private static func four(_ text: Substring) -> UInt128? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt128 = 0
        for part in parts {
            guard let byte = UInt8(part) else { return nil }
            bits = bits << 8 | UInt128(byte)
        }
        return bits
    }

    private static func six(_ text: Substring) -> UInt128? {
        let halves = TextFunctions.split(String(text), "::")
        guard halves.count <= 2, text.contains(":") else { return nil }
        var groups: [[UInt16]] = []
        for half in halves {
            var values: [UInt16] = []
            for part in half.split(separator: ":", omittingEmptySubsequences: !half.isEmpty ? false : true) {
                guard part.utf8.count <= 4, let value = UInt16(part, radix: 16) else { return nil }
                values.append(value)
            }
            groups.append(values)
        }
        let count = groups.reduce(0) { $0 + $1.count }
        guard groups.count == 2 ? count < 8 : count == 8 else { return nil }
        if groups.count == 2 { groups.insert(Array(repeating: 0, count: 8 - count), at: 1) }
        return groups.joined().reduce(0) { $0 << 16 | UInt128($1) }
    }

    /// The address alone. IPv6 by RFC 5952.
    var text: String {
        if width == 32 {
            return stride(from: 24, through: 0, by: -8).map { String(UInt8(truncatingIfNeeded: bits >> UInt128($0))) }
                .joined(separator: ".")
        }
        let groups = stride(from: 112, through: 0, by: -16).map { UInt16(truncatingIfNeeded: bits >> UInt128($0)) }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = end + 1
        }
        func spelled(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard !best.isEmpty else { return spelled(groups[...]) }
        return spelled(groups[..<best.lowerBound]) + "::" + spelled(groups[best.upperBound...])
    }
}
