import Core
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What processes take, by their session (setsid(2)), as `/proc` tells it (proc(5)). Looked through for all who ask within
/// a moment once.
final class ProcessTable: Sendable {
    struct Usage: Sendable, Hashable {
        /// Bytes that are resident.
        var memory: Int64 = 0
        /// Of what has ended, too, as far as it was waited for.
        var processor: Duration = .zero
    }

    static let shared = ProcessTable()

    private struct State {
        var usages: [Int32: Usage] = [:]
        var good = ContinuousClock.now
    }

    private let state = Mutex(State())

    /// - Parameter session: the process that began it.
    /// - Returns: nil where nothing is in it any more, or nobody tells.
    func usage(of session: Int32, notOlderThan age: Duration) -> Usage? {
        state.withLock { state in
            if state.good <= .now {
                state.usages = Self.look()
                state.good = .now + age
            }
            return state.usages[session]
        }
    }

    private static func look() -> [Int32: Usage] {
        guard let folder = opendir("/proc") else { return [:] }
        defer { closedir(folder) }
        var usages: [Int32: Usage] = [:]
        var buffer = [UInt8](repeating: 0, count: 4096)
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let pid = Int32(name), let stat = read("/proc/\(pid)/stat", &buffer) else { continue }
            add(stat, to: &usages)
        }
        return usages
    }

    /// A line of `/proc/PID/stat`. The program's name, in parentheses, may hold anything.
    private static func add(_ stat: String, to usages: inout [Int32: Usage]) {
        guard let name = stat.lastIndex(of: ")") else { return }
        // The state, the third of the fields, is the first of these.
        let fields = stat[stat.index(after: name)...].split(separator: " ")
        guard fields.count > 21, let session = Int32(fields[3]), let pages = Int64(fields[21]) else { return }
        let ticks = fields[11...14].reduce(0.0) { $0 + (Double($1) ?? 0) }
        usages[session, default: Usage()].memory += pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
        usages[session, default: Usage()].processor += .seconds(ticks / Double(sysconf(Int32(_SC_CLK_TCK))))
    }

    private static func read(_ path: String, _ buffer: inout [UInt8]) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let count = pread(file, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}
