import Core
import HTTPTypes
import HummingbirdCore
import JSON
import Scan
import Web

/// The packages of a repository with what is known against them, and bills of materials to take along.
struct DependencyPages: Sendable {
    let page: Page
    let rooms: Rooms

    private static let perPage = 200
    private static let listedAssessments = 200

    var routes: [Route] {
        [
            Route(.get, "/dependencies", access: .console, handler: dependencies),
            Route(.get, "/sbom", access: .console, handler: bills),
            Route(.get, "/sbom/{id}/{format}", access: .console, unhurried: true) { call in
                try demand(call)
                return try await FindingRoutes.report(call.parameter("id"), call.parameter("format"), rooms)
            },
        ]
    }

    private func demand(_ call: Call) throws { try rooms.demand(FindingRoutes.readers, of: call, to: "see findings") }

    private func dependencies(_ call: Call) async throws -> Response {
        try demand(call)
        let repositories = try await rooms.findings.repositories()
        let newest = try await rooms.findings.assessments(limit: 1).first?.repository
        let repository = call.query["repository"] ?? newest
        let list: PackageList? = if let repository { try await rooms.findings.packages(of: repository) } else { nil }
        let text = call.query["text"] ?? ""
        let isAll = call.query["show"] == "all"
        let fitting = (list?.packages ?? []).filter { package in
            (isAll || !package.flaws.isEmpty)
                && (text.isEmpty || package.dependency.name.lowercased().contains(text.lowercased()))
        }
        let offset = try call.number("offset", default: 0, in: 0...10_000_000)
        let now = rooms.clock.now()
        var values: Shown.Values = [
            "tabs": FindingTabs.values(at: "/dependencies"), "text": text, "all": isAll,
            "repositories": Choices.of(repositories, chosen: repository) { $0 },
            "any": !fitting.isEmpty, "anyPackages": list?.packages.isEmpty == false,
            "rows": fitting.dropFirst(offset).prefix(Self.perPage).map { Self.row($0, now) },
            "summary": Self.summary(list), "feeds": (list?.feeds ?? []).map { Self.feed($0, now) },
        ]
        let next = offset + Self.perPage
        if next < fitting.count, let repository {
            values["next"] =
                "/dependencies?repository=\(Percent.encode(repository))&text=\(Percent.encode(text))&offset=\(next)"
                + (isAll ? "&show=all" : "")
        }
        return try page.response(
            "dependencies", title: "Dependencies", place: "/findings", call: call,
            waiting: try await rooms.waitingCount(), values: values)
    }

    private static func summary(_ list: PackageList?) -> String {
        guard let list else { return "No whole assessment is kept." }
        let flawed = list.packages.count { $0.tier != nil }
        return "\(Shown.count(list.packages.count, "package", "packages")) by lockfiles, "
            + "\(Shown.number(flawed)) with a known flaw that is open; assessed \(list.assessed.description.prefix(10))."
    }

    private static func feed(_ feed: AdvisoryFeed, _ now: Timestamp) -> Shown.Values {
        [
            "name": feed.ecosystem, "count": Shown.count(feed.advisories, "advisory", "advisories"),
            "when": Shown.time(feed.asOf, at: now),
        ]
    }

    private static func row(_ package: PackageStanding, _ now: Timestamp) -> Shown.Values {
        let dependency = package.dependency
        var row: Shown.Values = [
            "name": dependency.name, "version": dependency.version, "ecosystem": dependency.ecosystem,
            "place": "\(package.path):\(dependency.line)", "license": dependency.license ?? "",
            "development": dependency.isDevelopment == true, "direct": dependency.isDirect == true,
            "flaws": package.flaws.map { flaw($0, now) },
        ]
        if dependency.path.count > 1 { row["via"] = dependency.path.joined(separator: " → ") }
        return row
    }

    private static func flaw(_ stored: StoredFinding, _ now: Timestamp) -> Shown.Values {
        let finding = stored.finding
        var row = FindingPages.row(stored, now)
        row["rule"] = finding.rule.id
        row["fix"] = finding.details?["fix"]?.string ?? "none is published"
        row["exploited"] = finding.isKnownExploited
        row["isOpen"] = finding.state == .open
        return row
    }

    private func bills(_ call: Call) async throws -> Response {
        try demand(call)
        let now = rooms.clock.now()
        let repository = call.query["repository"]
        let kept = try await rooms.findings.assessments(repository: repository, limit: 1000).filter(\.hasReport)
        let values: Shown.Values = [
            "tabs": FindingTabs.values(at: "/sbom"), "any": !kept.isEmpty,
            "repositories": Choices.of(try await rooms.findings.repositories(), chosen: repository) { $0 },
            "isCut": kept.count > Self.listedAssessments, "listed": Self.listedAssessments,
            "rows": kept.prefix(Self.listedAssessments).map { one -> Shown.Values in
                var row: Shown.Values = [
                    "id": one.id, "repository": one.repository, "commit": one.commit.map(Shown.short) ?? "",
                    "when": Shown.time(one.finished, at: now),
                ]
                if let branch = one.branch { row["branch"] = branch }
                return row
            },
        ]
        return try page.response(
            "sbom", title: "Bills of materials", place: "/findings", call: call,
            waiting: try await rooms.waitingCount(), values: values)
    }
}
