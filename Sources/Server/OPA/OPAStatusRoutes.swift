import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON
import Ledger
import Policy
import Rego

/// OPA's Health, Status and Config APIs.
struct OPAStatusRoutes: Sendable {
    let rooms: Rooms
    let policy: HousePolicy

    var routes: [Route] {
        [
            .opa(.get, "/health", operation: healthOperation, access: .open) { health($0) },
            .opa(.get, "/v1/status", operation: statusOperation) { call in
                .opa(["result": status], call, isPretty: OPAParameters.flag("pretty", call))
            },
            .opa(.get, "/v1/config", operation: configOperation) { call in
                .opa(["result": config], call, isPretty: OPAParameters.flag("pretty", call))
            },
        ]
    }

    /// Open to anyone: says whether, and to whoever asks in detail no more.
    private func health(_ call: Call) -> Response {
        if OPAParameters.flag("bundles", call), policy.incomplete != nil {
            return .json(["error": "one or more bundles are not activated"], status: .internalServerError)
        }
        if OPAParameters.flag("plugins", call), policy.log.standing.isFailing {
            return .json(["error": "one or more plugins are not up"], status: .internalServerError)
        }
        return .json([:])
    }

    private var status: JSON {
        var bundles = JSONObject()
        for bundle in policy.store.status { bundles[bundle.name] = Self.json(bundle) }
        var out: JSONObject = ["labels": labels, "bundles": .object(bundles)]
        out["plugins"] = [
            "bundle": ["state": policy.incomplete == nil ? "OK" : "NOT_READY"],
            "decision_logs": ["state": policy.log.standing.isFailing ? "ERROR" : "OK"],
        ]
        out["decision_logs"] = json(policy.log.standing)
        out["revision"] = .string(policy.store.current.revision)
        return .object(out)
    }

    private static func json(_ bundle: BundleStatus) -> JSON {
        var out: JSONObject = ["name": .string(bundle.name)]
        out.put("active_revision", bundle.activeRevision)
        out.put("last_successful_activation", bundle.lastActivation)
        guard let failure = bundle.failure else { return .object(out) }
        out["last_failed_attempt"] = .time(failure.time)
        out["code"] = "bundle_error"
        out["message"] = .string(failure.error.description)
        if !failure.problems.isEmpty { out["errors"] = .array(failure.problems.map(OPAError.json)) }
        return .object(out)
    }

    private func json(_ standing: DecisionLog.Standing) -> JSON {
        var out: JSONObject = [
            "waiting": .number(JSONNumber(standing.waiting)), "sent": .number(JSONNumber(standing.sent)),
            "dropped": .number(JSONNumber(standing.dropped)), "too_large": .number(JSONNumber(standing.tooLarge)),
            "failures": .number(JSONNumber(standing.failures)),
        ]
        out.put("last_success", standing.lastSuccess)
        out.put("last_failure", standing.lastFailure)
        return .object(out)
    }

    /// What OPA would say of its configuration; never a secret.
    private var config: JSON {
        var bundles = JSONObject()
        for (name, bundle) in policy.settings.bundles.sorted(by: { $0.key < $1.key }) {
            bundles[name] = ["resource": .string(bundle.address), "signed": .bool(bundle.isSigned)]
        }
        var out: JSONObject = ["labels": labels, "bundles": .object(bundles)]
        out["default_decision"] = .string("/\(DataRoutes.defaultDecision.joined(separator: "/"))")
        var log: JSONObject = ["ledger": .bool(policy.settings.api.recordsQueries)]
        log.put("url", policy.settings.api.upload?.url)
        log.put("partition_name", policy.settings.api.upload?.partition)
        out["decision_logs"] = .object(log)
        return .object(out)
    }

    private var labels: JSON {
        .object(JSONObject(policy.labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    private static let result = Schema.object(["result": Schema.anyObject])

    private var healthOperation: Operation {
        Operation(
            "getPolicyHealth", "policy", "Whether policy is served. As OPA's.",
            query: [
                .init("bundles", Schema.string(), "whether all bundles must be active"),
                .init("plugins", Schema.string(), "whether decisions must have been sent"),
            ], answers: [200: .json(Schema.anyObject), 500: .json(Schema.anyObject)])
    }
    private var statusOperation: Operation {
        Operation(
            "getPolicyStatus", "policy", "How bundles and the decision log are doing. As OPA's.",
            answers: [200: .json(Self.result)])
    }
    private var configOperation: Operation {
        Operation(
            "getPolicyConfig", "policy", "Where policy comes from; nothing secret. As OPA's.",
            answers: [200: .json(Self.result)])
    }
}
