/// Whether versions are affected, by the OSV schema's evaluation.
extension OSVAffected {
    public enum Verdict: Sendable, Hashable {
        case affected
        case unaffected
        /// There are ranges and no order of this ecosystem's versions is known, so that only the listed versions could
        /// be looked at.
        case undecided
    }

    /// - Parameter scheme: of the package's ecosystem; nil where none is known.
    public func verdict(on version: String, scheme: VersionScheme?) -> Verdict {
        if versions.contains(version) { return .affected }
        let ordered = ranges.filter { $0.kind != .git }
        for range in ordered {
            guard let scheme = range.kind == .semver ? .semver : scheme else { continue }
            if range.contains(version, scheme) { return .affected }
        }
        // Spellings differ: `v1.0` is listed as `1.0`.
        if let scheme, versions.contains(where: { scheme.compare($0, version) == .equal }) { return .affected }
        if scheme == nil, ordered.contains(where: { $0.kind == .ecosystem }) { return .undecided }
        return .unaffected
    }

    /// The least version that fixes what this version has, by the ranges that hold it; nil where none is published.
    public func firstFix(after version: String, scheme: VersionScheme?) -> String? {
        var least: String?
        for range in ranges where range.kind != .git {
            guard let scheme = range.kind == .semver ? .semver : scheme, range.contains(version, scheme) else {
                continue
            }
            for case .fixed(let fix) in range.events where scheme.compare(fix, version) == .greater {
                if least.map({ scheme.compare(fix, $0) == .less }) ?? true { least = fix }
            }
        }
        return least
    }
}

extension OSVAffected.Range {
    /// The last event at or before the version decides.
    public func contains(_ version: String, _ scheme: VersionScheme) -> Bool {
        guard isBelowLimits(version, scheme) else { return false }
        var decisive: (place: String, isAffected: Bool)?
        for event in events {
            guard let (place, isAffected) = effect(of: event, on: version, scheme) else { continue }
            guard let known = decisive else {
                decisive = (place, isAffected)
                continue
            }
            switch Self.compare(place, known.place, scheme) {
            case .greater: decisive = (place, isAffected)
            // What ends at a version weighs more than what begins there.
            case .equal where known.isAffected: decisive = (place, isAffected)
            default: break
            }
        }
        return decisive?.isAffected ?? false
    }

    /// Nil for an event after the version.
    private func effect(
        of event: Event, on version: String, _ scheme: VersionScheme
    ) -> (place: String, isAffected: Bool)? {
        switch event {
        case .introduced(let place):
            return place == "0" || scheme.compare(version, place) != .less ? (place, true) : nil
        case .fixed(let place): return scheme.compare(version, place) != .less ? (place, false) : nil
        case .lastAffected(let place): return scheme.compare(version, place) == .greater ? (place, false) : nil
        case .limit: return nil
        }
    }

    private func isBelowLimits(_ version: String, _ scheme: VersionScheme) -> Bool {
        var hasLimit = false
        for case .limit(let place) in events {
            if place == "*" || scheme.compare(version, place) == .less { return true }
            hasLimit = true
        }
        return !hasLimit
    }

    private static func compare(_ a: String, _ b: String, _ scheme: VersionScheme) -> VersionOrder {
        if a == "0" || b == "0" { return .of(a == "0" ? 0 : 1, b == "0" ? 0 : 1) }
        return scheme.compare(a, b)
    }
}
