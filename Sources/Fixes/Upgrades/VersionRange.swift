import Formats

/// What a manifest asks for, raised to a version that is safe.
enum VersionRange {
    /// The range with a floor of `version`, its operator kept: `^1.2.0` gives `^1.2.5`, `>=1,<2` gives `>=1.5,<2`.
    ///
    /// - Throws: for a range that cannot be raised in place for certain.
    static func raised(_ range: String, to version: String, _ scheme: VersionScheme) throws(NoFix) -> String {
        guard range.contains(",") else { return try raisedOne(range, to: version, scheme) }
        var parts = range.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        var floor: Int?
        for (index, part) in parts.enumerated() {
            let (space, sign, bound) = split(part)
            _ = space
            if ["<", "<="].contains(sign) {
                let order = scheme.compare(version, bound)
                guard order == .less || sign == "<=" && order == .equal else {
                    throw NoFix("the range \(range) ends before \(version): another major version may be needed")
                }
            } else if sign == "!=" {
                continue
            } else {
                guard floor == nil else { throw NoFix("the range \(range) has several floors") }
                floor = index
            }
        }
        guard let floor else { return "\(range),>=\(version)" }
        parts[floor] = try raisedOne(parts[floor], to: version, scheme)
        return parts.joined(separator: ",")
    }

    private static func raisedOne(
        _ range: String, to version: String, _ scheme: VersionScheme
    ) throws(NoFix) -> String {
        let (space, sign, bound) = split(range)
        guard !bound.isEmpty, bound.utf8.allSatisfy(isVersion), bound.contains(where: \.isNumber) else {
            throw NoFix("the range \(range.prefix(80)) is not one that can be raised in place")
        }
        guard scheme.compare(bound, version) != .greater else {
            throw NoFix("the range \(range) is above \(version) already: make the lockfile anew")
        }
        let prefix = bound.first == "v" && version.first != "v" ? "v" : ""
        switch sign {
        case "~>", "~=":
            // The number of parts says how far it reaches: a floor beside it leaves that alone.
            let parts = bound.split(separator: ".").count
            let fits = bound.split(separator: ".").dropLast() == version.split(separator: ".").prefix(parts - 1)
            guard fits else { throw NoFix("the range \(range) ends before \(version): another version line is needed") }
            if parts == version.split(separator: ".").count { return space + sign + gap(range, sign) + version }
            return sign == "~=" ? "\(range),>=\(version)" : "\(range), >= \(version)"
        case ">": return space + ">=" + gap(range, sign) + prefix + version
        case "", "=", "==", "===", "^", "~", ">=": return space + sign + gap(range, sign) + prefix + version
        default: throw NoFix("the range \(range) is not one that can be raised in place")
        }
    }

    /// Space before, operator, version.
    private static func split(_ part: String) -> (space: String, sign: String, bound: String) {
        let space = part.prefix { $0 == " " }
        let rest = part.dropFirst(space.count)
        let sign = rest.prefix { "<>=!~^".contains($0) }
        let bound = rest.dropFirst(sign.count).drop { $0 == " " }
        return (String(space), String(sign), DockerfileText.trimmed(String(bound)))
    }

    private static func gap(_ range: String, _ sign: String) -> String {
        guard !sign.isEmpty, let mark = range.firstRange(of: sign) else { return "" }
        return String(range[mark.upperBound...].prefix { $0 == " " })
    }

    private static func isVersion(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
    }

    /// Whether the first number that is not 0 differs: what SemVer calls breaking.
    static func isMajor(_ from: String, _ to: String) -> Bool {
        func line(_ version: String) -> String {
            let numbers = version.drop { $0 == "v" }.split(separator: ".").map { String($0.prefix(while: \.isNumber)) }
            return numbers.first == "0" ? numbers.prefix(2).joined(separator: ".") : numbers.first ?? ""
        }
        return line(from) != line(to)
    }
}
