internal import BigInt

/// `semver.*` (Semantic Versioning 2.0.0).
enum SemVerBuiltins {
    static let all: [Builtin] = [
        Builtin("semver.compare", [.string, .string], .number) { arguments, _ throws(BuiltinError) in
            let (left, right) = (try version(arguments, 0), try version(arguments, 1))
            return RegoValue(SemVer.ordering(left, right))
        },
        Builtin("semver.is_valid", [.any], .boolean) { arguments, _ in
            .bool(arguments[0].text.flatMap(SemVer.init) != nil)
        },
    ]

    private static func version(_ arguments: [RegoValue], _ at: Int) throws(BuiltinError) -> SemVer {
        let text = try arguments.text(at)
        guard let version = SemVer(text) else {
            throw .failure("operand \(at + 1): string \(GoText.quote(text)) is not a valid SemVer")
        }
        return version
    }
}

struct SemVer {
    private let core: [BigInt]
    private let prerelease: [Substring]

    init?(_ text: String) {
        guard text.utf8.count <= 4096 else { return nil }
        var rest = Substring(text)
        if let plus = rest.firstIndex(of: "+") {
            guard Self.areIdentifiers(rest[rest.index(after: plus)...], allowsLeadingZeros: true) else { return nil }
            rest = rest[..<plus]
        }
        var identifiers: [Substring] = []
        if let dash = rest.firstIndex(of: "-") {
            let part = rest[rest.index(after: dash)...]
            guard Self.areIdentifiers(part, allowsLeadingZeros: false) else { return nil }
            identifiers = part.split(separator: ".")
            rest = rest[..<dash]
        }
        let numbers = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, numbers.allSatisfy({ Self.isNumber($0) && ($0 == "0" || $0.first != "0") }) else {
            return nil
        }
        core = numbers.compactMap { BigInt(String($0)) }
        prerelease = identifiers
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func areIdentifiers(_ text: Substring, allowsLeadingZeros: Bool) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            let isPlain = part.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2D
            }
            let hasLeadingZero = isNumber(part) && part.first == "0" && part.utf8.count > 1
            return !part.isEmpty && isPlain && (allowsLeadingZeros || !hasLeadingZero)
        }
    }

    /// -1, 0 or 1, by section 11.
    static func ordering(_ left: SemVer, _ right: SemVer) -> Int {
        for (left, right) in zip(left.core, right.core) where left != right { return left < right ? -1 : 1 }
        if left.prerelease.isEmpty || right.prerelease.isEmpty {
            return (left.prerelease.isEmpty ? 1 : 0) - (right.prerelease.isEmpty ? 1 : 0)
        }
        for (left, right) in zip(left.prerelease, right.prerelease) where left != right {
            return precedes(left, right) ? -1 : 1
        }
        return (left.prerelease.count - right.prerelease.count).signum()
    }

    private static func precedes(_ left: Substring, _ right: Substring) -> Bool {
        switch (isNumber(left), isNumber(right)) {
        case (true, true): left.utf8.count != right.utf8.count ? left.utf8.count < right.utf8.count : left < right
        case (true, false): true
        case (false, true): false
        case (false, false): left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }
}
