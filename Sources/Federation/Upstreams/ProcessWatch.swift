import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Holds a server's process, with all that it starts itself, to its limits.
///
/// The kernel holds each process to the number of its files, and to twice the memory, by prlimit(1) where there is one; what
/// they take together is looked at here from time to time, and what passes a limit is ended with words that say why.
struct ProcessWatch: Sendable {
    let server: String
    let limits: ProcessLimits
    var interval = Duration.seconds(2)

    /// Of util-linux; nil where there is none.
    static let prlimit: String? = ["/usr/bin/prlimit", "/bin/prlimit"].first { (path: String) in
        access(path, X_OK) == 0
    }

    /// The command line that begins a program under the limits that the kernel keeps.
    func command(_ program: String, _ arguments: [String]) -> (program: String, arguments: [String]) {
        guard let prlimit = Self.prlimit else { return (program, arguments) }
        let data = limits.memory.multipliedReportingOverflow(by: 2)
        let most = data.overflow ? limits.memory : data.partialValue
        return (
            prlimit, ["--nofile=\(limits.files)", "--core=0", "--data=\(most)", "--", program] + arguments
        )
    }

    /// - Parameter pid: of the process, which has begun a session of its own.
    /// - Throws: `exhausted` when it takes more than it may; `CancellationError`.
    func hold(_ pid: Int32) async throws {
        while true {
            try await Task.sleep(for: interval)
            guard let usage = ProcessTable.shared.usage(of: pid, notOlderThan: interval / 2) else { continue }
            guard usage.memory <= limits.memory else {
                throw passed("\(usage.memory >> 20) MiB of memory", "\(limits.memory >> 20) MiB", "memory")
            }
            guard usage.processor <= limits.processor else {
                throw passed(
                    "\(usage.processor.components.seconds) s of processor time",
                    "\(limits.processor.components.seconds) s", "processor")
            }
        }
    }

    private func passed(_ taken: String, _ most: String, _ limit: String) -> GatehouseError {
        GatehouseError(
            "mcp", .exhausted, "it took \(taken), and may take \(most)",
            hint: "raise mcpServers.\(server).limits.\(limit) if it needs that much")
    }
}
