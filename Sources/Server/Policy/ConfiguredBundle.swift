import Core
import Gate
import Policy

/// A bundle as the configuration names it.
struct ConfiguredBundle: Sendable {
    enum Place: Sendable, Hashable {
        /// An archive or a folder.
        case path(String)
        case url(String)
    }

    let place: Place
    let token: Secret?
    let reader: BundleReader
    let schedule: BundlePoller.Schedule

    /// Whether it is fetched from another place than the other, or verified otherwise.
    func isElsewhere(than other: ConfiguredBundle?) -> Bool {
        guard let other else { return true }
        return (place, token, reader) != (other.place, other.token, other.reader)
    }

    var isSigned: Bool { reader.verification != nil }
    /// Where it comes from, for people.
    var address: String {
        switch place {
        case .path(let path): "file://\(path)"
        case .url(let url): url
        }
    }

    /// Keeps a store's bundle as it is there.
    func loader(_ name: String, into store: PolicyStore, folder: String, clock: any WallClock) -> BundleLoader {
        switch place {
        case .path(let path):
            BundleLoader(
                name, from: LocalBundleSource(path: path, reader: reader), into: store, schedule: schedule,
                clock: clock)
        case .url(let url):
            BundleLoader(
                name,
                from: HTTPBundleSource(
                    url: url, headers: token.map { ["authorization": Secret("Bearer \($0.expose())")] } ?? [:],
                    reader: reader, fetcher: HTTPBundleFetcher(isSigned: isSigned)),
                into: store, schedule: schedule, keeping: KeptBundle(folder: folder, reader: reader), clock: clock)
        }
    }
}

extension ConfiguredBundle {
    /// As the gate's settings name it.
    init(_ source: BundleSettings) {
        place =
            switch source.location {
            case .path(let path): .path(path)
            case .url(let url): .url(url)
            }
        token = source.token
        schedule = BundlePoller.Schedule(minimum: source.polling, maximum: source.polling * 2)
        reader = BundleReader(verification: source.signing.map(Self.verification))
    }

    /// A key without an id verifies whatever key a signature names.
    private static func verification(_ signing: BundleSettings.Signing) -> BundleVerification {
        let key = BundleVerification.Key(signing.key, algorithm: signing.algorithm)
        guard let id = signing.keyID else {
            return BundleVerification(keys: ["configured": key], keyID: "configured", scope: signing.scope ?? "")
        }
        return BundleVerification(keys: [id: key], scope: signing.scope ?? "")
    }
}
