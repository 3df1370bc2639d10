public import Core
internal import Crypto
internal import Rego

/// Where a bundle comes from.
public protocol BundleSource: Sendable {
    /// - Parameter known: the tag of what was loaded last; nil to load in any case.
    /// - Returns: nil when it is still that.
    /// - Throws: whatever the reader does, or that the place cannot be reached.
    func load(unless known: String?) async throws(GatehouseError) -> LoadedBundle?
}

public struct LoadedBundle: Sendable {
    public var bundle: Bundle
    /// Names this content; another content has another.
    public var tag: String?
    /// What it was read from, to be kept for a start without the source.
    public var archive: [UInt8]?

    public init(_ bundle: Bundle, tag: String?, archive: [UInt8]? = nil) {
        self.bundle = bundle
        self.tag = tag
        self.archive = archive
    }
}

/// A folder or an archive on this machine.
public struct LocalBundleSource: BundleSource {
    public var path: String
    public var reader: BundleReader

    public init(path: String, reader: BundleReader = BundleReader()) {
        self.path = path
        self.reader = reader
    }

    @concurrent
    public func load(unless known: String?) async throws(GatehouseError) -> LoadedBundle? {
        let bundle = try reader.read(path: path)
        let tag = Hex.encode(Revision.digest(of: bundle))
        return tag == known ? nil : LoadedBundle(bundle, tag: tag)
    }
}

/// Fetches over HTTP. Whoever implements it holds the body to the limit and follows no redirect to another host with
/// the headers.
public protocol BundleFetcher: Sendable {
    /// - Throws: `unavailable`, `timeout`, `denied` (401, 403), `not_found`, `too_large`.
    func fetch(_ request: BundleRequest) async throws(GatehouseError) -> BundleResponse
}

public struct BundleRequest: Sendable, Hashable {
    public var url: String
    public var headers: [String: Secret]
    /// To be sent as `If-None-Match`.
    public var etag: String?
    /// Of the body, in bytes.
    public var limit: Int
}

public enum BundleResponse: Sendable, Hashable {
    /// 304
    case notModified
    /// 200
    case body([UInt8], etag: String?)
}

/// An archive on an HTTP server.
public struct HTTPBundleSource: BundleSource {
    public var url: String
    public var headers: [String: Secret]
    public var reader: BundleReader
    private let fetcher: any BundleFetcher

    public init(
        url: String, headers: [String: Secret] = [:], reader: BundleReader = BundleReader(), fetcher: any BundleFetcher
    ) {
        self.url = url
        self.headers = headers
        self.reader = reader
        self.fetcher = fetcher
    }

    public func load(unless known: String?) async throws(GatehouseError) -> LoadedBundle? {
        let request = BundleRequest(url: url, headers: headers, etag: known, limit: reader.limits.archiveBytes)
        switch try await fetcher.fetch(request) {
        case .notModified:
            guard known != nil else {
                throw GatehouseError("policy", .unavailable, "\(url) says not modified, which was not asked")
            }
            return nil
        case .body(let bytes, let etag): return LoadedBundle(try await read(bytes), tag: etag, archive: bytes)
        }
    }

    @concurrent
    private func read(_ bytes: [UInt8]) async throws(GatehouseError) -> Bundle { try reader.read(archive: bytes) }
}
