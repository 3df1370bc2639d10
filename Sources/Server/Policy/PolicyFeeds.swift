import AsyncHTTPClient
import Core
import NIOCore
import NIOHTTP1
import Policy
import ServiceLifecycle
import Web

/// Everything of policy that lives as long as the house: looks where bundles come from, and hands on decisions.
struct PolicyFeeds: Service {
    let policy: HousePolicy

    func run() async throws {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: .seconds(5))
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled { await feed(with: client) }
        }
        if let upload = policy.settings.api.upload {
            await policy.log.flush(DecisionUploader(settings: upload, client: client))
        }
        try await client.shutdown()
    }

    /// Until the settings change, or the task is cancelled.
    private func feed(with client: HTTPClient) async {
        await withTaskGroup(of: Void.self) { group in
            for loader in policy.bundleLoaders {
                group.addTask { await follow(loader) }
            }
            if let upload = policy.settings.api.upload {
                group.addTask { await policy.log.run(DecisionUploader(settings: upload, client: client)) }
            }
            await policy.changed.wait()
            group.cancelAll()
        }
    }

    private func follow(_ loader: BundleLoader) async {
        while !Task.isCancelled {
            let delay = await policy.poll(loader)
            do { try await Task.sleep(for: delay) } catch { return }
        }
    }
}

/// Sends batches of decisions as OPA does.
struct DecisionUploader: DecisionLogDestination {
    let settings: PolicyAPISettings.Upload
    let client: HTTPClient

    func upload(_ batch: [UInt8]) async throws {
        let partition = settings.partition.map { "/\(Percent.encode($0))" } ?? ""
        var request = HTTPClientRequest(url: "\(settings.url)/logs\(partition)")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "content-encoding", value: "gzip")
        if let token = settings.token { request.headers.add(name: "authorization", value: "Bearer \(token.expose())") }
        request.body = .bytes(ByteBuffer(bytes: batch))
        let response = try await client.execute(
            request, timeout: .microseconds(max(1, settings.timeout.microseconds)))
        // What it says does not matter; a connection is used again only when all of it was read.
        _ = try? await response.body.collect(upTo: 64 << 10)
        switch response.status.code {
        case 200..<300: return
        case 413: throw GatehouseError("policy", .tooLarge, "the decision log's server takes no \(batch.count) bytes")
        case let status:
            throw GatehouseError("policy", .unavailable, "the decision log's server answered \(status)")
        }
    }
}
