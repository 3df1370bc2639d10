/// Which licenses may be used: lists of licenses and families, most particular first.
public struct LicensePolicy: Sendable, Hashable {
    /// From what may be used to what may not.
    public enum Verdict: Int, Sendable, Hashable, Comparable, CaseIterable {
        case allowed, review, denied

        public static func < (a: Verdict, b: Verdict) -> Bool { a.rawValue < b.rawValue }
    }

    public enum Entry: Sendable, Hashable {
        /// With its exception where it names one.
        case license(String)
        case family(LicenseFamily)

        /// - Throws: for what is neither one license nor a family.
        public init(_ text: String) throws(LicenseError) {
            if let family = LicenseFamily(rawValue: text) {
                self = .family(family)
                return
            }
            guard case .license(let license) = try LicenseExpression(text) else {
                throw LicenseError(offset: 0, reason: "an entry is one license or a family, not an expression")
            }
            self = .license(license.preferred.description)
        }
    }

    public struct Judgement: Sendable, Hashable {
        public var verdict: Verdict
        /// In words: which part of the expression, by which entry.
        public var reason: String
    }

    public var allow: [Entry] = []
    public var review: [Entry] = []
    public var deny: [Entry] = []
    /// Of licenses that no list names; nil for review where there is a list of what is allowed, else allowed.
    public var others: Verdict?

    public init() {}

    /// Without lists, nothing is judged.
    public var isEmpty: Bool { allow.isEmpty && review.isEmpty && deny.isEmpty && others == nil }

    /// The best of a choice, the worst of what holds together.
    public func judge(_ expression: LicenseExpression) -> Judgement {
        switch expression {
        case .license(let license): return judge(license)
        case .all(let parts):
            let all = parts.map(judge)
            return all.max { $0.verdict < $1.verdict } ?? Judgement(verdict: .review, reason: "names no license")
        case .any(let parts):
            let all = parts.map(judge)
            guard let best = all.min(by: { $0.verdict < $1.verdict }) else {
                return Judgement(verdict: .review, reason: "names no license")
            }
            let words = best.verdict == .allowed ? "it may be chosen" : "no choice is better"
            return Judgement(verdict: best.verdict, reason: "\(best.reason) (\(words))")
        }
    }

    // MARK: - One license

    private func judge(_ license: LicenseExpression.License) -> Judgement {
        let license = license.preferred
        for name in Self.names(license) {
            if let found = listed(.license(name)) {
                return Judgement(verdict: found, reason: "\(license) is \(Self.words(found)) by its name")
            }
        }
        let family = LicenseFamily(license)
        if let family, let found = listed(.family(family)) {
            return Judgement(
                verdict: found, reason: "\(license) is \(family.rawValue), which is \(Self.words(found))")
        }
        let kind = family.map { "is \($0.rawValue)" } ?? "is of no family that is known"
        return Judgement(
            verdict: others ?? (allow.isEmpty ? .allowed : .review), reason: "\(license) \(kind) and in no list")
    }

    /// Where several lists name the same, the strictest counts.
    private func listed(_ entry: Entry) -> Verdict? {
        if deny.contains(entry) { return .denied }
        if review.contains(entry) { return .review }
        return allow.contains(entry) ? .allowed : nil
    }

    /// The most particular first. Who may use a later version may use this one.
    private static func names(_ license: LicenseExpression.License) -> [String] {
        var names = [license.description]
        if license.exception != nil { names.append(license.name) }
        if license.id.hasSuffix("-or-later") { names.append(license.id.dropLast("-or-later".count) + "-only") }
        if license.isOrLater { names.append(license.id) }
        return names
    }

    private static func words(_ verdict: Verdict) -> String {
        switch verdict {
        case .allowed: "allowed"
        case .review: "to be reviewed"
        case .denied: "denied"
        }
    }
}
