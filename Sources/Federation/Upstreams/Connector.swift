import AsyncHTTPClient
import Core
import MCP
import Synchronization

/// Makes connections to servers as their settings say.
protocol Connector: Sendable {
    /// - Parameter authorizer: of whoever uses the server, where each has an authorization of their own.
    func connect(
        _ settings: UpstreamSettings, _ authorizer: (any MCPAuthorizer)?,
        onChange: @escaping @Sendable (Change) -> Void
    ) throws -> any UpstreamConnection
    /// When no more are needed.
    func shutdown() async
}

final class MCPConnector: Connector {
    private let version: String
    private let interval: Duration
    private let http = Mutex<HTTPClient?>(nil)

    /// - Parameter interval: after which it is looked again at what servers' processes take.
    init(version: String, interval: Duration = .seconds(2)) {
        self.version = version
        self.interval = interval
    }

    func connect(
        _ settings: UpstreamSettings, _ authorizer: (any MCPAuthorizer)?,
        onChange: @escaping @Sendable (Change) -> Void
    ) throws -> any UpstreamConnection {
        switch settings.reach {
        case .process(let program, let arguments, let environment, let folder):
            let watch = ProcessWatch(server: settings.name, limits: settings.limits, interval: interval)
            let started = AsyncStream<Int32>.makeStream()
            let (command, line) = watch.command(program, arguments)
            let transport = StdioTransport(
                ServerCommand(command, line, environment: environment.mapValues { $0.expose() }, folder: folder)
            ) { started.continuation.yield($0) }
            return MCPConnection(settings, over: transport, version: version, onChange: onChange) {
                for await pid in started.stream { try await watch.hold(pid) }
            }
        case .http(let url, let headers):
            let transport = HTTPTransport(
                url, client: client,
                headers: headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) },
                authorizer: authorizer)
            return MCPConnection(settings, over: transport, version: version, onChange: onChange)
        }
    }

    /// Made when the first server over HTTP is spoken to.
    private var client: HTTPClient {
        http.withLock { http in
            if let http { return http }
            let made = HTTPTransport.makeClient()
            http = made
            return made
        }
    }

    func shutdown() async { try? await http.withLock { $0.take() }?.shutdown() }
}
