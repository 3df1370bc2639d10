import Core
import JSON
import Policy
import Rego
import TestSupport
import Testing

@testable import Gate

@Suite("The built-in policy")
struct BuiltInPolicyTests {
    /// The policy with the tests that come with it.
    private static func store() throws -> PolicyStore {
        let tests = Bundle(
            manifest: Bundle.Manifest(roots: ["gatehouse/gate_test"], regoVersion: .v1), modules: BuiltInPolicy.tests)
        return try PolicyStore(bundles: [BuiltInPolicy.name: BuiltInPolicy.bundle, "tests": tests])
    }

    @Test("Its own tests hold, each of them")
    func ownTests() throws {
        let snapshot = try Self.store().current
        let names = Set(
            snapshot.compiler.modules.filter { $0.package == ["gatehouse", "gate_test"] }.flatMap { module in
                module.rules.compactMap { rule in
                    if case .variable(let name) = rule.head.node, name.hasPrefix("test_") { name } else { nil }
                }
            })
        #expect(names.count > 40)
        for name in names.sorted() {
            let answer = try snapshot.evaluate(path: ["gatehouse", "gate_test", name], input: nil)
            #expect(answer?.bool == true, "\(name)")
        }
    }

    @Test("It compiles in strict mode, and without the tests")
    func strict() throws {
        var options = CompilerOptions()
        options.isStrict = true
        var compiler = Compiler(options)
        for module in BuiltInPolicy.modules { try compiler.add(module: module.text, name: module.path) }
        try compiler.check()
    }

    @Test("Every rule that answers has an id of its own, a title, words for the caller, and says what to change")
    func metadata() throws {
        let snapshot = try PolicyStore(bundles: [BuiltInPolicy.name: BuiltInPolicy.bundle]).current
        let reader = try PolicyReader(snapshot)
        let sites = reader.conditions.sites
        #expect(sites.count >= 18)
        let ids = sites.compactMap { reader.metadata(of: $0)?.id }
        #expect(Set(ids).count == sites.count)
        for site in sites {
            let metadata = try #require(reader.metadata(of: site))
            #expect(metadata.title != nil && metadata.description != nil && metadata.remedy != nil, "\(site.place)")
            #expect(reader.isOwn(site) == false)
        }
        for id in [
            "change.ask", "destroy.ask", "secret.outside", "stop.allow", "break-glass.allow", "break-glass.deny",
            "review.allow", "key.admin", "key.ask", "key.deny", "reveal.admin", "reveal.ask", "read.work",
            "assess.deny",
            "read.viewer", "clearance.deny",
        ] { #expect(ids.contains(id)) }
    }

    @Test("The order of modules and of rules does not matter", arguments: 0..<4)
    func order(_ seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed))
        let usual = try PolicyDecider.of()
        var shuffled = BuiltInPolicy.bundle
        shuffled.modules.shuffle(using: &random)
        // Modules are compiled in the order of their paths.
        for at in shuffled.modules.indices { shuffled.modules[at].path = "\(at).rego" }
        let other = PolicyDecider(store: try PolicyStore(bundles: [BuiltInPolicy.name: shuffled]))
        for _ in 0..<300 {
            let input = DecisionInput.random(&random)
            var (left, right) = (try await usual.decide(input), try await other.decide(input))
            left.policyRevision = ""
            right.policyRevision = ""
            #expect(left == right)
        }
    }

    @Test("Whoever has no known role is allowed nothing and asks for nothing", arguments: 0..<4)
    func defaultDeny(_ seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(100 + seed))
        let decider = try PolicyDecider.of()
        for _ in 0..<500 {
            var input = DecisionInput.random(&random)
            input.principal = Principal(
                id: "p", kind: input.principal.kind, name: "admin",
                roles: Set(["Admin", "root", "admin ", "owner", "security-lead"].shuffled(using: &random).prefix(2)))
            #expect(try await decider.decide(input).verdict == .deny)
        }
    }

    @Test("No destroy is simply allowed, and none by a single person in production", arguments: 0..<4)
    func destroy(_ seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(200 + seed))
        let decider = try PolicyDecider.of(environments: ["test": ["test:*"]])
        for _ in 0..<500 {
            var input = DecisionInput.random(&random)
            input.effect = .destroy
            let decision = DecisionFloor.applied(to: try await decider.decide(input), on: input)
            switch decision.verdict {
            case .allow: #expect(Bool(false), "\(input)")
            case .deny: break
            case .ask(let rule):
                #expect(rule.quorum >= (input.action.target.hasPrefix("test:") ? 1 : 2) || input.isOfGate, "\(input)")
            }
        }
    }

    @Test("What a requester's own roles are does not lower how many must agree", arguments: [Effect.change, .destroy])
    func quorum(_ effect: Effect) async throws {
        let decider = try PolicyDecider.of(environments: ["test": ["test:*"]])
        let roles = ["viewer", "developer", "operator", "security_lead", "admin"]
        for target in ["test:1", "prod:1"] {
            for sessionClass in ["standard", "incident-response"] {
                var quorums = Set<Int>()
                for bits in 0..<(1 << roles.count) {
                    let chosen = Set(roles.enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element))
                    let input = DecisionInput.about(chosen, effect, target: target, sessionClass: sessionClass)
                    switch try await decider.decide(input).verdict {
                    case .ask(let rule): quorums.insert(rule.quorum)
                    case .allow: #expect(Bool(false), "\(chosen)")
                    case .deny: break
                    }
                }
                #expect(quorums.count == 1)
            }
        }
    }
}

extension DecisionInput {
    fileprivate var isOfGate: Bool { action.tool.hasPrefix("gate.") }

    fileprivate static func random(_ random: inout SeededRandom) -> DecisionInput {
        func some<Value: Hashable>(_ values: [Value]) -> Set<Value> {
            Set(values.filter { _ in Bool.random(using: &random) })
        }
        let labels: [Label] = [.pii, .secret, .untrusted, .confidential]
        let tools = [
            "aws.ec2.stop", "scan.assess", "gate.key.create", "gate.principal.kill", "gate.session.break_glass",
            "gate.review.close",
        ]
        return .about(
            some(["viewer", "developer", "operator", "security_lead", "admin", "other"]),
            Effect.allCases.randomElement(using: &random) ?? .read, tool: tools.randomElement(using: &random) ?? "a.b",
            target: ["test:1", "prod:1"].randomElement(using: &random) ?? "",
            kind: Principal.Kind.allCases.randomElement(using: &random) ?? .agent, labels: some(labels),
            taint: some(labels), sendsOutside: .random(using: &random),
            clearance: Bool.random(using: &random) ? some(labels) : nil,
            sessionClass: ["standard", "incident-response"].randomElement(using: &random) ?? "",
            approval: [.none, .auto, .role("lead")].randomElement(using: &random) ?? .auto,
            breakGlass: Bool.random(using: &random) ? "fire" : nil)
    }
}
