import Core
import JSON
import Synchronization

/// The server as it was found.
struct Peer: Sendable {
    var version: ProtocolVersion
    var description: ServerDescription
    /// Tells one session from the next.
    var number: Int64
}

/// Finds out what the server speaks (2026-07-28, Versioning and Compatibility): it is asked to describe itself in the
/// newest revision, and only one that does not know what that means is offered a session.
extension MCPClient {
    func negotiate() async throws -> Peer {
        guard let preferred = versions.filter(\.isStateless).max() else { return try await initialize() }
        var found = try await probe(preferred)
        if case .speaks(let theirs) = found {
            let common = theirs.filter(versions.contains)
            guard !common.isEmpty else { throw nothingInCommon(theirs) }
            guard let version = common.filter(\.isStateless).max() else { return try await initialize() }
            found = try await probe(version)
            if case .speaks = found { throw nothingInCommon(theirs) }
        }
        guard case .peer(let peer) = found else { return try await initialize() }
        return peer
    }

    private enum Probe {
        case peer(Peer)
        /// A server of this age that does not speak the revision asked for.
        case speaks([ProtocolVersion])
        case legacy
    }

    private func probe(_ version: ProtocolVersion) async throws -> Probe {
        let mayBeLegacy = versions.contains { !$0.isStateless }
        do {
            let answer = try await exchange(Method.discover, [:], version, .now + limits.probeTime)
            return try described(DiscoverResult(answer), version)
        } catch let error as RPCError {
            switch error.code {
            case RPCError.Code.unsupportedVersion:
                let theirs = error.data?["supported"]?.array?.compactMap(\.string) ?? []
                return .speaks(theirs.map(ProtocolVersion.init(rawValue:)))
            case RPCError.Code.headerMismatch, RPCError.Code.missingCapability: throw error
            default: return try legacy(orThrow: error, mayBeLegacy)
            }
        } catch let error as TransportError {
            return try legacy(orThrow: error, mayBeLegacy && (400..<500).contains(error.status) && error.status != 429)
        } catch let error as GatehouseError {
            return try legacy(orThrow: error, mayBeLegacy && error.code == .timeout)
        }
    }

    private func legacy(orThrow error: any Error, _ mayBe: Bool) throws -> Probe {
        guard mayBe else { throw error }
        return .legacy
    }

    private func described(_ result: DiscoverResult, _ version: ProtocolVersion) throws -> Probe {
        let theirs = result.supportedVersions
        guard theirs.contains(version) else { return .speaks(theirs) }
        let info = result.serverInfo ?? result.json["serverInfo"].flatMap { try? Implementation($0) }
        let description = ServerDescription(
            info: info ?? Implementation(name: "", version: ""), capabilities: result.capabilities,
            instructions: result.instructions, versions: theirs, caching: result.caching ?? .none)
        return .peer(peer(version, description))
    }

    /// Opens a session (2025-11-25, Lifecycle).
    private func initialize() async throws -> Peer {
        guard let version = versions.filter({ !$0.isStateless }).max() else { throw nothingInCommon([]) }
        let params = InitializeParams(version, capabilities: capabilities, clientInfo: info)
        let answer = try await exchange(Method.initialize, params.json, version, .now + limits.probeTime * 3)
        let result: InitializeResult
        do throws(RPCError) { result = try InitializeResult(answer) } catch {
            throw MCPFailure.malformed("the server's answer to initialize has not the form of one", error)
        }
        guard versions.contains(result.version) || result.version == .v2025_03_26 else {
            throw nothingInCommon([result.version])
        }
        transport.sessionBegan(result.version)
        try await transport.send(.notification(method: Method.initialized, params: nil), version: result.version)
        let description = ServerDescription(
            info: result.serverInfo, capabilities: result.capabilities, instructions: result.instructions,
            versions: [result.version])
        return peer(result.version, description)
    }

    private func peer(_ version: ProtocolVersion, _ description: ServerDescription) -> Peer {
        let number = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return Peer(version: version, description: description, number: number)
    }

    private func nothingInCommon(_ theirs: [ProtocolVersion]) -> GatehouseError {
        let (names, ours) = (theirs.prefix(8).map { $0.rawValue.prefix(40) }, versions.map(\.rawValue))
        return GatehouseError(
            "mcp", .unsupported,
            "the server speaks \(names.isEmpty ? "no revision that is known" : names.joined(separator: ", "))",
            hint: "spoken here: \(ours.joined(separator: ", "))")
    }
}

extension ProtocolVersion {
    /// Accepted of a server that knows no newer one: what a client does is the same in it.
    static let v2025_03_26 = ProtocolVersion(rawValue: "2025-03-26")
}
