import Core
import JWTKit

/// One issuer's keys, fetched when they are needed.
actor IssuerKeys {
    /// Callers that wait for a fetch together.
    private static let greatestQueue = 1024

    private let issuer: TokenIssuer
    private let clock: any WallClock
    private let fetcher: (any JWKSFetcher)?
    private let inline: KeySet?
    private var cache = KeySetCache()
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var lastFailure: String?

    /// - Throws: `invalid` when the keys stand in the configuration and are no key set.
    init(_ issuer: TokenIssuer, clock: any WallClock, fetcher: (any JWKSFetcher)?) async throws {
        self.issuer = issuer
        self.clock = clock
        self.fetcher = fetcher
        if case .inline(let text) = issuer.keys {
            inline = try await KeySet([UInt8](text.utf8), allowing: issuer.algorithms)
        } else {
            inline = nil
        }
    }

    /// - Throws: `unauthenticated` when the issuer has no such key, `unavailable` when its keys cannot be had.
    func key(_ keyID: String?, for algorithm: String) async throws -> any JWTAlgorithm {
        if let inline {
            guard let key = inline.key(keyID, for: algorithm) else { throw unknown(keyID) }
            return key
        }
        while true {
            switch cache.step(keyID, algorithm, at: clock.now()) {
            case .use(let key): return key
            case .fetch: await fetch()
            case .wait:
                guard waiting.count < Self.greatestQueue else { throw unavailable("too many wait for it") }
                await withCheckedContinuation { waiting.append($0) }
            case .unknown: throw unknown(keyID)
            case .unavailable: throw unavailable(lastFailure)
            }
        }
    }

    private func fetch() async {
        do {
            guard case .url(let url) = issuer.keys, let fetcher else { throw unavailable("nothing here can fetch") }
            let bytes = try await fetcher.fetch(url, limit: KeySet.greatestLength)
            let keys = try await KeySet(bytes, allowing: issuer.algorithms)
            cache.succeeded(keys, at: clock.now())
            lastFailure = nil
        } catch {
            cache.failed()
            lastFailure = String(describing: error)
        }
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    private func unknown(_ keyID: String?) -> GatehouseError {
        let named =
            keyID.map { "the key \"\($0.prefix(60))\"" } ?? "no key by id, and there is not exactly one that fits"
        return TokenText.refused("it names \(named), which \(issuer.issuer) does not have")
    }

    private func unavailable(_ cause: String?) -> GatehouseError {
        GatehouseError(
            "gate", .unavailable, "the keys of \(issuer.issuer) cannot be had", cause: cause,
            hint: "it is tried again in \(KeySetCache.pause.components.seconds) seconds at the latest")
    }
}
