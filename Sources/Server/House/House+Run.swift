import Channels
import Core
import Gate
import Integrations
import Ledger
import Logging
import Models
import NIOCore
import Observe
import Policy
import ServiceLifecycle
import Store
import Synchronization
import UnixSignals

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension House {
    /// Opens the doors and serves until the process is told to stop (SIGTERM, SIGINT), or `stop` returns.
    ///
    /// What is in flight when it stops is finished, or recorded as unknown when the time for that is over.
    /// - Parameters:
    ///   - signals: whether signals stop and reload (SIGHUP) it; a house within another command leaves them alone.
    ///   - work: called once all doors are open; when it returns, the house stops. Nil serves until told to stop.
    public func run(signals: Bool = true, while work: (@Sendable (Doors) async throws -> Void)? = nil) async throws {
        logWarnings()
        let opened = AsyncStream.makeStream(of: Void.self)
        // They end in reverse: telemetry when nothing happens any more.
        let export = TelemetryExport(telemetry, logger: logger) { try GzipText.compress($0, level: 1) }
        var services: [any Service] = [
            export, gate, EventCounting(gate: gate, metrics: metrics), PolicyFeeds(policy: policy),
            ModelKeeping(gateway: models),
            VaultKeeping(privacy: models.privacy.shared, table: vaults, gate: gate, logger: logger), federation,
            integrations, workflows.engine, channels,
        ]
        if signals { services.append(Reloading(house: self)) }
        let listeners = makeListeners()
        services += listeners.map { listener in
            listener.service { [self] in note($0, of: listener, opened.continuation) }
        }
        if let work { services.append(Working(doors: listeners.count, opened: opened.stream, house: self, work: work)) }
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(
                    service: NamedService(service: $0), successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup)
            }, gracefulShutdownSignals: signals ? [.sigterm, .sigint] : [], logger: quiet)
        configuration.maximumGracefulShutdownDuration = limits.shutdownTime
        let result = await Result { try await ServiceGroup(configuration: configuration).run() }
        unlink(folder.file(Self.socketName))
        await close()
        do { try result.get() } catch let error as IOError { throw cannotListen(error) }
    }

    /// What the configuration says that should be changed.
    func logWarnings() {
        for warning in current.withLock({ $0.warnings }) {
            logger.warning("configuration", metadata: ["problem": "\(warning)"])
        }
    }

    private func cannotListen(_ error: IOError) -> GatehouseError {
        var place = folder.file(Self.socketName)
        if case .tcp(let host, let port)? = listen { place = "\(host):\(port)" }
        return GatehouseError(
            "gatehouse", error.errnoCode == EADDRINUSE ? .conflict : .unavailable, "cannot listen on \(place)",
            from: error,
            hint: "choose another address with --listen")
    }

    /// Gives up everything that is kept. After ``run(signals:while:)`` there is nothing left to do.
    public func close() async {
        await models.shutdown()
        await ledger.close()
        do { try store.close() } catch { logger.error("the store did not close well", metadata: ["error": "\(error)"]) }
        folder.release()
    }

    var limits: HTTPLimits { current.withLock { $0.server.limits } }

    /// The service group's own words are for debugging.
    private var quiet: Logger {
        var quiet = logger
        quiet.logLevel = max(.warning, logger.logLevel)
        return quiet
    }

    private func makeListeners() -> [Listener] {
        let door = makeFrontDoor()
        var addresses: [Listener.Address] = [.unixSocket(path: folder.file(Self.socketName))]
        if case .tcp(let host, let port)? = listen { addresses.append(.tcp(host: host, port: port)) }
        return addresses.map { address in
            Listener(address: address, limits: limits, refusals: metrics.refusals, logger: quiet) {
                request, peer, wire in
                await door.respond(to: request, from: peer, over: wire)
            }
        }
    }

    private func note(_ address: SocketAddress?, of listener: Listener, _ opened: AsyncStream<Void>.Continuation) {
        if case .tcp(let host, let port) = listener.address {
            let shown = host.contains(":") ? "[\(host)]" : host
            let url = "http://\(shown):\(address?.port ?? port)"
            reached.withLock { $0 = Doors(address: url, socket: $0.socket) }
            logger.info("listening", metadata: ["address": .string(url)])
        }
        opened.yield()
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ work: () async throws -> Success) async {
        do { self = .success(try await work()) } catch { self = .failure(error) }
    }
}

/// The group logs what a service prints as: its name here, and not all that it holds.
private struct NamedService: Service, CustomStringConvertible {
    let service: any Service

    var description: String { String(describing: type(of: service)) }

    func run() async throws { try await service.run() }
}

/// Runs somebody's work in an open house, and closes it afterwards.
private struct Working: Service {
    let doors: Int
    let opened: AsyncStream<Void>
    let house: House
    let work: @Sendable (House.Doors) async throws -> Void

    func run() async throws {
        var left = doors
        for await _ in opened {
            left -= 1
            if left == 0 { break }
        }
        do {
            try await cancelWhenGracefulShutdown { try await work(house.doors) }
        } catch is CancellationError where Task.isShuttingDownGracefully {
            // It was told to stop, which is no failure.
        }
    }
}

/// Counts what the gate tells, for `/metrics`.
private struct EventCounting: Service {
    let gate: Gate
    let metrics: Metrics

    func run() async throws {
        let events = gate.events
        await cancelWhenGracefulShutdown {
            for await batch in events.subscribe() {
                for event in batch.events { metrics.events.add(1, [event.kind.rawValue]) }
            }
        }
    }
}

/// Reads the configuration again on SIGHUP.
private struct Reloading: Service {
    let house: House

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { await house.reload() }
    }
}
