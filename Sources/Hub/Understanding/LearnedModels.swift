import Intent
import Synchronization

/// The models that this process has trained, the last few: the same texts give the same model, and training takes a second.
final class LearnedModels: Sendable {
    static let shared = LearnedModels()
    private static let most = 4

    private let turnstile = Turnstile()
    private let known = Mutex<[(rows: [LabelledText], model: IntentModel)]>([])

    func model(of rows: [LabelledText]) async throws -> IntentModel {
        try await turnstile.pass("training", most: 1000) {
            if let model = known.withLock({ $0.first { $0.rows == rows }?.model }) { return model }
            let model = try await IntentTrainer().train(rows).model
            known.withLock { known in
                known.append((rows, model))
                if known.count > Self.most { known.removeFirst() }
            }
            return model
        }
    }
}
