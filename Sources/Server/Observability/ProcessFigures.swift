import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the kernel says about this process, under the names that Prometheus clients use.
enum ProcessFigures {
    static let started = SystemWallClock().now()

    static var gauges: [Gauge] {
        [
            Gauge("gatehouse_process_cpu_seconds_total", "CPU time used, user and system.", isTotal: true) {
                cpuSeconds()
            },
            Gauge("gatehouse_process_resident_memory_bytes", "Memory held.") { residentBytes() },
            Gauge("gatehouse_process_open_fds", "Open file descriptors.") { openDescriptors() },
            Gauge("gatehouse_process_start_time_seconds", "When the process began, in seconds since 1970.") {
                Double(started.microseconds) / 1e6
            },
        ]
    }

    static func cpuSeconds() -> Double? {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func residentBytes() -> Double? {
        guard let file = fopen("/proc/self/statm", "r") else { return nil }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 256)
        guard fgets(&buffer, 256, file) != nil else { return nil }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Double(fields[1]) else { return nil }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    static func openDescriptors() -> Double? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0.0
        while readdir(directory) != nil { count += 1 }
        return max(0, count - 3)  // itself, "." and ".."
    }
}
