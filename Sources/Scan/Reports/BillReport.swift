import Core
import Formats
import JSON

extension AssessmentReport {
    /// What the lockfiles name, each package once, with the flaws that were found in them.
    var bill: SoftwareBill {
        var components: [SoftwareBill.Component] = []
        var places: [String: Int] = [:]
        for dependency in assessment.dependencies.flatMap(\.dependencies) {
            let key = Self.key(dependency)
            if let place = places[key] {
                components[place].isDevelopment = components[place].isDevelopment && dependency.isDevelopment ?? false
                if dependency.isDirect == true { components[place].isDirect = true }
                components[place].license = components[place].license ?? dependency.license
                continue
            }
            places[key] = components.count
            components.append(
                .init(
                    name: dependency.name, version: dependency.version, purl: dependency.purl,
                    license: dependency.license, isDevelopment: dependency.isDevelopment ?? false,
                    isDirect: dependency.isDirect))
        }
        link(&components, places)
        return SoftwareBill(
            subject: assessment.repository, subjectVersion: assessment.commit, created: assessment.finished,
            toolVersion: version, identity: Digest.hex([Array(assessment.id.utf8)]), components: components,
            flaws: flaws(places))
    }

    private static func key(_ dependency: Dependency) -> String {
        dependency.purl?.description ?? "\(dependency.ecosystem) \(dependency.name) \(dependency.version)"
    }

    /// By the ways that lead to packages, within one file.
    private func link(_ components: inout [SoftwareBill.Component], _ places: [String: Int]) {
        for file in assessment.dependencies {
            let named = Dictionary(file.dependencies.map { ($0.name, $0) }) { first, _ in first }
            for dependency in file.dependencies where dependency.path.count > 1 {
                guard let parent = named[dependency.path[dependency.path.count - 2]],
                    let from = places[Self.key(parent)], let to = places[Self.key(dependency)], from != to
                else { continue }
                components[from].uses.insert(to)
            }
        }
    }

    private func flaws(_ places: [String: Int]) -> [SoftwareBill.Flaw] {
        dependencyFindings.map { finding, dependency in
            SoftwareBill.Flaw(
                id: finding.rule.id, description: finding.rule.title, severity: finding.severity,
                cvss: finding.details?["cvss"]?["vector"]?.string.flatMap { try? CVSS($0) },
                recommendation: finding.rule.remedy, affects: [places[Self.key(dependency)]].compactMap(\.self),
                dismissal: finding.state == .suppressed ? finding.stateReason ?? "suppressed" : nil)
        }
    }

    private var dependencyFindings: [(Finding, Dependency)] {
        assessment.findings.filter { $0.state != .fixed }.compactMap { finding in
            finding.details?["package"].flatMap(Dependency.init).map { (finding, $0) }
        }
    }

    /// What was found and what was said of it, for who uses the product.
    var vex: VEXDocument {
        let statements = dependencyFindings.compactMap { finding, dependency -> VEXDocument.Statement? in
            guard let purl = dependency.purl else { return nil }
            let others = finding.details?["names"]?.array?.compactMap(\.string).filter { $0 != finding.rule.id } ?? []
            let isDismissed = finding.state == .suppressed
            return VEXDocument.Statement(
                vulnerabilities: [finding.rule.id] + others, products: [purl],
                status: isDismissed ? .notAffected : .affected,
                justification: isDismissed ? finding.triage?.justification?.rawValue : nil,
                remark: isDismissed ? finding.stateReason ?? "suppressed" : finding.rule.remedy)
        }
        return VEXDocument(author: "gatehouse \(version)", statements: statements)
    }
}
