import Core
import JSON
import Policy
import Rego

extension PolicyDecider {
    /// Other rules that are told of, at most.
    private static let greatestOthers = 20

    /// Why the decision on this falls as it does, under the policy in force.
    ///
    /// - Throws: `internal` when the policy cannot be taken apart; an evaluation that fails is told as the denial that it is.
    public func explain(_ input: DecisionInput) async throws -> Explanation {
        let snapshot = store.current
        return try await waiting(with: snapshot) { try self.explain(input, snapshot) }
    }

    private func explain(_ input: DecisionInput, _ snapshot: PolicySnapshot) throws -> Explanation {
        let document = input.document
        let policy = decision(on: document, at: input.time, snapshot)
        let (decision, floors) = Self.floors(on: policy, input)
        let rules = try rules(document, at: input.time, snapshot, policy)
        var explanation = Explanation(
            action: input.action, effect: input.effect, decision: decision, policy: policy, floors: floors,
            spoke: rules.filter { $0.rule.outcome == .spoke }.map(\.rule),
            others: Array(rules.filter { $0.rule.outcome != .spoke }.map(\.rule).prefix(Self.greatestOthers)),
            remedies: [], input: document.json)
        explanation.remedies = Self.remedies(rules, policy, floors)
        return explanation
    }

    private static func floors(on policy: Decision, _ input: DecisionInput) -> (Decision, [Explanation.Floor]) {
        var decision = policy
        var floors: [Explanation.Floor] = []
        for floor in DecisionFloor.allCases {
            let next = floor.apply(to: decision, on: input)
            if next != decision {
                floors.append(
                    Explanation.Floor(id: floor.rawValue, title: floor.words.title, remedy: floor.words.remedy))
            }
            decision = next
        }
        return (decision, floors)
    }

    // MARK: Rules

    /// A rule with what would make it apply.
    private struct Read {
        var rule: Explanation.Rule
        /// Of the condition that is not met.
        var conditionRemedy: String?
        /// Conditions that hold, of all.
        var share: Double
    }

    private func rules(
        _ document: RegoValue, at time: Timestamp, _ snapshot: PolicySnapshot, _ policy: Decision
    ) throws -> [Read] {
        let reader = try readers.reader(of: snapshot)
        var options = options(at: time)
        options.isStrict = false
        let held = try reader.conditions.evaluate(input: document, data: snapshot.data, options: options)
        let sites = Array(zip(reader.conditions.sites, held))
        let deciding = Self.deciding(sites.filter { $0.1 == $0.0.conditions.count }.map(\.0), reader, policy)
        let read = sites.compactMap { site, held in
            self.read(site, held, reader, document, decides: site.path == deciding)
        }
        return read.sorted { ($1.share, $0.rule.name) < ($0.share, $1.rule.name) }
    }

    /// The set whose rules decided: the strictest of the organisation's own that speak, else of the built-in ones.
    private static func deciding(
        _ speaking: [RuleConditions.Site], _ reader: PolicyReader, _ policy: Decision
    ) -> [String]? {
        guard ![Failure.undefined, Failure.malformed, Failure.error].contains(policy.rule) else { return nil }
        let own = speaking.filter(reader.isOwn)
        let tier = own.isEmpty ? speaking : own
        for verdict in PolicyReader.verdicts {
            if let site = tier.first(where: { $0.path.last == verdict }) { return site.path }
        }
        return nil
    }

    /// Nil for a rule that is about something else: its first condition does not hold.
    private func read(
        _ site: RuleConditions.Site, _ held: Int, _ reader: PolicyReader, _ document: RegoValue, decides: Bool
    ) -> Read? {
        let applies = held == site.conditions.count
        guard applies || held > 0 else { return nil }
        let metadata = reader.metadata(of: site)
        let unmet = applies ? nil : reader.condition(held, of: site, document)
        let outcome: Explanation.Rule.Outcome =
            if let unmet { .unmet(unmet.condition) } else if decides { .spoke } else { .overruled }
        let rule = Explanation.Rule(
            id: reader.id(of: site), verdict: site.path.last ?? "", title: metadata?.title,
            description: metadata?.description, place: "\(site.module):\(site.place.row)", isOwn: reader.isOwn(site),
            remedy: metadata?.remedy, outcome: outcome)
        let share = applies ? 1 : Double(held) / Double(site.conditions.count)
        return Read(rule: rule, conditionRemedy: unmet?.remedy, share: share)
    }

    // MARK: What to change

    /// Of the rules that spoke; of a denial that no rule wanted, of what the nearest rules miss.
    private static func remedies(_ rules: [Read], _ policy: Decision, _ floors: [Explanation.Floor]) -> [String] {
        var remedies = floors.map(\.remedy)
        func add(_ remedy: String?) {
            if let remedy, !remedies.contains(remedy) { remedies.append(remedy) }
        }
        for read in rules where read.rule.outcome == .spoke { add(read.rule.remedy) }
        guard policy.verdict == .deny, remedies.isEmpty else { return remedies }
        if policy.rule.hasPrefix("policy.") {
            add("correct the policy: `gatehouse policy check` and `gatehouse policy eval` show where it fails")
        }
        for read in rules where read.rule.verdict != "deny" { add(read.conditionRemedy) }
        if remedies.isEmpty { add("add an allow or an ask to package gatehouse.custom, in a file under policy.paths") }
        return remedies
    }
}
