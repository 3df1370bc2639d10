internal import Core
internal import Rego

/// What must stay defined whatever changes.
public struct RequiredEntryPoint: Sendable, Hashable {
    /// Below `data`, with slashes.
    public var path: String
    /// What asks for it, for messages: a setting.
    public var setting: String

    public init(_ path: String, setting: String) {
        self.path = path
        self.setting = setting
    }
}

extension CompiledPolicy {
    /// Whether some rule gives a document at the path or parts of one, or a plan does. A package is none.
    func defines(_ path: [String]) -> Bool {
        if planned(path) { return true }
        return rules.contains { rule in
            path.starts(with: rule.path) || (path.count > rule.package && rule.path.starts(with: path))
        }
    }

    /// - Throws: `invalid`, with what else there is.
    func check(_ required: RequiredEntryPoint) throws(GatehouseError) {
        let path = Root(required.path).steps
        guard !defines(path) else { return }
        throw GatehouseError(
            "policy", .invalid,
            "\(required.setting) names \(required.path), but no rule defines data.\(path.joined(separator: "."))",
            hint: hint(for: required.path, path))
    }

    private func hint(for entryPoint: String, _ path: [String]) -> String {
        let names = Set(
            rules.map { $0.path.joined(separator: "/") } + plannedPaths.map { $0.path.joined(separator: "/") })
        if let nearest = Suggestion.nearest(to: entryPoint, among: names.sorted()) { return "Did you mean \(nearest)?" }
        let within = names.filter { $0.hasPrefix("\(entryPoint)/") }
        let sameName = path.last.map { last in names.filter { $0.hasSuffix("/\(last)") } } ?? []
        let beside = names.filter { $0.hasPrefix("\(path.dropLast().joined(separator: "/"))/") }
        guard let near = [within, Set(sameName), beside].first(where: { !$0.isEmpty }) else {
            return "Name a rule, with slashes: package/rule."
        }
        let shown = near.sorted().prefix(5).joined(separator: ", ")
        return "Near it are: \(shown)\(near.count > 5 ? ", …" : "")."
    }
}
