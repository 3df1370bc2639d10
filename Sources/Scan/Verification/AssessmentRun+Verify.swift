import Core
import Gate

extension AssessmentRun {
    /// Asks once for each secret, however often it stands anywhere.
    func verify(_ tree: inout Tally, _ past: inout Tally?) async throws {
        let hits = Array(tree.hits.joined()) + Array((past?.hits ?? []).joined())
        let questions = Set(hits.compactMap(Self.question))
        let answers = try await verifier.ask(questions) {
            report(Progress(stage: "asking issuers", done: $0, total: questions.count))
        }
        if answers.count < questions.count {
            tree.note([], .unverified, "\(questions.count - answers.count) secrets were not shown to their issuers")
        }
        tree.hits = tree.hits.map { $0.map { Self.answered($0, answers) } }
        if let versions = past?.hits { past?.hits = versions.map { $0.map { Self.answered($0, answers) } } }
    }

    /// What a comment or a rule accepts is not asked about.
    private static func question(_ hit: Hit) -> SecretVerifier.Question? {
        if case .granted = hit.allowance { return nil }
        return hit.secret.map { .init(rule: hit.rule.id, secret: $0) }
    }

    private static func answered(_ hit: Hit, _ answers: [SecretVerifier.Question: Validity]) -> Hit {
        var hit = hit
        hit.validity = question(hit).flatMap { answers[$0] }
        hit.secret = nil
        return hit
    }
}
