#if canImport(Glibc)
    public import Glibc
#elseif canImport(Musl)
    public import Musl
#endif

/// A process of a program that stands beside the tests' own: it says lines until it is killed.
public struct ProbeProcess: Sendable {
    public struct Odd: Error, CustomStringConvertible {
        public let description: String
    }

    public let process: pid_t
    /// What it says, to be read from.
    public let output: CInt

    public init(_ program: String, _ arguments: [String]) throws {
        let path = try Self.path(of: program)
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else { throw Odd(description: "no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var pointers = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process = pid_t()
        let failed = posix_spawn(&process, path, &actions, nil, &pointers, environ)
        close(ends[1])
        guard failed == 0 else { throw Odd(description: "cannot start \(path)") }
        self.process = process
        output = ends[0]
    }

    private static func path(of program: String) throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw Odd(description: "no path of this program") }
        let here = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
        return here[..<(here.lastIndex(of: "/") ?? here.startIndex)] + "/\(program)"
    }

    /// - Parameter patience: milliseconds that it may say nothing; without it, any time.
    /// - Returns: nil where it has ended, or was silent for longer.
    public func line(patience: CInt = -1) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while isSaying(within: patience), read(output, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }

    private func isSaying(within patience: CInt) -> Bool {
        var waited = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        return poll(&waited, 1, patience) > 0
    }

    /// - Returns: whether it was killed, and had not ended by itself.
    public func killed() -> Bool {
        kill(process, SIGKILL)
        return status() == nil
    }

    /// The status that it ended with by itself; nil where a signal ended it.
    public func status() -> CInt? {
        var chunk = [UInt8](repeating: 0, count: 4096)
        while read(output, &chunk, chunk.count) > 0 {}
        close(output)
        var status: CInt = 0
        waitpid(process, &status, 0)
        return status & 0x7f == 0 ? status >> 8 & 0xff : nil
    }
}
