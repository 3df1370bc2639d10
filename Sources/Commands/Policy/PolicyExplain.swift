import ArgumentParser
import Core
import JSON

struct PolicyExplain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say why the gate decides as it does, and which rule to change.",
        discussion: """
            For an action that was submitted: gatehouse policy explain act_…
            For one that was not: gatehouse policy explain cloud.stop --target i-1 --arguments '{"force": true}'
            With --as-role, --effect, --label or --class it says as well what the decision would be if that were so. Nothing is \
            performed. Asks the house that runs on the data folder, or opens one for the question.
            """)

    @OptionGroup var house: HouseOptions
    @Argument(help: "The id of an action, or of a tool.") var action: String
    @Option(help: "What the tool would act upon.") var target = ""
    @Option(help: ArgumentHelp("What the tool would be called with, as JSON.", valueName: "json")) var arguments = "{}"
    @OptionGroup var changes: PolicyWhatIf
    @Flag(help: "Print JSON, for machines.") var json = false

    func run() async throws {
        let request = try request()
        let changes = changes
        var (explanation, decision) = try await withHouse(house) { client in
            let explanation = try await client.post("/api/v1/actions", request)["answer"] ?? [:]
            guard changes.isOn else { return (explanation, JSON?.none) }
            let input = try changes.apply(to: explanation["input"] ?? [:])
            let answer = try await client.post("/v1/data/gatehouse/gate/decision", ["input": input])
            guard let decision = answer["result"] else {
                throw GatehouseError(
                    "gatehouse", .unavailable, "the house does not tell what policy would decide",
                    hint: "leave out --as-role, --effect, --label and --class to see what it decides")
            }
            return (explanation, decision)
        }
        if json {
            explanation["what_if"] = decision
            return Terminal.data(explanation.text(pretty: true) + "\n")
        }
        Terminal.data(Plain.text(explanation["text"]?.string ?? "") + "\n")
        if let decision { Terminal.data(Plain.text("\(changes.words), \(Self.words(decision))") + "\n") }
    }

    private func request() throws -> JSON {
        var given: JSON = [:]
        if action.hasPrefix("act_") {
            given["action"] = .string(action)
        } else {
            given["tool"] = .string(action)
            given["target"] = .string(target.isEmpty ? "any" : target)
            do { given["arguments"] = try JSON.parse(Array(arguments.utf8)) } catch {
                throw GatehouseError("gatehouse", .invalid, "--arguments is no JSON", from: error)
            }
        }
        return ["tool": "gate.policy.explain", "target": "policy:gate", "arguments": given]
    }

    private static func words(_ decision: JSON) -> String {
        guard let verdict = decision["verdict"]?.string else {
            return "policy would give no decision, which is a denial"
        }
        let rule = decision["rule"]?.string.map { " by rule \($0)" } ?? ""
        return "policy would say \(verdict)\(rule): \(decision["reason"]?.string ?? "")"
    }
}

/// What is taken to be otherwise than it is.
struct PolicyWhatIf: ParsableArguments {
    @Option(help: ArgumentHelp("If the caller had this role, and no others; may be given again.", valueName: "role"))
    var asRole: [String] = []
    @Option(help: "If the effect were read, reveal, change or destroy.") var effect: EffectArgument?
    @Option(help: ArgumentHelp("If the request had this label; may be given again.", valueName: "label"))
    var label: [String] = []
    @Option(name: .customLong("class"), help: ArgumentHelp("If the session were of this class.", valueName: "name"))
    var sessionClass: String?

    var isOn: Bool { !asRole.isEmpty || effect != nil || !label.isEmpty || sessionClass != nil }

    func apply(to input: JSON) throws -> JSON {
        var input = input
        func set(_ key: String, _ member: String, _ value: JSON) {
            var object = input[key] ?? [:]
            object[member] = value
            input[key] = object
        }
        if !asRole.isEmpty { set("principal", "roles", .array(asRole.map { .string($0) })) }
        if let effect { input["effect"] = .string(effect.effect.rawValue) }
        if !label.isEmpty { input["labels"] = .array(label.map { .string($0) }) }
        if let sessionClass {
            var given = input["session"]?["class"] ?? [:]
            given["name"] = .string(sessionClass)
            set("session", "class", given)
        }
        return input
    }

    var words: String {
        var parts: [String] = []
        if !asRole.isEmpty { parts.append("the caller were \(asRole.joined(separator: " and "))") }
        if let effect { parts.append("the effect were \(effect.effect.rawValue)") }
        if !label.isEmpty { parts.append("the request were labelled \(label.joined(separator: ", "))") }
        if let sessionClass { parts.append("the session were of class \(sessionClass)") }
        return "If \(parts.joined(separator: ", "))"
    }
}

struct EffectArgument: ExpressibleByArgument {
    let effect: Effect

    init?(argument: String) {
        guard let effect = Effect(rawValue: argument.lowercased()) else { return nil }
        self.effect = effect
    }

    static var allValueStrings: [String] { Effect.allCases.map(\.rawValue) }
}
