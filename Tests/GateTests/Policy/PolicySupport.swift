import Core
import JSON
import Policy
import Rego

@testable import Gate

extension PolicyDecider {
    /// By the built-in policy, with rules of one's own in package gatehouse.custom.
    static func of(_ own: String = "", environments: RegoValue = [:]) throws -> PolicyDecider {
        let modules = own.isEmpty ? [] : [PolicyModule(path: "own.rego", text: "package gatehouse.custom\n\n\(own)\n")]
        let custom = Bundle(
            manifest: Bundle.Manifest(roots: ["gatehouse/custom", "gatehouse/environments"]), modules: modules,
            data: ["gatehouse": ["environments": environments]])
        return PolicyDecider(
            store: try PolicyStore(bundles: [BuiltInPolicy.name: BuiltInPolicy.bundle, "own": custom]))
    }
}

extension DecisionInput {
    static func about(
        _ roles: Set<String>, _ effect: Effect, tool: String = "aws.ec2.stop", target: String = "t",
        kind: Principal.Kind = .person, labels: Set<Label> = [], taint: Set<Label> = [], sendsOutside: Bool = false,
        clearance: Set<Label>? = nil, sessionClass: String = "c", approval: SessionClass.Approval = .auto,
        breakGlass: String? = nil, arguments: JSON = [:]
    ) -> DecisionInput {
        let time = Timestamp(seconds: 1_700_000_000)
        let session = Session(
            id: "s", principalID: "p",
            sessionClass: SessionClass(
                name: sessionClass, retention: .seconds(1), logging: .required, approval: approval),
            labels: taint, started: time, expires: time, breakGlass: breakGlass)
        return DecisionInput(
            principal: Principal(id: "p", kind: kind, name: "p", roles: roles), session: session,
            action: Action(id: "a", tool: tool, target: target, arguments: arguments), effect: effect, labels: labels,
            preview: nil, time: time, sendsOutside: sendsOutside, clearance: clearance)
    }
}
