import AsyncHTTPClient
import Core
import Logging
import Server

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs some work as a client of the house on the data folder: the one that runs there, or else one of our own, which
/// listens on its unix socket only and ends with the work. Both ways lead through the same routes.
func withHouse<T: Sendable>(_ options: HouseOptions, _ work: @escaping @Sendable (HouseClient) async throws -> T)
    async throws -> T
{
    let socket = options.dataFolder + "/" + House.socketName
    if RunningHouse.answers(on: socket) { return try await use(socket, work) }
    let house = try await House.open(
        dataDirectory: options.dataFolder, configuration: try options.configuration(), version: Version.text,
        logger: LogSetup.quiet())
    let result = Kept<T>()
    try await house.run(signals: false) { doors in result.keep(try await use(doors.socket, work)) }
    return try result.get()
}

/// Only the house that runs: for what makes no sense without one.
func withRunningHouse<T: Sendable>(_ options: HouseOptions, _ work: @Sendable (HouseClient) async throws -> T)
    async throws -> T
{
    let socket = options.dataFolder + "/" + House.socketName
    guard RunningHouse.answers(on: socket) else {
        throw GatehouseError(
            "gatehouse", .unavailable, "no Gatehouse runs on \(options.dataFolder)", hint: "start it with: gatehouse up"
        )
    }
    return try await use(socket, work)
}

private func use<T: Sendable>(_ socket: String, _ work: @Sendable (HouseClient) async throws -> T) async throws -> T {
    let http = HTTPClient(eventLoopGroupProvider: .singleton)
    do {
        let result = try await work(HouseClient(socket: socket, http: http))
        try await http.shutdown()
        return result
    } catch {
        try? await http.shutdown()
        throw error
    }
}

enum RunningHouse {
    /// Whether somebody listens on a unix socket: the file alone may be left from a process that was killed.
    static func answers(on path: String) -> Bool {
        var address = sockaddr_un()
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else { return false }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
