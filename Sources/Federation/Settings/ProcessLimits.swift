import Config
import Core
import JSON

/// What one server's process, with all that it starts itself, may take of this machine. Past one of these it is ended, and
/// begun again as after a crash.
public struct ProcessLimits: Sendable, Hashable {
    /// Bytes of memory of its own: what it shares with others does not count.
    public var memory: Int64 = 2 << 30
    /// Of processor time, in one life.
    public var processor: Duration = .seconds(3600)
    /// Files, sockets and pipes that are open at once, in each process.
    public var files = 1024

    public init() {}

    static let fields = [
        Field(
            "memory", .bytes, "Memory of its own, that of all processes which it starts included.", default: "2GiB"),
        Field("processor", .duration, "Processor time in one life; after that it is begun again.", default: "1h"),
        Field("files", .int(16...1_000_000), "Files, sockets and pipes open at once, in each process.", default: 1024),
    ]

    /// - Parameter node: read with ``fields``; what it does not say is as it was.
    mutating func take(_ node: ConfigNode) throws {
        if let bytes = try node.optionalBytes("memory") {
            guard bytes >= 16 << 20 else { throw node.error("a server needs 16 MiB of memory at the least") }
            memory = bytes
        }
        if let time = try node.optionalDuration("processor") {
            guard time >= .seconds(1) else {
                throw node.error("a server needs a second of processor time at the least")
            }
            processor = time
        }
        if let count = try node.optionalInt("files") { files = count }
    }
}
