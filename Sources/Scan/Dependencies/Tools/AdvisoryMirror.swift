import AsyncHTTPClient
public import Core
import Gate
import NIOCore
import NIOHTTP1

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Fetches what others publish: advisories as OSV lays them out (`<mirror>/<ecosystem>/all.zip`), and the catalogues of
/// exploited vulnerabilities. Over TLS, or from this machine; bounded in size and time; to a file.
public struct AdvisoryMirror: Sendable {
    public static let standard = "https://osv-vulnerabilities.storage.googleapis.com"
    static let knownExploited = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
    static let predictions = "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"

    static let maximumBytes = 2 << 30
    private static let time = TimeAmount.minutes(20)

    let base: String

    /// - Throws: `invalid` for an address that others could read along or change on its way.
    public init(_ base: String) throws(GatehouseError) {
        let isLocal = ["http://127.0.0.1", "http://[::1]", "http://localhost"].contains { mark in
            guard base.hasPrefix(mark) else { return false }
            let next = base.dropFirst(mark.count).first
            return next == nil || next == ":" || next == "/"
        }
        guard base.hasPrefix("https://") || isLocal else {
            throw GatehouseError(
                "scan", .invalid, "\(base.prefix(200)) is no https:// address", hint: "give one, or import a file")
        }
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
    }

    func address(of ecosystem: String) -> String {
        "\(base)/\(ecosystem.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "%20"))/all.zip"
    }

    /// Fetches into a file.
    /// - Returns: the date that the answer gives of what it holds, where it gives one.
    /// - Throws: `unavailable`, `tooLarge`.
    func fetch(_ address: String, to path: String, report: @Sendable (Progress) -> Void) async throws -> Timestamp? {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: .seconds(10), read: .seconds(60))
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let date = try await fetch(address, to: path, with: client, report: report)
            try await client.shutdown()
            return date
        } catch {
            try? await client.shutdown()
            throw error as? GatehouseError
                ?? GatehouseError("scan", .unavailable, "\(address) could not be fetched", from: error)
        }
    }

    private func fetch(
        _ address: String, to path: String, with client: HTTPClient, report: @Sendable (Progress) -> Void
    ) async throws -> Timestamp? {
        let response = try await client.execute(HTTPClientRequest(url: address), timeout: Self.time)
        guard response.status == .ok else {
            throw GatehouseError("scan", .unavailable, "\(address) answered \(response.status.code)")
        }
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw GatehouseError("scan", .unavailable, "cannot write \(path)") }
        defer { close(file) }
        var count = 0
        for try await part in response.body {
            count += part.readableBytes
            guard count <= Self.maximumBytes else {
                throw GatehouseError("scan", .tooLarge, "\(address) has more than \(Self.maximumBytes) bytes")
            }
            let whole = part.withUnsafeReadableBytes { bytes in
                var done = 0
                while done < bytes.count {
                    let written = write(file, bytes.baseAddress?.advanced(by: done), bytes.count - done)
                    if written < 0, errno == EINTR { continue }
                    guard written > 0 else { return false }
                    done += written
                }
                return true
            }
            guard whole else { throw GatehouseError("scan", .exhausted, "cannot write \(path): is the disk full?") }
            report(Progress(stage: "fetching \(address)", done: count))
        }
        return response.headers.first(name: "last-modified").flatMap(HTTPDate.read)
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func read(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ")
        guard words.count == 6, let month = months.firstIndex(where: { $0 == words[2] }) else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp("\(words[3])-\(number)-\(words[1])T\(words[4])Z")
    }
}
