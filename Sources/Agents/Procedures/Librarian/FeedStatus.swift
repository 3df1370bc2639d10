import JSON

/// Which advisories and catalogues are kept, and how old they are: what is not found in them is only known as of then.
struct FeedStatus {
    private let feeds: [JSON]
    private let catalogues: [JSON]
    private let isKnown: Bool

    /// - Parameter status: the answer of `scan.advisories.status`; nil where it could not be had.
    init(_ status: JSON?) {
        isKnown = status != nil
        feeds = status?["advisories"]?.array ?? []
        catalogues = status?["catalogues"]?.array ?? []
    }

    var json: JSON {
        .array(
            feeds.prefix(64).map { feed in
                [
                    "ecosystem": feed["ecosystem"] ?? "", "as_of": feed["as_of"] ?? "",
                    "stale": feed["stale"] ?? false,
                ]
            })
    }

    var gaps: [Gap] {
        guard isKnown else { return [] }
        var gaps: [Gap] = []
        if feeds.isEmpty { gaps.append(Gap("advisories", "none were imported: flaws of packages are not known")) }
        for feed in feeds where feed["stale"]?.bool == true {
            gaps.append(Gap(ecosystem(feed), "its advisories are of \(date(feed)), which is long ago"))
        }
        for (kind, name) in [("kev", "known exploited vulnerabilities"), ("epss", "exploit predictions")]
        where !catalogues.contains(where: { $0["catalogue"]?.string == kind }) {
            gaps.append(Gap(name, "no catalogue was imported"))
        }
        return gaps
    }

    /// Why nothing is told of a package.
    func silence(on package: PackageQuestion) -> String {
        guard let ecosystem = package.ecosystem else {
            return "no open finding names it; assess what uses it to know more"
        }
        guard let feed = feeds.first(where: { self.ecosystem($0) == ecosystem }) else {
            return "no advisories of \(ecosystem.cut(to: 64)) are kept, so that nothing can be said of it"
        }
        return "no open finding names it, as of the advisories of \(date(feed)); assess what uses it to know more"
    }

    private func ecosystem(_ feed: JSON) -> String { feed["ecosystem"]?.string ?? "" }
    private func date(_ feed: JSON) -> String { String((feed["as_of"]?.string ?? "").prefix(10)) }
}
